package io.scrapingagent.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** Where {@code application.properties} is looked for, the strongest place first. */
public final class AgentProperties {

    /** The same places, as Camel wants them. */
    public static final String LOCATIONS =
            "file:config/application.properties;optional=true,"
                    + "file:application.properties;optional=true,"
                    + "classpath:io/scrapingagent/application.properties";

    private static final List<Path> FILES =
            List.of(Path.of("config", "application.properties"), Path.of("application.properties"));

    private AgentProperties() {}

    /**
     * Returns the properties of each place that has some, the strongest first.
     *
     * @throws InvalidSettingsException when a file cannot be read
     */
    public static List<Map<String, String>> layers() throws InvalidSettingsException {
        List<Map<String, String>> layers = new ArrayList<>();
        for (Path file : FILES) {
            if (Files.isRegularFile(file)) {
                try (InputStream in = Files.newInputStream(file)) {
                    layers.add(read(in));
                } catch (IOException | IllegalArgumentException e) {
                    throw InvalidSettingsException.ofFile(file, e);
                }
            }
        }
        layers.add(defaults());
        return layers;
    }

    /**
     * Tells whether a variable is one that Kubernetes sets for a Service, such as {@code
     * MANAGEMENT_PORT=tcp://10.0.0.1:80} for a Service named management.
     */
    public static boolean isOfKubernetes(String variable, String value) {
        return variable.endsWith("_PORT") && value.matches("(tcp|udp|sctp)://.*");
    }

    /** Returns the packaged defaults. */
    public static Map<String, String> defaults() {
        try (InputStream in =
                AgentProperties.class.getResourceAsStream(
                        "/io/scrapingagent/application.properties")) {
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns what system properties, environment variables or files set other than its default,
     * for Camel, which would read the files in another encoding. An empty value counts as not set,
     * as it does for the settings.
     */
    public static Map<String, String> given() {
        Map<String, String> given = new LinkedHashMap<>(ofFiles());
        for (String name : defaults().keySet()) {
            // Camel reads its own variables itself
            if (!name.startsWith("camel.")) {
                String variable = SettingsLayer.variable(name);
                Stream.of(System.getProperty(name), System.getenv(variable))
                        .filter(value -> value != null && !value.isBlank())
                        .findFirst()
                        .ifPresent(value -> given.put(name, value.strip()));
            }
        }
        return given;
    }

    private static Map<String, String> ofFiles() {
        Map<String, String> given = new LinkedHashMap<>();
        try {
            List<Map<String, String>> layers = layers();
            for (int i = layers.size() - 2; i >= 0; i--) {
                given.putAll(layers.get(i));
            }
        } catch (InvalidSettingsException e) {
            throw new IllegalStateException("The files were read before", e);
        }
        given.keySet().removeIf(name -> name.startsWith("camel."));
        return given;
    }

    private static Map<String, String> read(InputStream in) throws IOException {
        Properties properties = new Properties();
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        properties.load(new StringReader(SettingsLayer.withoutFileMarks(text)));
        Map<String, String> layer = new LinkedHashMap<>();
        properties.stringPropertyNames().forEach(n -> layer.put(n, properties.getProperty(n)));
        return layer;
    }
}
