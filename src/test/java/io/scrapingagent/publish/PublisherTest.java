package io.scrapingagent.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.LedgerTopic;
import io.scrapingagent.ledger.Ownership;
import io.scrapingagent.settings.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who publishes: the agent that started last, and nobody gives up for another's shadow. */
class PublisherTest {

    private static final int MOST_ATTEMPTS = 100;

    private final String name = TestKafka.uniqueTopic("publisher");
    private final List<KafkaClients> agents = new ArrayList<>();

    @Test
    void anAgentNoticesThatAnotherOneTookOverEvenWithNothingToPublish() {
        Publisher first = publisher();
        first.begin();
        first.begin();
        publisher().begin();

        assertThatThrownBy(first::begin).isInstanceOf(AnotherAgentException.class);
        assertThat(first.isFenced()).isTrue();
    }

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

        refused.begin();
        assertThat(refused.isFenced()).isFalse();
    }

    @AfterEach
    void closeProducers() {
        agents.forEach(clients -> clients.transactional().discard());
    }

    private static boolean isRefused(Publisher publisher) {
        try {
            publisher.begin();
            return false;
        } catch (KafkaException | AnotherAgentException e) {
            return true;
        }
    }

    private Publisher publisher() {
        KafkaClients clients = new KafkaClients();
        clients.getProducer(settings());
        agents.add(clients);
        return new Publisher(
                Delivery.EXACTLY_ONCE,
                clients,
                new LedgerTopic(
                        name,
                        Map.of("bootstrap.servers", TestKafka.bootstrapServers()),
                        Duration.ofSeconds(10)),
                name,
                new Ledger(),
                Ownership.since(Instant.now()));
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
