package io.scrapingagent.routes;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A topic that takes no batch as large as the producer makes them. */
@Timeout(120)
class TopicLimitTest {

    private final TestClock clock = new TestClock(ScrapeFixture.NOW);

    /** kafka-clients would split such a batch into itself, for ever. */
    @Test
    void aBatchThatTheTopicDoesNotTakeAnyMoreFailsItsWindow() throws Exception {
        try (ScrapeFixture agent = agent()) {
            agent.scrape();
            limit(agent.topic(), 1000);
            clock.forward(Duration.ofHours(1));

            Scrape refused = agent.scrape();

            assertThat(refused.getFailures())
                    .isNotEmpty()
                    .allSatisfy(
                            it ->
                                    assertThat(it.reason())
                                            .contains("max.message.bytes")
                                            .contains("KAFKA_BATCH_SIZE"));

            limit(agent.topic(), 1_000_000);
            Scrape next = agent.scrape();

            assertThat(next.getFailures()).isEmpty();
            List<ExpectedRecord> truth = new ArrayList<>();
            for (int hour = 0; hour < 2; hour++) {
                truth.addAll(
                        ExpectedRecord.ofHour(
                                agent.simulator(), HOUR.plus(Duration.ofHours(hour)), "lkc-aaa"));
            }
            agent.assertConsumed(truth);
        }
    }

    @Test
    void aRecordThatTheTopicDoesNotTakeFailsItsWindow() throws Exception {
        try (ScrapeFixture agent = agent()) {
            limit(agent.topic(), 150);

            assertThat(agent.scrape().getFailures())
                    .hasSize(3)
                    .allSatisfy(it -> assertThat(it.reason()).contains("max.message.bytes"));

            limit(agent.topic(), 1_000_000);
            assertThat(agent.scrape().getFailures()).isEmpty();
            agent.assertConsumed(ExpectedRecord.ofHour(agent.simulator(), HOUR, "lkc-aaa"));
        }
    }

    private ScrapeFixture agent() {
        return new ScrapeFixture(
                        MetricsApiSimulator.builder().cluster("lkc-aaa", 200, 200),
                        "lkc-aaa",
                        clock,
                        clock)
                // a transaction that is given up ends so soon
                .environment("KAFKA_TRANSACTION_TIMEOUT_MS", "1000");
    }

    private static void limit(String topic, int maxMessageBytes) throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", TestKafka.bootstrapServers()))) {
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                    List.of(
                                            new AlterConfigOp(
                                                    new ConfigEntry(
                                                            "max.message.bytes",
                                                            Integer.toString(maxMessageBytes)),
                                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }
}
