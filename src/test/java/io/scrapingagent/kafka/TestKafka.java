package io.scrapingagent.kafka;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one Kafka broker that all tests of a JVM share; it starts when it is first asked for and
 * stops with the JVM.
 *
 * <p>It runs in a container, which is nearest to production, where a Docker engine answers and the
 * image can be had, else in this JVM. {@code -Dkafka.test=embedded} or {@code
 * -Dkafka.test=testcontainers} forces one. A test that stops the broker, or needs a login or TLS,
 * starts an {@link EmbeddedKafka} of its own.
 */
public final class TestKafka {

    private static final Logger LOG = LoggerFactory.getLogger(TestKafka.class);

    /** Tells the next JVM why there is no container, so that it does not wait for one again. */
    private static final Path FAILURE = Path.of("target", "no-kafka-container");

    private static final Duration FAILURE_COUNTS = Duration.ofMinutes(30);

    /** The settings of a topic that keeps its records, however old they are. */
    public static final Map<String, String> KEEP = Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1");

    private static final int TIME_LIMIT_SECONDS = 30;
    private static final AtomicInteger TOPICS = new AtomicInteger();

    private static String bootstrapServers;

    private TestKafka() {}

    /** The broker's address, without encryption or login. */
    public static synchronized String bootstrapServers() {
        if (bootstrapServers == null) {
            bootstrapServers = start(System.getProperty("kafka.test", ""));
        }
        return bootstrapServers;
    }

    /** A topic name that no other test of this JVM gets. */
    public static String uniqueTopic(String prefix) {
        return prefix + "-" + TOPICS.incrementAndGet();
    }

    /** Creates a topic that keeps its records, though tests write them with a date of long ago. */
    public static void createTopic(String name, int partitions) {
        createTopic(name, partitions, KEEP);
    }

    /** Creates a topic with settings of its own. */
    public static void createTopic(String name, int partitions, Map<String, String> settings) {
        createTopic(bootstrapServers(), name, partitions, settings);
    }

    /** Creates a topic at another broker. */
    public static void createTopic(
            String brokers, String name, int partitions, Map<String, String> settings) {
        Map<String, Object> properties =
                Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
        try (Admin admin = Admin.create(properties)) {
            NewTopic topic =
                    new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(settings);
            admin.createTopics(Set.of(topic)).all().get(TIME_LIMIT_SECONDS, TimeUnit.SECONDS);
            // the controller has made it a moment before the broker says so
            await().atMost(TIME_LIMIT_SECONDS, TimeUnit.SECONDS)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> admin.listTopics().names().get().contains(name));
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("cannot create topic " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while creating topic " + name, e);
        }
    }

    /** Sets the size in bytes of the largest batch that a topic takes. */
    public static void limitBatches(String topic, int maxMessageBytes) {
        ConfigEntry limit =
                new ConfigEntry(
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxMessageBytes));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                    Set.of(new AlterConfigOp(limit, AlterConfigOp.OpType.SET))))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(TIME_LIMIT_SECONDS, TimeUnit.SECONDS)
                    .join();
        }
    }

    /** Reads the broker's topics. */
    public static TopicReader reader() {
        return new TopicReader(bootstrapServers());
    }

    private static String start(String forced) {
        return switch (forced) {
            case "" -> startBest();
            case "embedded" -> startEmbedded("-Dkafka.test says so");
            case "testcontainers" -> startContainer();
            default -> throw new IllegalStateException("-Dkafka.test=" + forced + " is not known");
        };
    }

    private static String startBest() {
        try {
            if (Files.exists(FAILURE)
                    && Files.getLastModifiedTime(FAILURE)
                            .toInstant()
                            .isAfter(Instant.now().minus(FAILURE_COUNTS))) {
                return startEmbedded(FAILURE + " says: " + Files.readString(FAILURE));
            }
            try {
                return startContainer();
            } catch (IllegalStateException e) {
                Files.writeString(FAILURE, e.getMessage());
                return startEmbedded(e.getMessage());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String startContainer() {
        String address = ContainerKafka.start();
        LOG.info("Kafka for tests: a container of {} at {}", ContainerKafka.IMAGE, address);
        return address;
    }

    private static String startEmbedded(String reason) {
        EmbeddedKafka kafka = EmbeddedKafka.builder().start();
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "stop-test-kafka"));
        LOG.info("Kafka for tests: embedded at {}, because {}", kafka.bootstrapServers(), reason);
        return kafka.bootstrapServers();
    }
}
