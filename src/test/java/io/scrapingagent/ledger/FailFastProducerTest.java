package io.scrapingagent.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.ledger.KafkaClients.FailFastProducer;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** A stop that Camel forces: the thread that closes the producer is interrupted. */
class FailFastProducerTest {

    @Test
    void anInterruptedThreadClosesItWithoutComplaint() {
        FailFastProducer producer = new FailFastProducer(settings());
        Thread.currentThread().interrupt();

        assertThatCode(() -> producer.close(Duration.ofSeconds(2))).doesNotThrowAnyException();

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anInterruptedThreadClosesItInItsOwnTime() {
        FailFastProducer producer = new FailFastProducer(settings());
        Thread.currentThread().interrupt();

        assertThatCode(producer::close).doesNotThrowAnyException();

        assertThat(Thread.interrupted()).isTrue();
    }

    /** An {@link Error} ends the thread that sends. */
    @Test
    void aRecordThatNobodySendsAnyMoreFails() throws Exception {
        String topic = TestKafka.uniqueTopic("unsent");
        TestKafka.createTopic(topic, 1);
        Properties settings = settings();
        settings.put("bootstrap.servers", TestKafka.bootstrapServers());
        settings.put("linger.ms", "0");
        settings.put("request.timeout.ms", "500");
        settings.put("delivery.timeout.ms", "500");
        FailFastProducer producer = new FailFastProducer(settings);
        CountDownLatch ended = new CountDownLatch(1);
        producer.send(
                record(topic),
                (metadata, failure) -> {
                    ended.countDown();
                    throw new StackOverflowError("as the test wants it");
                });
        ended.await();

        Future<RecordMetadata> sent = producer.send(record(topic));

        assertThatThrownBy(sent::get).isInstanceOf(TimeoutException.class);
        producer.close(Duration.ZERO);
    }

    private static ProducerRecord<Object, Object> record(String topic) {
        return new ProducerRecord<>(topic, new byte[1]);
    }

    private static Properties settings() {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", "localhost:1");
        settings.put("key.serializer", ByteArraySerializer.class.getName());
        settings.put("value.serializer", ByteArraySerializer.class.getName());
        return settings;
    }
}
