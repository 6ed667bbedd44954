package io.scrapingagent.demo;

import io.scrapingagent.TestSettings;
import io.scrapingagent.config.Settings;
import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.kafka.Ports;
import io.scrapingagent.kafka.TopicReader;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.TruePoint;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** What the agent talks to in the demo: a Metrics API with three clusters, and a broker. */
final class Surroundings implements AutoCloseable {

    static final String TOPIC = "confluent-metrics";

    /** Where anybody looks for a broker first. */
    private static final int USUAL_PORT = 9092;

    /** Where the agent answers for itself unless it is told otherwise. */
    private static final int USUAL_MANAGEMENT_PORT = 8080;

    private static final Duration RETENTION = Duration.ofDays(90);
    private static final int TIME_LIMIT_SECONDS = 30;

    /** The last has more topics than fit on two pages. */
    private static final List<DemoCluster> CLUSTERS =
            List.of(
                    new DemoCluster("lkc-7d2kq", 14, 40),
                    new DemoCluster("lkc-m1x9z", 85, 420),
                    new DemoCluster("lkc-v60gp", 460, 2300));

    private static final List<String> METRICS =
            List.of(
                    "io.confluent.kafka.server/request_bytes",
                    "io.confluent.kafka.server/response_bytes",
                    "io.confluent.kafka.server/retained_bytes");

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
        createTopic(kafka.bootstrapServers());
        MetricsApiSimulator.Builder api =
                MetricsApiSimulator.builder().clock(clock).everydayValues();
        CLUSTERS.forEach(it -> api.cluster(it.id(), it.principals(), it.topics()));
        return new Surroundings(kafka, api.start());
    }

    private static void createTopic(String bootstrapServers) throws Exception {
        Map<String, Object> properties =
                Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        Map<String, String> retention =
                Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(RETENTION.toMillis()));
        NewTopic topic = new NewTopic(TOPIC, Optional.of(3), Optional.empty()).configs(retention);
        try (Admin admin = Admin.create(properties)) {
            admin.createTopics(Set.of(topic)).all().get(TIME_LIMIT_SECONDS, TimeUnit.SECONDS);
        }
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
        Map<String, String> environment = new HashMap<>();
        environment.put("CONFLUENT_METRICS_API_KEY", MetricsApiSimulator.DEFAULT_KEY);
        environment.put("CONFLUENT_METRICS_API_SECRET", MetricsApiSimulator.DEFAULT_SECRET);
        environment.put(
                "CONFLUENT_METRICS_CLUSTER_ID_LIST",
                String.join(",", CLUSTERS.stream().map(DemoCluster::id).toList()));
        environment.put("CONFLUENT_METRICS_HOST", simulator.baseUri().toString());
        environment.put("METRICS_TOPIC", TOPIC);
        environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.put("MANAGEMENT_ADDRESS", "127.0.0.1");
        environment.put(
                "MANAGEMENT_PORT",
                Integer.toString(
                        Ports.isFree(USUAL_MANAGEMENT_PORT)
                                ? USUAL_MANAGEMENT_PORT
                                : Ports.free()));
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
    List<ReadRecord> read() {
        return new TopicReader(bootstrapServers())
                .readAll(TOPIC).stream().map(ReadRecord::of).toList();
    }

    /** Returns what the Metrics API holds of some clusters for an hour. */
    List<TruePoint> truth(Instant hour, List<String> clusters) {
        List<TruePoint> points = new ArrayList<>();
        for (String cluster : clusters) {
            METRICS.forEach(metric -> points.addAll(simulator.truth(cluster, metric, hour)));
        }
        return points;
    }

    @Override
    public void close() {
        simulator.close();
        kafka.close();
    }
}
