package io.scrapingagent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.routes.ScrapeFixture;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** One broker that wants three replicas of its transaction log, as Kafka's own default has it. */
class TransactionLogTest {

    @AutoClose
    private final EmbeddedKafka kafka = EmbeddedKafka.builder().transactionLogReplicas(3).start();

    @AutoClose
    private final ScrapeFixture agent =
            new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 3, 3))
                    .at(kafka)
                    .environment("KAFKA_MAX_BLOCK_MS", "3000")
                    .environment("METRICS_KAFKA_PATIENCE_MS", "0");

    @Test
    void checkAndRunNameBothWaysOut() throws Exception {
        List<String> lines = CheckLines.of(agent, ScrapeFixture.NOW, Duration.ofSeconds(20));
        assertThat(lines)
                .anyMatch(
                        line ->
                                line.startsWith("✗ Transactions: the brokers cannot make")
                                        && line.contains("is 3, and there is 1 broker")
                                        && line.contains("METRICS_DELIVERY=at-least-once"));

        assertThat(lines).noneMatch(line -> line.contains("transactional id"));
        assertThat(agent.scrapeFailing())
                .allSatisfy(
                        it ->
                                assertThat(it)
                                        .contains(
                                                "transaction.state.log.replication.factor",
                                                "METRICS_DELIVERY=at-least-once")
                                        .doesNotContain("METRICS_TOPIC exists"));
    }

    @Test
    void atLeastOnceDoesWithout() throws Exception {
        agent.environment("METRICS_DELIVERY", "at-least-once");

        agent.scrapeAll();
    }
}
