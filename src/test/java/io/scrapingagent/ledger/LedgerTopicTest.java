package io.scrapingagent.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.LedgerTopic.OpenTransactionException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** Reading the ledger leaves nothing out: an hour that is missed would be published again. */
class LedgerTopicTest {

    private static final Series SERIES = new Series("lkc-aaa", "metric", "label");
    private static final Instant HOUR = Instant.parse("2025-09-02T01:00:00Z");

    private final String name = TestKafka.uniqueTopic("ledger");
    private final LedgerTopic topic =
            new LedgerTopic(
                    name,
                    Map.of("bootstrap.servers", TestKafka.bootstrapServers()),
                    Duration.ofSeconds(3));
    private final Ledger ledger = new Ledger();

    @Test
    void doesNotStopBeforeATransactionThatIsStillOpen() {
        topic.create();
        try (Producer<String, byte[]> producer = producer(name)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(entry(HOUR));
            producer.flush();

            assertThatThrownBy(() -> topic.readInto(ledger))
                    .isInstanceOf(OpenTransactionException.class);

            producer.commitTransaction();
            topic.readInto(ledger);
            assertThat(ledger.hours(SERIES)).containsOnlyKeys(HOUR);
        }
    }

    /** Who looks meanwhile would take for lost what is only not read yet. */
    @Test
    void hasNothingOfTheTopicBeforeItHasAllOfIt() {
        topic.create();
        publish(HOUR);
        try (Producer<String, byte[]> producer = producer(name)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(entry(HOUR.plusSeconds(3600)));
            producer.flush();

            assertThatThrownBy(() -> topic.readInto(ledger))
                    .isInstanceOf(OpenTransactionException.class);

            assertThat(ledger.all()).isEmpty();
            producer.commitTransaction();
        }
        topic.readInto(ledger);
        assertThat(ledger.hours(SERIES)).containsOnlyKeys(HOUR, HOUR.plusSeconds(3600));
    }

    @Test
    void readsWhatWasCommittedBehindAnAbortedTransaction() {
        topic.create();
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

        assertThat(ledger.hours(SERIES)).containsOnlyKeys(HOUR.plusSeconds(3600));
    }

    @Test
    void readsATopicFromItsBeginningThatWasDeletedAndMadeAgain() throws Exception {
        topic.create();
        publish(HOUR, HOUR.plusSeconds(3600));
        topic.readInto(ledger);
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", TestKafka.bootstrapServers()))) {
            admin.deleteTopics(List.of(name)).all().get();
            await().until(() -> !admin.listTopics().names().get().contains(name));
        }
        topic.create();
        publish(HOUR.plusSeconds(7200));

        await().ignoreExceptions()
                .untilAsserted(
                        () -> {
                            topic.readInto(ledger);
                            assertThat(ledger.hours(SERIES)).containsKey(HOUR.plusSeconds(7200));
                        });
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
                new LedgerEntry(1, HOUR.toString(), false)
                        .toJson()
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static Producer<String, byte[]> producer(String transactionalId) {
        Map<String, Object> settings =
                new HashMap<>(Map.of("bootstrap.servers", TestKafka.bootstrapServers()));
        if (transactionalId != null) {
            settings.put("transactional.id", transactionalId);
        }
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }
}
