package io.scrapingagent.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicReaderTest {

    private final TopicReader reader = TestKafka.reader();
    private String topic;

    @BeforeEach
    void nameTopic() {
        topic = TestKafka.uniqueTopic("reader");
    }

    @Test
    void readsAllPartitionsInOrder() throws Exception {
        TestKafka.createTopic(topic, 3);
        try (Producer<String, String> producer =
                Clients.producer(TestKafka.bootstrapServers(), Map.of())) {
            producer.send(new ProducerRecord<>(topic, 2, 7L, "k", "in 2"));
            producer.send(new ProducerRecord<>(topic, 0, 8L, null, "in 0"));
            producer.send(new ProducerRecord<>(topic, 2, 9L, "k", "again in 2"));
            producer.send(new ProducerRecord<>(topic, 1, 10L, "k", (String) null));
        }

        assertThat(reader.readAll(topic))
                .extracting(
                        ConsumerRecord::partition,
                        ConsumerRecord::timestamp,
                        ConsumerRecord::key,
                        ConsumerRecord::value)
                .containsExactly(
                        tuple(0, 8L, null, "in 0"),
                        tuple(1, 10L, "k", null),
                        tuple(2, 7L, "k", "in 2"),
                        tuple(2, 9L, "k", "again in 2"));
    }

    @Test
    void aMissingTopicIsEmptyAndStaysMissing() {
        assertThat(reader.readAll(topic)).isEmpty();

        // fails if reading had made it
        TestKafka.createTopic(topic, 2);
        assertThat(reader.readAll(topic)).isEmpty();
    }

    @Test
    void doesNotSeeOrWaitForAnOpenTransaction() {
        TestKafka.createTopic(topic, 1);
        try (Producer<String, String> producer =
                Clients.producer(TestKafka.bootstrapServers(), Map.of("transactional.id", topic))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "open"));
            producer.flush();

            assertThat(reader.readAll(topic)).isEmpty();
            assertThat(uncommitted().readAll(topic)).hasSize(1);

            producer.abortTransaction();
            assertThat(reader.readAll(topic)).isEmpty();
        }
    }

    @Test
    void refusesBytesThatAreNotUtf8() throws Exception {
        TestKafka.createTopic(topic, 1);
        Clients.publishBytes(TestKafka.bootstrapServers(), topic, new byte[] {(byte) 0xC3, '('});

        assertThatThrownBy(() -> reader.readAll(topic))
                .isInstanceOf(KafkaException.class)
                .hasStackTraceContaining("not UTF-8, in topic " + topic);
    }

    @Test
    void keepsEveryCharacter() throws Exception {
        TestKafka.createTopic(topic, 1);
        Clients.publish(TestKafka.bootstrapServers(), topic, "gr\u00fc\u00df \ud83d\ude00");

        assertThat(reader.readAll(topic))
                .extracting(ConsumerRecord::value)
                .containsExactly("gr\u00fc\u00df \ud83d\ude00");
    }

    private static TopicReader uncommitted() {
        return new TopicReader(
                TestKafka.bootstrapServers(), Map.of("isolation.level", "read_uncommitted"));
    }
}
