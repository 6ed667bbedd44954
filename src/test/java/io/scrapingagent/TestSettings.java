package io.scrapingagent;

import io.scrapingagent.config.InvalidSettingsException;
import io.scrapingagent.config.Settings;
import io.scrapingagent.config.SettingsSource;
import io.scrapingagent.kafka.Ports;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Settings of an agent in a test: what it is given, and else the packaged defaults. */
public final class TestSettings {

    private TestSettings() {}

    /** Returns the variables of an agent between a simulated Metrics API and a broker. */
    public static Map<String, String> environment(
            URI api, String clusters, String brokers, String topic) {
        Map<String, String> environment = new HashMap<>();
        environment.put("CONFLUENT_METRICS_API_KEY", MetricsApiSimulator.DEFAULT_KEY);
        environment.put("CONFLUENT_METRICS_API_SECRET", MetricsApiSimulator.DEFAULT_SECRET);
        environment.put("CONFLUENT_METRICS_CLUSTER_ID_LIST", clusters);
        environment.put("CONFLUENT_METRICS_HOST", api.toString());
        environment.put("KAFKA_BOOTSTRAP_SERVERS", brokers);
        environment.put("METRICS_TOPIC", topic);
        environment.put("MANAGEMENT_ADDRESS", "127.0.0.1");
        environment.put("MANAGEMENT_PORT", Integer.toString(Ports.free()));
        return environment;
    }

    /** Returns the settings that these variables make. */
    public static Settings of(Map<String, String> environment) throws InvalidSettingsException {
        return Settings.load(
                SettingsSource.of(Map.of(), environment, List.of(SettingsSource.defaults())));
    }
}
