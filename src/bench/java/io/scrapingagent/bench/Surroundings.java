package io.scrapingagent.bench;

import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What an agent needs around it: the API simulator, without latency and rate limit, and a real
 * broker.
 *
 * @param api the simulator's address
 * @param kafka the broker's address
 */
record Surroundings(URI api, String kafka) {

    /** The time at which the simulator stands still; it holds the seven days before it. */
    static final Instant NOW = Instant.parse("2025-09-02T02:10:00Z");

    private static final int PARTITIONS = 3;

    /** Serves until its input is closed. */
    public static void main(String[] arguments) throws IOException {
        MetricsApiSimulator.Builder simulator =
                MetricsApiSimulator.builder()
                        .withoutRateLimit()
                        .clock(Clock.fixed(NOW, ZoneOffset.UTC));
        Population.SPEED.addTo(simulator);
        Population.MANY_CLUSTERS.addTo(simulator);
        try (MetricsApiSimulator api = simulator.start();
                EmbeddedKafka kafka = EmbeddedKafka.builder().autoCreateTopics(false).start()) {
            System.out.println("API=" + api.baseUri());
            System.out.println("KAFKA=" + kafka.bootstrapServers());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
        // the broker leaves threads behind that would keep the process
        System.exit(0);
    }

    /** Waits until the process serves. */
    static Surroundings announcedBy(ChildJvm process) throws IOException {
        return new Surroundings(URI.create(process.await("API")), process.await("KAFKA"));
    }

    /** Creates a topic that keeps records however old their timestamps are. */
    void createTopic(String name) throws Exception {
        try (Admin admin =
                Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka))) {
            NewTopic topic =
                    new NewTopic(name, PARTITIONS, (short) 1)
                            .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1"));
            admin.createTopics(List.of(topic)).all().get();
        }
    }
}
