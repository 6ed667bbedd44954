package io.scrapingagent.config;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where settings come from: layers, of which a stronger one hides a weaker one, variable by
 * variable. Strongest first, those of a process are
 *
 * <ol>
 *   <li>the system properties
 *   <li>the environment
 *   <li>{@code config/application.properties} in the working directory
 *   <li>{@code application.properties} in the working directory
 *   <li>the {@code application.properties} in the jar, which holds the defaults
 * </ol>
 *
 * <p>Every variable is also a property, {@code MINUTE_TO_SCRAPE_AT} is {@code minute.to.scrape.at}.
 * An empty value counts as not set.
 */
public final class SettingsSource {

    /** The files that a user may write, relative to the working directory, strongest first. */
    private static final List<Path> FILES =
            List.of(Path.of("config", "application.properties"), Path.of("application.properties"));

    /** After the name of a secret's variable: the value is the path of a file with the secret. */
    static final String FILE = "_FILE";

    /** The variable that says what a line of the log looks like. */
    static final String LOG_FORMAT = "LOG_FORMAT";

    private final List<Map<String, String>> files;
    private final List<Map<String, String>> layers;

    private SettingsSource(List<Map<String, String>> files, List<Map<String, String>> layers) {
        this.files = files;
        this.layers = layers;
    }

    /**
     * Returns the layers, strongest first: system properties, environment, then the files.
     *
     * @param systemProperties the system properties of the JVM
     * @param environment the environment variables
     * @param files the contents of property files, strongest first, defaults last
     */
    public static SettingsSource of(
            Map<String, String> systemProperties,
            Map<String, String> environment,
            List<Map<String, String>> files) {
        List<Map<String, String>> all = new ArrayList<>(List.of(systemProperties, environment));
        all.addAll(files);
        // in this order of names https_proxy wins over HTTPS_PROXY, as for curl and Python
        return new SettingsSource(files, all.stream().map(it -> layer(new TreeMap<>(it))).toList());
    }

    /**
     * Returns the five layers of this process.
     *
     * @throws InvalidSettingsException when a file cannot be read
     */
    public static SettingsSource ofProcess() throws InvalidSettingsException {
        List<Map<String, String>> files = new ArrayList<>();
        for (Path file : FILES) {
            files.add(read(file));
        }
        files.add(defaults());
        return of(strings(System.getProperties()), System.getenv(), files);
    }

    /** Returns the properties of a file, none if there is no such file. */
    static Map<String, String> read(Path file) throws InvalidSettingsException {
        try {
            return Files.exists(file) ? parsed(Files.readString(file)) : Map.of();
        } catch (IOException | IllegalArgumentException e) {
            // what the exception says may be a secret
            String problem =
                    "%s cannot be read (%s): %s"
                            .formatted(file, e.getClass().getSimpleName(), remedy(e, file));
            throw new InvalidSettingsException(List.of(problem));
        }
    }

    private static String remedy(Exception e, Path file) {
        if (e instanceof IllegalArgumentException) {
            return "write each backslash twice";
        } else if (Files.isDirectory(file)) {
            return "it is a directory";
        }
        return e instanceof CharacterCodingException
                ? "save it as UTF-8 text"
                : "let the agent read it";
    }

    /** Returns the defaults: the properties of the file in the jar. */
    public static Map<String, String> defaults() {
        String resource = "/io/scrapingagent/application.properties";
        try (InputStream in = SettingsSource.class.getResourceAsStream(resource)) {
            return parsed(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> parsed(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(withoutFileMarks(text)));
        return strings(properties);
    }

    /** Returns properties as a map. */
    public static Map<String, String> strings(Properties properties) {
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
    }

    /** Returns the values that are set, by property. The names given may be variables as well. */
    private static Map<String, String> layer(Map<String, String> values) {
        Map<String, String> layer = new TreeMap<>();
        values.forEach(
                (name, value) -> {
                    String text = withoutFileMarks(value);
                    // Kubernetes sets MANAGEMENT_PORT=tcp://… for a Service named management
                    boolean ofKubernetes =
                            name.endsWith("_PORT") && text.matches("(tcp|udp|sctp)://.*");
                    if (!text.isBlank() && !ofKubernetes) {
                        layer.put(property(name), text);
                    }
                });
        return layer;
    }

    /** Returns each layer alone, the strongest first. */
    List<SettingsSource> layers() {
        return layers.stream().map(it -> new SettingsSource(List.of(), List.of(it))).toList();
    }

    /**
     * Returns the value of a variable in the strongest layer that has it, without white space
     * around it.
     */
    public Optional<String> value(String variable) {
        return layers.stream()
                .filter(layer -> layer.containsKey(property(variable)))
                .findFirst()
                .map(layer -> layer.get(property(variable)).strip());
    }

    /**
     * As {@link #value}, for a secret: the value with its white space, or that of the file named
     * for it.
     */
    Optional<String> secret(String variable, SettingsReport report) {
        for (Map<String, String> layer : layers) {
            String value = layer.get(property(variable));
            String file = layer.get(property(variable + FILE));
            if (value != null && file != null) {
                report.problem("%s and %1$s%s are both set: set one".formatted(variable, FILE));
                return Optional.empty();
            } else if (file != null) {
                return readFile(variable + FILE, file.strip(), report);
            } else if (value != null) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    /**
     * Reads the UTF-8 text of the file that a variable names, without a byte order mark and line
     * ends after it. It may be secret, so no message shows any of it.
     */
    static Optional<String> readFile(String variable, String path, SettingsReport report) {
        String reason = "the file is empty";
        try {
            String content = withoutFileMarks(Files.readString(Path.of(path)));
            if (!content.isBlank()) {
                return Optional.of(content);
            }
        } catch (NoSuchFileException | InvalidPathException e) {
            reason = "there is no such file";
        } catch (IOException e) {
            reason = "the file cannot be read: " + remedy(e, Path.of(path));
        }
        if (isShown(path)) {
            report.wrong(variable, path, reason);
        } else {
            String allowed = reason + "; it must be the path of a file";
            report.wrong(variable, SettingsReport.MASK, allowed);
        }
        return Optional.empty();
    }

    /**
     * Tells whether a file's path may be shown: the file or its directory is there. Else it may be
     * the secret itself, which often has a slash in it, or begins with one.
     */
    private static boolean isShown(String path) {
        File file = new File(path);
        File directory = file.getParentFile();
        boolean named = directory != null && !directory.getName().isEmpty();
        return file.exists() || named && directory.isDirectory();
    }

    /** Returns the variables whose names match, in their order. */
    Set<String> variables(Pattern name) {
        return layers.stream()
                .flatMap(layer -> layer.keySet().stream())
                .map(SettingsSource::variable)
                .filter(name.asMatchPredicate())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Tells whether log lines are to be JSON, also where other settings are wrong. */
    public boolean wantsJsonLog() {
        return value(LOG_FORMAT).filter("json"::equalsIgnoreCase).isPresent();
    }

    /**
     * Returns what Camel, routes and beans read by name: the properties of all files, each with the
     * value that counts.
     */
    Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        for (int i = files.size() - 1; i >= 0; i--) {
            properties.putAll(files.get(i));
        }
        properties.replaceAll((name, value) -> value(variable(name)).orElse(value));
        return properties;
    }

    /**
     * Removes what editors and Windows add to a text: line ends, and a byte order mark, also as
     * Java reads it from the environment in a locale that is not UTF-8.
     */
    private static String withoutFileMarks(String text) {
        return text.replaceFirst("\\A(\\uFEFF|\\uFFFD{3}|\u00EF\u00BB\u00BF)", "")
                .replaceFirst("[\\r\\n]+\\z", "");
    }

    /** Returns the items of a comma-separated list. */
    static Stream<String> items(String list) {
        return Stream.of(list.split(",")).map(String::strip).filter(it -> !it.isEmpty());
    }

    /** Returns the variable of a property. */
    static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    private static String property(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
