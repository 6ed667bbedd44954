package io.scrapingagent.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the agent's tests could not notice: that a reader lets through what is not there. */
class TopicReaderTest {

    private final String topic = TestKafka.uniqueTopic("reader");

    @BeforeEach
    void createTopic() {
        TestKafka.createTopic(topic, 1);
    }

    @Test
    void doesNotSeeOrWaitForAnOpenTransaction() {
        try (Producer<byte[], byte[]> producer = producer(Map.of("transactional.id", topic))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, new byte[] {'x'}));
            producer.flush();

            assertThat(TestKafka.reader().readAll(topic)).isEmpty();
            assertThat(
                            new TopicReader(
                                            TestKafka.bootstrapServers(),
                                            Map.of("isolation.level", "read_uncommitted"))
                                    .readAll(topic))
                    .hasSize(1);

            producer.abortTransaction();
            assertThat(TestKafka.reader().readAll(topic)).isEmpty();
        }
    }

    @Test
    void refusesBytesThatAreNotUtf8() throws Exception {
        try (Producer<byte[], byte[]> producer = producer(Map.of())) {
            producer.send(new ProducerRecord<>(topic, new byte[] {(byte) 0xC3, '('}))
                    .get(10, TimeUnit.SECONDS);
        }

        assertThatThrownBy(() -> TestKafka.reader().readAll(topic))
                .isInstanceOf(KafkaException.class)
                .hasStackTraceContaining("not UTF-8, in topic " + topic);
    }

    private static Producer<byte[], byte[]> producer(Map<String, Object> settings) {
        Map<String, Object> properties = new HashMap<>(settings);
        properties.put("bootstrap.servers", TestKafka.bootstrapServers());
        return new KafkaProducer<>(
                properties, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
