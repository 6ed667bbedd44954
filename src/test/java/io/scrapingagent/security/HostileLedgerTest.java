package io.scrapingagent.security;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.routes.ScrapeFixture;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What somebody who may write to the ledger's topic, but should not, could put there. */
class HostileLedgerTest {

    private static final String SERIES =
            "lkc-aaa io.confluent.kafka.server/request_bytes by metric.principal_id ";
    private static final String ENTRY = "{\"records\":1,\"published_at\":\"2025-09-02T02:05:00Z\"}";

    @Test
    void whatNoAgentWritesDoesNotKeepHoursFromBeingPublished() throws Exception {
        try (ScrapeFixture fixture = new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 3, 3))) {
            String ledger = fixture.topic() + "-ledger";
            TestKafka.createTopic(ledger, 1);
            byte[] noText = {(byte) 0xc3, 0x28, 0};
            // the hours from the year 1 on would be published as lost, all 17 million
            write(ledger, bytes(SERIES + "0001-01-01T00:00:00Z"), bytes(ENTRY));
            write(ledger, bytes(SERIES + "-1000000000-01-01T00:00:00Z"), bytes(ENTRY));
            write(ledger, bytes(SERIES + "+1000000000-12-31T23:00:00Z"), bytes(ENTRY));
            write(ledger, bytes(SERIES + HOUR), bytes("{\"records\":1e999999999}"));
            write(ledger, bytes(SERIES + HOUR), bytes("[".repeat(100_000)));
            write(ledger, noText, noText);
            write(ledger, null, null);
            write(ledger, bytes(SERIES + "x".repeat(100_000)), null);

            Scrape scrape =
                    assertTimeoutPreemptively(Duration.ofSeconds(60), () -> fixture.scrape());

            assertThat(scrape.getFailures()).isEmpty();
            fixture.assertPublished("lkc-aaa 0");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void write(String topic, byte[] key, byte[] value) {
        ByteArraySerializer serializer = new ByteArraySerializer();
        Map<String, Object> settings = Map.of("bootstrap.servers", TestKafka.bootstrapServers());
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, serializer, serializer)) {
            producer.send(new ProducerRecord<>(topic, key, value));
        }
    }
}
