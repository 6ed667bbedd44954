package io.scrapingagent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Loads settings as a user gives them, on top of what is required anyway. */
final class SettingsFixture {

    /** The packaged ones, of Kafka's the broker alone. */
    static final Map<String, String> DEFAULTS = defaults();

    static final Map<String, String> REQUIRED =
            Map.of(
                    "CONFLUENT_METRICS_API_KEY", "the-key",
                    "CONFLUENT_METRICS_API_SECRET", "the-secret",
                    "CONFLUENT_METRICS_CLUSTER_ID_LIST", "lkc-1");

    private SettingsFixture() {}

    private static Map<String, String> defaults() {
        Map<String, String> defaults = SettingsSource.defaults();
        defaults.keySet().removeIf(it -> it.matches("kafka\\.(?!bootstrap).*"));
        return Map.copyOf(defaults);
    }

    static Settings load(String... namesAndValues) throws InvalidSettingsException {
        return Settings.load(source(namesAndValues));
    }

    /** As {@link #load(String...)}, with more defaults. */
    static Settings load(Map<String, String> moreDefaults, String... namesAndValues)
            throws InvalidSettingsException {
        Map<String, String> defaults = new HashMap<>(DEFAULTS);
        defaults.putAll(moreDefaults);
        Map<String, String> environment = new HashMap<>(REQUIRED);
        environment.putAll(variables(namesAndValues));
        return Settings.load(SettingsSource.of(Map.of(), environment, List.of(defaults)));
    }

    /** The problems of settings that must not load. */
    static List<String> problems(String... namesAndValues) {
        return problems(source(namesAndValues));
    }

    /** The one problem of settings that must not load. */
    static String problem(String... namesAndValues) {
        return onlyOne(problems(namesAndValues));
    }

    static String problem(SettingsSource source) {
        return onlyOne(problems(source));
    }

    /** The one warning of settings. */
    static String warning(Settings settings) {
        return onlyOne(settings.warnings());
    }

    private static String onlyOne(List<String> lines) {
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }

    static List<String> problems(SettingsSource source) {
        try {
            Settings.load(source);
        } catch (InvalidSettingsException e) {
            return e.problems();
        }
        throw new AssertionError("settings were accepted");
    }

    static SettingsSource source(String... namesAndValues) {
        return source(variables(namesAndValues));
    }

    static SettingsSource source(Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(REQUIRED);
        environment.putAll(variables);
        return SettingsSource.of(Map.of(), environment, List.of(DEFAULTS));
    }

    static Map<String, String> variables(String... namesAndValues) {
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            variables.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return variables;
    }
}
