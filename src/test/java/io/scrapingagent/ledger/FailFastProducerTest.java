package io.scrapingagent.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.scrapingagent.ledger.KafkaClients.FailFastProducer;
import java.time.Duration;
import java.util.Properties;
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

    private static Properties settings() {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", "localhost:1");
        settings.put("key.serializer", ByteArraySerializer.class.getName());
        settings.put("value.serializer", ByteArraySerializer.class.getName());
        return settings;
    }
}
