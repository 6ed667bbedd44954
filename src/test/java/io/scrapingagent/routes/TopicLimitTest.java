package io.scrapingagent.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A topic that takes no batch as large, or no record as old, as the producer sends them. */
@Timeout(120)
class TopicLimitTest {

    @AutoClose
    private final ScrapeFixture agent =
            new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 200, 200))
                    // a transaction that is given up ends so soon
                    .environment("KAFKA_TRANSACTION_TIMEOUT_MS", "1000");

    @Test
    void batchesAreNoLargerThanTheTopicTakes() throws Exception {
        TestKafka.limitBatches(agent.topic(), 1000);

        Scrape scrape = agent.scrapeAll();
        assertThat(scrape.getRecords()).isPositive();
        agent.assertPublished("lkc-aaa 0");
    }

    /** kafka-clients would split such a batch into itself, for ever. */
    @Test
    void aBatchThatTheTopicDoesNotTakeAnyMoreFailsItsWindow() throws Exception {
        agent.scrape();
        TestKafka.limitBatches(agent.topic(), 1000);
        agent.pass(1);

        assertThat(agent.scrapeFailing())
                .allSatisfy(
                        it ->
                                assertThat(it)
                                        .contains("max.message.bytes")
                                        .contains("KAFKA_BATCH_SIZE"));

        agent.scrapeAll();
        agent.assertPublished("lkc-aaa 0-1");
    }

    @Test
    void aRecordThatTheTopicDoesNotTakeFailsItsWindow() throws Exception {
        TestKafka.limitBatches(agent.topic(), 150);

        assertThat(agent.scrapeFailing())
                .hasSize(3)
                .allSatisfy(it -> assertThat(it).contains("max.message.bytes"));

        TestKafka.limitBatches(agent.topic(), 1000);
        agent.scrapeAll();
        agent.assertPublished("lkc-aaa 0");
    }

    /** Kafka's client has another exception for a batch than for a single record. */
    @Test
    void aTopicThatRefusesOldHoursIsNamedWithItsSetting() throws Exception {
        String topic = TestKafka.uniqueTopic("young");
        TestKafka.createTopic(topic, 1, Map.of("message.timestamp.before.max.ms", "1000"));

        assertThat(agent.environment("METRICS_TOPIC", topic).scrapeFailing())
                .hasSize(3)
                .allSatisfy(
                        it ->
                                assertThat(it)
                                        .contains(
                                                "out of range",
                                                ". Set message.timestamp.before.max.ms of METRICS_TOPIC"));
    }
}
