package io.scrapingagent.config;

import java.io.IOException;
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

/**
 * Where settings come from: layers of which a stronger one hides a weaker one, variable by
 * variable. Every variable is also a property, {@code MINUTE_TO_SCRAPE_AT} is {@code
 * minute.to.scrape.at}. An empty value counts as not set.
 */
public final class SettingsSource {

    private static final String FILE = "_FILE";

    /** The variable that says what a line of the log looks like. */
    static final String LOG_FORMAT = "LOG_FORMAT";

    private final List<Layer> layers;
    private final List<Map<String, String>> files;

    private SettingsSource(List<Layer> layers, List<Map<String, String>> files) {
        this.layers = layers;
        this.files = files;
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
        List<Map<String, String>> all = new ArrayList<>(files);
        all.addAll(0, List.of(systemProperties, environment));
        return new SettingsSource(all.stream().map(Layer::of).toList(), files);
    }

    /**
     * Returns where the settings of this process come from.
     *
     * @throws InvalidSettingsException when a file cannot be read
     */
    public static SettingsSource ofProcess() throws InvalidSettingsException {
        return of(strings(System.getProperties()), System.getenv(), AgentProperties.layers());
    }

    /** Returns properties as a map. */
    public static Map<String, String> strings(Properties properties) {
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
    }

    /** Returns the value of a variable in the strongest layer that has it. */
    public Optional<String> value(String variable) {
        return find(variable).map(SettingValue::value);
    }

    /** The value of a variable in the strongest layer that has it. */
    Optional<SettingValue> find(String variable) {
        return layers.stream().flatMap(layer -> layer.find(variable).stream()).findFirst();
    }

    /** As {@link #find}, for a secret, whose value may also be in a file. */
    Optional<SettingValue> findSecret(String variable, Findings findings) {
        return layers.stream()
                .filter(layer -> layer.hasSecret(variable))
                .findFirst()
                .flatMap(layer -> layer.findSecret(variable, findings));
    }

    /** Whether a secret was given, readable or not. */
    boolean hasSecret(String variable) {
        return layers.stream().anyMatch(layer -> layer.hasSecret(variable));
    }

    /** The variables whose names match, in their order. */
    Set<String> variables(Pattern name) {
        return layers.stream()
                .flatMap(layer -> layer.properties().keySet().stream())
                .map(SettingsSource::variable)
                .filter(name.asMatchPredicate())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    List<Layer> layers() {
        return layers;
    }

    /** Tells whether log lines are to be JSON, also where other settings are wrong. */
    public boolean wantsJsonLog() {
        return value(LOG_FORMAT).filter("json"::equalsIgnoreCase).isPresent();
    }

    /**
     * Returns what routes and beans read by name: the properties of all files, each with the value
     * that counts. Camel would read the files in another encoding, and an empty variable as a
     * value. Its own properties it reads itself.
     */
    Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        for (int i = files.size() - 1; i >= 0; i--) {
            properties.putAll(files.get(i));
        }
        properties.keySet().removeIf(name -> name.startsWith("camel."));
        properties.replaceAll((name, value) -> value(variable(name)).orElse(value));
        return properties;
    }

    /**
     * Without what editors and Windows add to a text: line ends, and a byte order mark, also as
     * Java reads it from the environment in a locale that is not UTF-8.
     */
    static String withoutFileMarks(String text) {
        return text.replaceFirst("\\A(\\uFEFF|\\uFFFD{3}|\u00EF\u00BB\u00BF)", "")
                .replaceFirst("[\\r\\n]+\\z", "");
    }

    /** The variable of a property. */
    static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    private static String property(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** The variables of one source, under their property names. */
    record Layer(Map<String, String> properties) {

        private static Layer of(Map<String, String> values) {
            Map<String, String> properties = new TreeMap<>();
            values.forEach(
                    (name, value) -> {
                        String text = withoutFileMarks(value);
                        // Kubernetes sets MANAGEMENT_PORT=tcp://… for a Service named management
                        boolean ofKubernetes =
                                name.endsWith("_PORT") && text.matches("(tcp|udp|sctp)://.*");
                        if (!text.isBlank() && !ofKubernetes) {
                            properties.put(property(name), text);
                        }
                    });
            return new Layer(properties);
        }

        /** The property names that begin so, in order. */
        List<String> propertiesUnder(String prefix) {
            return properties.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
        }

        Optional<SettingValue> find(String variable) {
            return Optional.ofNullable(properties.get(property(variable)))
                    .map(value -> new SettingValue(variable, value.strip()));
        }

        boolean hasSecret(String variable) {
            return properties.containsKey(property(variable))
                    || properties.containsKey(property(variable + FILE));
        }

        Optional<SettingValue> findSecret(String variable, Findings findings) {
            Optional<SettingValue> value =
                    Optional.ofNullable(properties.get(property(variable)))
                            .map(text -> new SettingValue(variable, text));
            Optional<SettingValue> file = find(variable + FILE);
            if (value.isPresent() && file.isPresent()) {
                findings.problem(
                        variable + " and " + file.get().label() + " are both set: set one");
                return Optional.empty();
            }
            return file.isPresent()
                    ? file.get().readFile(findings).map(text -> new SettingValue(variable, text))
                    : value;
        }
    }

    /**
     * The value somebody gave to a variable.
     *
     * @param label the variable to name in messages
     * @param value the value, never empty
     */
    record SettingValue(String label, String value) {

        /**
         * The UTF-8 text of the file that the value names, without a byte order mark and line ends
         * after it. It may be secret, so no message shows any of it.
         */
        Optional<String> readFile(Findings findings) {
            String reason;
            try {
                String content = withoutFileMarks(Files.readString(Path.of(value)));
                if (!content.isBlank()) {
                    return Optional.of(content);
                }
                reason = "the file is empty";
            } catch (NoSuchFileException | InvalidPathException e) {
                reason = "there is no such file";
            } catch (IOException e) {
                reason = "the file cannot be read as UTF-8 text";
            }
            findings.problem(label + "=" + value + ": " + reason);
            return Optional.empty();
        }

        @Override
        public String toString() {
            return label;
        }
    }
}
