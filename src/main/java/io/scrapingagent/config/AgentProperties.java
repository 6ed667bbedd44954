package io.scrapingagent.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

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
    static List<Map<String, String>> layers() throws InvalidSettingsException {
        List<Map<String, String>> layers = new ArrayList<>();
        for (Path file : FILES) {
            if (Files.isRegularFile(file)) {
                try (InputStream in = Files.newInputStream(file)) {
                    layers.add(read(in));
                } catch (IOException | IllegalArgumentException e) {
                    // what the exception says may be a secret
                    String remedy =
                            e instanceof IOException
                                    ? "let the agent read it"
                                    : "write each backslash twice, or \\u and four hexadecimal"
                                            + " digits";
                    throw new InvalidSettingsException(
                            List.of(
                                    "%s cannot be read (%s): %s"
                                            .formatted(
                                                    file, e.getClass().getSimpleName(), remedy)));
                }
            }
        }
        layers.add(defaults());
        return layers;
    }

    /** Returns the packaged defaults. */
    public static Map<String, String> defaults() {
        String resource = "/io/scrapingagent/application.properties";
        try (InputStream in = AgentProperties.class.getResourceAsStream(resource)) {
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> read(InputStream in) throws IOException {
        Properties properties = new Properties();
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        properties.load(new StringReader(SettingsSource.withoutFileMarks(text)));
        return SettingsSource.strings(properties);
    }
}
