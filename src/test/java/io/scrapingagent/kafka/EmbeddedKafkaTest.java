package io.scrapingagent.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.builder().start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @Test
    void commitsAndAbortsTransactions() {
        try (Producer<String, String> producer =
                Clients.producer(kafka.bootstrapServers(), Map.of("transactional.id", "agent"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("transactions", "kept"));
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("transactions", "dropped"));
            producer.flush();
            producer.abortTransaction();
        }

        assertThat(values(kafka, "transactions")).containsExactly("kept");
    }

    @Test
    void keepsDataAndAddressOverAnOutage() throws Exception {
        String address = kafka.bootstrapServers();
        Clients.publish(address, "outage", "before");

        kafka.stop();
        Map<String, Integer> hasty =
                Map.of("request.timeout.ms", 500, "default.api.timeout.ms", 500);
        assertThatThrownBy(() -> Clients.connect(address, hasty))
                .hasCauseInstanceOf(TimeoutException.class);
        kafka.start();

        Clients.publish(address, "outage", "after");
        assertThat(kafka.bootstrapServers()).isEqualTo(address);
        assertThat(values(kafka, "outage")).containsExactly("before", "after");
    }

    @Test
    void aClientFindsTheBrokerAgain() throws Exception {
        try (Producer<String, String> producer =
                Clients.producer(kafka.bootstrapServers(), Map.of())) {
            producer.send(new ProducerRecord<>("again", "before")).get();
            kafka.stop();
            kafka.start();
            producer.send(new ProducerRecord<>("again", "after")).get();
        }

        assertThat(values(kafka, "again")).containsExactly("before", "after");
    }

    @Test
    void startingAndStoppingTwiceIsHarmless() throws Exception {
        kafka.start();
        kafka.stop();
        kafka.stop();
        kafka.start();

        assertThat(Clients.connect(kafka.bootstrapServers(), Map.of())).isNotEmpty();
    }

    @Test
    void goesOnWithTheDataOfAnEarlierBroker(@TempDir Path directory) throws Exception {
        try (EmbeddedKafka first = EmbeddedKafka.builder().dataDirectory(directory).start()) {
            Clients.publish(first.bootstrapServers(), "kept", "value");
        }
        try (EmbeddedKafka second = EmbeddedKafka.builder().dataDirectory(directory).start()) {
            assertThat(values(second, "kept")).containsExactly("value");
        }
        assertThat(directory.resolve("meta.properties")).exists();
    }

    @Test
    void makesNoTopicsWhenToldSo() {
        try (EmbeddedKafka strict = EmbeddedKafka.builder().autoCreateTopics(false).start()) {
            String address = strict.bootstrapServers();
            try (Producer<String, String> producer =
                    Clients.producer(address, Map.of("max.block.ms", 1_000))) {
                assertThatThrownBy(() -> producer.partitionsFor("missing"))
                        .isInstanceOf(TimeoutException.class);
            }
            // the broker's own topics are made all the same
            try (Producer<String, String> producer =
                    Clients.producer(address, Map.of("transactional.id", "agent"))) {
                producer.initTransactions();
            }
        }
    }

    @Test
    void listensOnTheGivenPort() {
        int port = Ports.free(1)[0];
        try (EmbeddedKafka fixed = EmbeddedKafka.builder().port(port).start()) {
            assertThat(fixed.bootstrapServers()).isEqualTo("localhost:" + port);
        }
    }

    @Test
    void saysThatThePortIsInUse() {
        int port = Integer.parseInt(kafka.bootstrapServers().split(":")[1]);

        assertThatThrownBy(() -> EmbeddedKafka.builder().port(port).start())
                .hasMessage("port %d, for the broker's listener PLAINTEXT, is in use", port);
    }

    @Test
    @Timeout(30)
    void leavesNoThreadsWhenItCannotStart(@TempDir Path directory) {
        PemCertificates good = PemCertificates.generate(directory);
        PemCertificates withoutKey =
                new PemCertificates(
                        good.caFile(),
                        good.serverCertificate(),
                        good.caFile(),
                        good.clientCertificate(),
                        good.clientKey(),
                        good.clientKeyPassword(),
                        good.untrustedCaFile());
        List<Thread> before = userThreads();

        assertThatThrownBy(() -> EmbeddedKafka.builder().ssl(withoutKey).start())
                .hasMessage("the embedded Kafka broker did not start");
        assertThat(userThreads()).isSubsetOf(before);
    }

    @Test
    void saysThatAListenerIsMissing() {
        assertThatThrownBy(kafka::saslBootstrapServers)
                .hasMessage("this broker was built without listener SASL");
    }

    @Test
    void leavesNoThreadsWhenClosed() {
        List<Thread> before = userThreads();
        EmbeddedKafka.builder().start().close();

        assertThat(userThreads()).isSubsetOf(before);
    }

    /** The threads that would keep a JVM alive. */
    private static List<Thread> userThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon())
                .toList();
    }

    private static List<String> values(EmbeddedKafka broker, String topic) {
        return new TopicReader(broker.bootstrapServers())
                .readAll(topic).stream().map(ConsumerRecord::value).toList();
    }
}
