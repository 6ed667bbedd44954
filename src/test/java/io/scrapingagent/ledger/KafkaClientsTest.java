package io.scrapingagent.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.scrapingagent.ledger.KafkaClients.FailFastProducer;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {

    /** Not all that speaks Kafka's protocol names each setting of a topic. */
    @Test
    void aTopicWhoseLimitIsNotNamedLimitsNothing() {
        Config unnamed = new Config(List.of());
        Config named = new Config(List.of(new ConfigEntry("max.message.bytes", "1000")));

        assertThat(KafkaClients.smallestLimit(List.of(unnamed))).isEmpty();
        assertThat(KafkaClients.smallestLimit(List.of(unnamed, named))).hasValue(1000);
    }

    /** A stop that Camel forces interrupts the thread that closes the producer. */
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
