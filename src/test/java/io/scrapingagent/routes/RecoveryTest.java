package io.scrapingagent.routes;

import static io.scrapingagent.simulator.Misbehaviour.hang;
import static io.scrapingagent.simulator.RequestMatcher.any;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.Agent;
import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.RequestMatcher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent goes on by itself when the cause of a failure is gone. */
class RecoveryTest {

    @AutoClose private static EmbeddedKafka kafka;
    @AutoClose private ScrapeFixture fixture;

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.builder().start();
    }

    @BeforeEach
    void start() {
        // a test that failed may have left it stopped
        kafka.start();
        fixture =
                new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 12, 7))
                        .at(kafka)
                        .environment("KAFKA_MAX_BLOCK_MS", "2000")
                        .environment("KAFKA_REQUEST_TIMEOUT_MS", "1000")
                        .environment("KAFKA_DELIVERY_TIMEOUT_MS", "2000")
                        .property("metrics.api.retries", "1");
        TestKafka.createTopic(kafka.bootstrapServers(), fixture.topic(), 3, TestKafka.KEEP);
    }

    @Test
    void theBrokerIsAwayWhenTheAgentStarts() throws Exception {
        kafka.stop();
        fixture.property("agent.catch.up.ms", "200").scheduled().agent();

        assertNotReady();
        kafka.start();

        await().atMost(Duration.ofSeconds(60)).until(() -> !fixture.consumed().isEmpty());
        fixture.assertPublished("lkc-aaa 0");
        assertReady();
    }

    @Test
    void theBrokerGoesAndComesBack() throws Exception {
        fixture.property("agent.schedule", "false").scheduled().scrapeAll();
        assertReady();

        kafka.stop();
        fixture.pass(1);
        assertThat(fixture.scrape().getFailures()).isNotEmpty();
        assertNotReady();
        kafka.start();
        fixture.scrapeNext(1);
        assertReady();
        fixture.assertPublished("lkc-aaa 0-2");
    }

    /** Once the scrape has begun, which it cannot without the broker. */
    @Test
    void aScrapeOutlastsTheBrokersAbsence() throws Exception {
        try (LogLines log = new LogLines("io.scrapingagent.ledger")) {
            fixture.scrape();
            fixture.pass(2);
            Future<Scrape> outlasting = stopUnderAScrape();
            log.await("WARN Publishing failed: ");

            kafka.start();

            assertThat(outlasting.get().getFailures()).isEmpty();
            fixture.assertPublished("lkc-aaa 0-2");
        }
    }

    @Test
    void aScrapeEndsWithOneLineWhenTheBrokerStaysAway() throws Exception {
        fixture.environment("METRICS_KAFKA_PATIENCE_MS", "1000");
        try (LogLines log = new LogLines("io.scrapingagent.scrape")) {
            fixture.scrape();
            fixture.pass(2);

            assertThat(stopUnderAScrape().get().getFailures())
                    .singleElement()
                    .satisfies(
                            it ->
                                    assertThat(it.reason())
                                            .contains("published for 1 s", "patience"));
            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("WARN "))
                    .singleElement()
                    .asString()
                    .startsWith("WARN Scrape ends early: Kafka failed: ");
            kafka.start();
            fixture.scrapeAll();
            fixture.assertPublished("lkc-aaa 0-2");
        }
    }

    /** Stops the broker while a scrape waits for the API, which answers only afterwards. */
    private Future<Scrape> stopUnderAScrape() {
        fixture.simulator().answer(any(), 3, hang());
        fixture.simulator().forgetRequests();
        Future<Scrape> scrape = fixture.scrapeUnderWay();
        await().until(() -> fixture.simulator().requests().size() == 3);
        kafka.stop();
        return scrape;
    }

    /** What could not be noted is noted by the next scrape, though the list is not asked for. */
    @ParameterizedTest
    @ValueSource(strings = {"exactly-once", "at-least-once"})
    void theBrokerGoesWhileAResourceIsFound(String delivery) throws Exception {
        fixture.environment("METRICS_DELIVERY", delivery)
                .environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "auto")
                .environment("METRICS_KAFKA_PATIENCE_MS", "1000");
        RequestMatcher stopping =
                request -> {
                    kafka.stop();
                    return false;
                };
        fixture.simulator().answer(stopping, 1, hang());
        assertThat(fixture.scrape().getFailures()).isNotEmpty();
        fixture.simulator().behave();
        kafka.start();

        fixture.scrapeAll();

        fixture.assertPublished("lkc-aaa 0");
    }

    /** By hand, between two scrapes: what the agent published itself, it still knows. */
    @ParameterizedTest
    @ValueSource(strings = {"exactly-once", "at-least-once"})
    void theLedgersTopicIsDeleted(String delivery) throws Exception {
        fixture.environment("METRICS_DELIVERY", delivery).scrapeAll();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.deleteTopics(List.of(fixture.topic() + "-ledger")).all().get();
        }

        fixture.scrapeNext(1);

        fixture.assertPublished("lkc-aaa 0-1");
    }

    /** By a producer of the same id that is nobody's agent, and by none that claims the topic. */
    @Test
    void theProducerIsFenced() throws Exception {
        fixture.scrape();
        String id = "confluent-scraping-agent-" + fixture.topic();
        try (Producer<String, String> shadow =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "transactional.id",
                                id),
                        new StringSerializer(),
                        new StringSerializer())) {
            shadow.initTransactions();
        }
        fixture.pass(1);

        // with a producer of its own again, for no agent claimed the topic
        fixture.scrapeAll();

        fixture.assertPublished("lkc-aaa 0-1");
    }

    @Test
    void anAgentThatDoesNotScrapeSeesThatAnotherTookOver() throws Exception {
        fixture.property("agent.ownership.check.ms", "100")
                .property("agent.catch.up.delay.ms", "3600000")
                .scheduled()
                .scrape();

        try (Agent second = new Agent(fixture.settings(), fixture.clock(), false, Map.of())) {
            second.start();
            second.scrape();

            await().until(
                            () ->
                                    fixture.management()
                                            .body("/observe/health/ready")
                                            .contains("Another agent"));
            assertThat(second.scrape().getFailures()).isEmpty();
        }
    }

    /** Both would publish the same hours. */
    @Test
    void aScrapeThatTakesLongKeepsTheNextWaiting() throws Exception {
        fixture.scrape();
        fixture.pass(1);
        fixture.simulator().answer(any(), 1, hang());
        fixture.simulator().forgetRequests();
        Future<Scrape> slow = fixture.scrapeUnderWay();

        assertThat(fixture.scrape().getRequests()).isZero();

        assertThat(slow.get().getFailures()).isEmpty();
        fixture.assertPublished("lkc-aaa 0-1");
    }

    /** A stateless agent leaves no trace: the first hour of the ledger is published again. */
    @Test
    void theLastHourIsDoubledAfterStateless() throws Exception {
        fixture.environment("METRICS_DELIVERY", "stateless").scrape();
        fixture.assertPublished("lkc-aaa 0");

        fixture.environment("METRICS_DELIVERY", "exactly-once").restart();
        fixture.scrape();
        fixture.scrape();

        fixture.assertPublished("lkc-aaa 0", "lkc-aaa 0");
    }

    private void assertReady() throws Exception {
        assertThat(fixture.management().status("/observe/health/ready")).isEqualTo(200);
        assertThat(fixture.management().metrics())
                .containsEntry("confluent_scraping_agent_kafka_usable", 1.0);
    }

    /** Not ready, but alive, in a sentence and with nothing of what Kafka said. */
    private void assertNotReady() throws Exception {
        assertThat(fixture.management().status("/observe/health/live")).isEqualTo(200);
        assertThat(fixture.management().status("/observe/health/ready")).isEqualTo(503);
        assertThat(fixture.management().check("kafka").toString())
                .contains("Kafka is not reached")
                .doesNotContain(kafka.bootstrapServers(), "Exception");
        assertThat(fixture.management().metrics())
                .containsEntry("confluent_scraping_agent_kafka_usable", 0.0);
    }
}
