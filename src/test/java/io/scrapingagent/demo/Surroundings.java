package io.scrapingagent.demo;

import io.scrapingagent.TestSettings;
import io.scrapingagent.config.Settings;
import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.kafka.Ports;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.kafka.TopicReader;
import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.TopicConfig;

/** What the agent talks to in the demo: a Metrics API with three clusters, and a broker. */
final class Surroundings implements AutoCloseable {

    static final String TOPIC = "confluent-metrics";

    /** Where anybody looks for a broker first. */
    private static final int USUAL_PORT = 9092;

    /** Where the agent answers for itself unless it is told otherwise. */
    private static final int USUAL_MANAGEMENT_PORT = 8080;

    private static final Duration RETENTION = Duration.ofDays(90);

    /** The last has more topics than fit on two pages. */
    private static final List<DemoCluster> CLUSTERS =
            List.of(
                    new DemoCluster("lkc-7d2kq", 14, 40),
                    new DemoCluster("lkc-m1x9z", 85, 420),
                    new DemoCluster("lkc-v60gp", 460, 2300));

    private final EmbeddedKafka kafka;
    private final MetricsApiSimulator simulator;

    private record DemoCluster(String id, int principals, int topics) {}

    private Surroundings(EmbeddedKafka kafka, MetricsApiSimulator simulator) {
        this.kafka = kafka;
        this.simulator = simulator;
    }

    /** Starts both and creates the topic. */
    static Surroundings start(Clock clock) throws Exception {
        EmbeddedKafka.Builder broker = EmbeddedKafka.builder().autoCreateTopics(false);
        if (Ports.isFree(USUAL_PORT)) {
            broker.port(USUAL_PORT);
        }
        EmbeddedKafka kafka = broker.start();
        TestKafka.createTopic(
                kafka.bootstrapServers(),
                TOPIC,
                3,
                Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(RETENTION.toMillis())));
        MetricsApiSimulator.Builder api =
                MetricsApiSimulator.builder().clock(clock).rateLimit(300).everydayValues();
        CLUSTERS.forEach(it -> api.cluster(it.id(), it.principals(), it.topics()));
        return new Surroundings(kafka, api.start());
    }

    /**
     * Returns the settings that make the agent talk to these. Nothing of the user's environment is
     * among them, so that no real key is ever used here.
     */
    Settings settings() throws Exception {
        return TestSettings.of(environment());
    }

    /** Returns the same settings as environment variables. */
    Map<String, String> environment() {
        Map<String, String> environment =
                TestSettings.environment(
                        simulator.baseUri(),
                        String.join(",", CLUSTERS.stream().map(DemoCluster::id).toList()),
                        kafka.bootstrapServers(),
                        TOPIC);
        if (Ports.isFree(USUAL_MANAGEMENT_PORT)) {
            environment.put("MANAGEMENT_PORT", Integer.toString(USUAL_MANAGEMENT_PORT));
        }
        return environment;
    }

    /** Returns the broker's address. */
    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** Tells whether the broker is where anybody looks for one first. */
    boolean atUsualPort() {
        return bootstrapServers().endsWith(":" + USUAL_PORT);
    }

    /** Returns the simulated Metrics API's address. */
    URI api() {
        return simulator.baseUri();
    }

    /** Returns what a consumer reads from the topic. */
    List<ConsumerRecord<String, String>> read() {
        return new TopicReader(bootstrapServers()).readAll(TOPIC);
    }

    /** Returns what a consumer should read of an hour. */
    List<ExpectedRecord> truth(Instant hour) {
        return ExpectedRecord.ofHour(
                simulator, hour, CLUSTERS.stream().map(DemoCluster::id).toArray(String[]::new));
    }

    @Override
    public void close() {
        simulator.close();
        kafka.close();
    }
}
