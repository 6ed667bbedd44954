package io.scrapingagent.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Loads settings as a user gives them, on top of what is required anyway. */
final class SettingsFixture {

    static final Map<String, String> DEFAULTS =
            Map.of(
                    "confluent.metrics.host",
                    "https://api.telemetry.confluent.cloud",
                    "confluent.metrics.requests.per.minute",
                    "50",
                    "metrics.delivery",
                    "exactly-once",
                    "metrics.topic",
                    "confluent-metrics",
                    "minute.to.scrape.at",
                    "5",
                    "metrics.api.retention.hours",
                    "168",
                    "global.log.level",
                    "INFO",
                    "metrics.principal.tag",
                    "principal",
                    "kafka.bootstrap.servers",
                    "localhost:9092");

    static final Map<String, String> REQUIRED =
            Map.of(
                    "CONFLUENT_METRICS_API_KEY", "the-key",
                    "CONFLUENT_METRICS_API_SECRET", "the-secret",
                    "CONFLUENT_METRICS_CLUSTER_ID_LIST", "lkc-1");

    private SettingsFixture() {}

    static Settings load(String... namesAndValues) throws InvalidSettingsException {
        return Settings.load(source(namesAndValues));
    }

    static Settings load(Map<String, String> variables) throws InvalidSettingsException {
        return Settings.load(source(variables));
    }

    /** The problems of settings that must not load. */
    static List<String> problems(String... namesAndValues) {
        return problems(source(namesAndValues));
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
