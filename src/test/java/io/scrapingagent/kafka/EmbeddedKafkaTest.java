package io.scrapingagent.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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
    void saysThatThePortIsInUse() {
        int port = Integer.parseInt(kafka.bootstrapServers().split(":")[1]);

        assertThatThrownBy(() -> EmbeddedKafka.builder().port(port).start())
                .hasMessage("port %d, for the broker's listener PLAINTEXT, is in use", port);
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
