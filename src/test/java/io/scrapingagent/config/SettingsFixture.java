package io.scrapingagent.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Loads settings as a user gives them, on top of what is required anyway. */
final class SettingsFixture {

    static final Map<String, String> DEFAULTS =
            Map.ofEntries(
                    Map.entry("confluent.metrics.host", "https://api.telemetry.confluent.cloud"),
                    Map.entry("confluent.metrics.requests.per.minute", "250"),
                    Map.entry("confluent.metrics.clusters.per.request", "50"),
                    Map.entry("metrics.parallel.requests", "4"),
                    Map.entry("metrics.kafka.patience.ms", "120000"),
                    Map.entry("metrics.delivery", "exactly-once"),
                    Map.entry("metrics.topic", "confluent-metrics"),
                    Map.entry("minute.to.scrape.at", "5"),
                    Map.entry("metrics.api.retention.hours", "168"),
                    Map.entry("global.log.level", "INFO"),
                    Map.entry("log.format", "text"),
                    Map.entry("management.address", "0.0.0.0"),
                    Map.entry("management.port", "8080"),
                    Map.entry("metrics.principal.tag", "principal"),
                    Map.entry("metrics.format", "standard"),
                    Map.entry("kafka.bootstrap.servers", "localhost:9092"));

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
