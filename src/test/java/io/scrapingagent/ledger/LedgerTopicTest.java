package io.scrapingagent.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.ledger.Ledger.Entry;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.LedgerTopic.OpenTransactionException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** Reading the ledger leaves nothing out: an hour that is missed would be published again. */
class LedgerTopicTest {

    private static final Series SERIES = new Series("lkc-aaa", "metric", "label");
    private static final Instant HOUR = Instant.parse("2025-09-02T01:00:00Z");

    private static final Map<String, Object> KAFKA =
            Map.of("bootstrap.servers", TestKafka.bootstrapServers());

    private final String name = TestKafka.uniqueTopic("ledger");
    private final LedgerTopic topic = new LedgerTopic(name, KAFKA, Duration.ofSeconds(3));
    private final Ledger ledger = new Ledger(cluster -> true);

    /** Who looks meanwhile would take for lost what is only not read yet. */
    @Test
    void hasNothingOfTheTopicBeforeItHasAllOfIt() {
        topic.createIfMissing();
        publish(HOUR);
        try (Producer<String, byte[]> producer = producer(name)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(entry(HOUR.plusSeconds(3600)));
            producer.flush();

            assertThatThrownBy(() -> topic.readInto(ledger))
                    .isInstanceOf(OpenTransactionException.class)
                    .hasMessageStartingWith(
                            "The reading of the ledger %s got no further for 3 s: ", name);

            assertThat(ledger.all()).isEmpty();
            producer.commitTransaction();
        }
        topic.readInto(ledger);
        assertThat(hours()).containsOnlyKeys(HOUR, HOUR.plusSeconds(3600));
    }

    @Test
    void readsWhatWasCommittedBehindAnAbortedTransaction() {
        topic.createIfMissing();
        try (Producer<String, byte[]> producer = producer(name)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(entry(HOUR));
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(entry(HOUR.plusSeconds(3600)));
            producer.commitTransaction();
        }

        topic.readInto(ledger);

        assertThat(hours()).containsOnlyKeys(HOUR.plusSeconds(3600));
    }

    @Test
    void readsATopicFromItsBeginningThatWasDeletedAndMadeAgain() throws Exception {
        topic.createIfMissing();
        publish(HOUR, HOUR.plusSeconds(3600));
        topic.readInto(ledger);
        try (Admin admin = Admin.create(KAFKA)) {
            admin.deleteTopics(List.of(name)).all().get();
            await().until(() -> !admin.listTopics().names().get().contains(name));
        }
        new LedgerTopic(name, KAFKA, Duration.ofSeconds(3)).createIfMissing();
        publish(HOUR.plusSeconds(7200));

        await().ignoreExceptions()
                .untilAsserted(
                        () -> {
                            topic.readInto(ledger);
                            assertThat(hours()).containsKey(HOUR.plusSeconds(7200));
                        });
    }

    @Test
    void isMadeAgainThoughItWasDeletedBeforeItWasRead() throws Exception {
        topic.createIfMissing();
        try (Admin admin = Admin.create(KAFKA)) {
            admin.deleteTopics(List.of(name)).all().get();
        }
        assertThatThrownBy(() -> topic.readInto(ledger))
                .isInstanceOf(UnknownTopicOrPartitionException.class);

        topic.createIfMissing();
        topic.readInto(ledger);
        assertThat(ledger.all()).isEmpty();
    }

    /** Any setting of the producer may be given, and the ledger's consumer gets what both have. */
    @Test
    void leavesTheProducersInterceptorsToIt() {
        Map<String, Object> producer = new HashMap<>(KAFKA);
        producer.put("interceptor.classes", "io.example.ofTheProducer");
        LedgerTopic intercepted = new LedgerTopic(name, producer, Duration.ofSeconds(10));
        intercepted.createIfMissing();

        intercepted.readInto(ledger);

        assertThat(ledger.all()).isEmpty();
    }

    /** Kafka's client never gives up a question about an empty transactional id. */
    @Test
    void waitsForNoAnswerForEver() {
        LedgerTopic impatient = new LedgerTopic(name, KAFKA, Duration.ofMillis(200));

        assertThatThrownBy(() -> impatient.fence(List.of(""))).isInstanceOf(TimeoutException.class);
    }

    private void publish(Instant... hours) {
        try (Producer<String, byte[]> producer = producer(null)) {
            for (Instant hour : hours) {
                producer.send(entry(hour));
            }
        }
    }

    private ProducerRecord<String, byte[]> entry(Instant hour) {
        return new ProducerRecord<>(
                name,
                new LedgerKey(SERIES, hour).toString(),
                Ledger.toJson(new Entry(1, HOUR.toString(), false))
                        .getBytes(StandardCharsets.UTF_8));
    }

    private SortedMap<Instant, Entry> hours() {
        return ledger.read(SERIES, TreeMap::new);
    }

    private static Producer<String, byte[]> producer(String transactionalId) {
        Map<String, Object> settings = new HashMap<>(KAFKA);
        if (transactionalId != null) {
            settings.put("transactional.id", transactionalId);
        }
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }
}
