package io.scrapingagent.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.config.Delivery;
import io.scrapingagent.kafka.KafkaState;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.ledger.LedgerTopic.OpenTransactionException;
import io.scrapingagent.ledger.Publisher.AnotherAgentException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who publishes: the agent that started last, and nobody gives up for another's shadow. */
class PublisherTest {

    private static final int MOST_ATTEMPTS = 100;

    private final String name = TestKafka.uniqueTopic("publisher");
    private final List<KafkaClients> agents = new ArrayList<>();

    /**
     * A request for a producer id that was given up on a slow broker may reach it late, and then
     * fences the producer that was made in its place.
     */
    @Test
    void anAgentIsNotStoppedByAProducerThatNeverClaimedTheTopic() throws Exception {
        Publisher refused;
        AtomicBoolean disturbing = new AtomicBoolean(true);
        Thread shadow =
                new Thread(
                        () -> {
                            while (disturbing.get()) {
                                try (Producer<?, ?> producer = new KafkaProducer<>(settings())) {
                                    producer.initTransactions();
                                }
                            }
                        });
        shadow.start();
        try {
            refused =
                    Stream.generate(this::publisher)
                            .limit(MOST_ATTEMPTS)
                            .filter(PublisherTest::isRefused)
                            .findFirst()
                            .orElseThrow();
        } finally {
            disturbing.set(false);
            shadow.join();
        }

        refused.prepare();
        assertThat(refused.isFenced()).isFalse();
    }

    /** As of an agent with another transactional id that was killed in a transaction. */
    @Test
    void anAgentThatCouldNotReadTheLedgerAtFirstTriesAgain() throws Exception {
        new LedgerTopic(name, kafka(), Duration.ofSeconds(10)).createIfMissing();
        Publisher publisher = publisher(Duration.ofSeconds(2), Duration.ZERO);
        Properties others = settings();
        others.put("transactional.id", name + "-other");
        try (Producer<Object, Object> other = new KafkaProducer<>(others)) {
            other.initTransactions();
            other.beginTransaction();
            other.send(new ProducerRecord<>(name, "key", new byte[0])).get();
            assertThatThrownBy(publisher::prepare).isInstanceOf(OpenTransactionException.class);
            other.abortTransaction();
        }

        await().untilAsserted(() -> assertThatCode(publisher::prepare).doesNotThrowAnyException());
        assertThat(publisher.isFenced()).isFalse();
    }

    /** What an earlier scrape waited for is over when the next one begins. */
    @Test
    void eachScrapeHasAllOfThePatience() throws Exception {
        Publisher publisher = publisher(Duration.ofSeconds(10), Duration.ofMillis(500));
        publisher.prepare();
        KafkaException failure = new KafkaException("gone");
        long start = System.nanoTime();
        assertThatThrownBy(
                        () ->
                                publisher.awaitKafka(
                                        failure,
                                        "gone",
                                        () -> {
                                            await().until(
                                                            () ->
                                                                    System.nanoTime() - start
                                                                            > 600_000_000);
                                            throw new IllegalStateException("the scrape ends");
                                        }))
                .isInstanceOf(IllegalStateException.class);

        publisher.prepare();

        assertThatCode(() -> publisher.awaitKafka(failure, "gone", () -> {}))
                .doesNotThrowAnyException();
    }

    /** A window may be fetched again for a long time between two restarts of brokers. */
    @Test
    void onlyWaitsForKafkaTakePatience() throws Exception {
        Publisher publisher = publisher(Duration.ofSeconds(10), Duration.ofSeconds(2));
        publisher.prepare();
        KafkaException failure = new KafkaException("gone");
        publisher.awaitKafka(failure, "gone", () -> {});
        long start = System.nanoTime();
        await().until(() -> System.nanoTime() - start > 2_100_000_000);

        assertThatCode(() -> publisher.awaitKafka(failure, "gone", () -> {}))
                .doesNotThrowAnyException();
    }

    /** Two topics of records with one ledger: the hours of one would count as the other's. */
    @Test
    void anAgentWithAnotherTransactionalIdRefusesTheLedger() throws Exception {
        Publisher first = publisher("owner", name + "-owner", Duration.ofDays(1));
        first.prepare();

        assertThatThrownBy(publisher("owner", "of another topic", Duration.ofDays(1))::prepare)
                .isInstanceOf(AnotherAgentException.class)
                .hasMessageContaining("transactional id " + name + "-owner, ")
                .hasMessageContaining("METRICS_LEDGER_TOPIC");

        first.requireOwnership();
        assertThat(first.isFenced()).isFalse();
    }

    /** It may be killed after it has overwritten their ownership and before it fences them. */
    @Test
    void agentsThatAnotherOneWasAboutToEndAreFencedByTheNext() {
        Publisher former = publisher("owner 1/2", name + "-owner-1-2", Duration.ofDays(1));
        former.prepare();
        Producer<?, ?> running = agents.get(0).transactional().proxy();
        running.beginTransaction();
        Ownership killed = new Ownership("owner 1/2", "killed", "2025-09-02T01:00:00Z", "other");
        Properties others = settings();
        others.put("transactional.id", name + "-killed");
        try (Producer<Object, Object> producer = new KafkaProducer<>(others)) {
            producer.initTransactions();
            producer.beginTransaction();
            String note = killed.noteOver(name + "-owner-1-2");
            producer.send(new ProducerRecord<>(name, killed.key(), note.getBytes(UTF_8)));
            producer.commitTransaction();
        }

        publisher("owner", name, Duration.ofDays(1)).prepare();

        assertThatThrownBy(
                        () -> {
                            send(running);
                            running.commitTransaction();
                        })
                .isInstanceOf(KafkaException.class);
        assertThatThrownBy(former::prepare).isInstanceOf(AnotherAgentException.class);
        Ledger ledger = new Ledger(cluster -> true);
        new LedgerTopic(name, kafka(), Duration.ofSeconds(10)).readInto(ledger);
        assertThat(ledger.notes("owner")).containsOnlyKeys("");
    }

    @SuppressWarnings("unchecked")
    private void send(Producer<?, ?> producer) {
        ((Producer<Object, Object>) producer).send(new ProducerRecord<>(name, "key", new byte[0]));
    }

    /** Another layout finds only the agents whose ownership the ledger still has. */
    @Test
    void anAgentWritesItsOwnershipAgainBeforeTheLedgerForgetsIt() throws Exception {
        Publisher publisher = publisher("owner", name, Duration.ZERO);
        publisher.prepare();
        long end = end();
        publisher.prepare();

        assertThat(end()).isGreaterThan(end);
        assertThatCode(publisher::prepare).doesNotThrowAnyException();
    }

    private long end() {
        Map<TopicPartition, Long> ends = KafkaState.of(TestKafka.bootstrapServers()).ends();
        return ends.get(new TopicPartition(name, 0));
    }

    private Publisher publisher() {
        return publisher(Duration.ofSeconds(10), Duration.ZERO);
    }

    private Publisher publisher(Duration answer, Duration patience) {
        Ownership ownership = ownership("owner", "id");
        return publisher(clients(name), answer, ownership, patience, LedgerTopic.RENEWAL);
    }

    private Publisher publisher(String key, String transactionalId, Duration renewal) {
        return publisher(
                clients(name + "-" + key.replaceAll("\\W", "-")),
                Duration.ofSeconds(10),
                ownership(key, transactionalId),
                Duration.ZERO,
                renewal);
    }

    private Publisher publisher(
            KafkaClients clients,
            Duration answer,
            Ownership ownership,
            Duration patience,
            Duration renewal) {
        return new Publisher(
                Delivery.EXACTLY_ONCE,
                clients,
                new LedgerTopic(name, kafka(), answer),
                new Ledger(cluster -> true),
                ownership,
                patience,
                renewal);
    }

    private static Ownership ownership(String key, String transactionalId) {
        String agent = UUID.randomUUID().toString();
        return new Ownership(key, agent, "2025-09-02T01:00:00Z", transactionalId);
    }

    private KafkaClients clients(String transactionalId) {
        Properties settings = settings();
        settings.put("transactional.id", transactionalId);
        KafkaClients clients = new KafkaClients("usage", name, Map.of());
        clients.getProducer(settings);
        agents.add(clients);
        return clients;
    }

    @AfterEach
    void closeProducers() {
        agents.forEach(clients -> clients.transactional().discard());
    }

    private static boolean isRefused(Publisher publisher) {
        try {
            publisher.prepare();
            return false;
        } catch (KafkaException | AnotherAgentException e) {
            return true;
        }
    }

    private static Map<String, String> kafka() {
        return Map.of("bootstrap.servers", TestKafka.bootstrapServers());
    }

    private Properties settings() {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", TestKafka.bootstrapServers());
        settings.put("transactional.id", name);
        settings.put("key.serializer", StringSerializer.class.getName());
        settings.put("value.serializer", ByteArraySerializer.class.getName());
        return settings;
    }
}
