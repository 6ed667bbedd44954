package io.scrapingagent.chaos;

import static io.scrapingagent.simulator.Misbehaviour.hang;
import static io.scrapingagent.simulator.RequestMatcher.any;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.Agent;
import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.routes.LogLines;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.RequestMatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
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

    private static final String CLUSTER = "lkc-aaa";

    @AutoClose private static EmbeddedKafka kafka;

    @AutoClose private World world;

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.builder().start();
    }

    @BeforeEach
    void start() throws Exception {
        // a test that failed may have left it stopped
        kafka.start();
        world =
                new World(
                                TestKafka.uniqueTopic("recovery"),
                                kafka.bootstrapServers(),
                                MetricsApiSimulator.of(CLUSTER, 12, 7))
                        .environment("KAFKA_MAX_BLOCK_MS", "2000")
                        .environment("KAFKA_REQUEST_TIMEOUT_MS", "1000")
                        .environment("KAFKA_DELIVERY_TIMEOUT_MS", "2000")
                        .property("metrics.api.retries", "1");
    }

    @Test
    void theBrokerIsAwayWhenTheAgentStarts() throws Exception {
        kafka.stop();
        world.property("agent.catch.up.ms", "200");
        world.startedAgent(true);
        assertNotReady("Kafka is not reached");
        kafka.start();

        awaitTruth();
        assertReady();
    }

    @Test
    void theBrokerGoesAndComesBack() throws Exception {
        world.property("agent.schedule", "false");
        Agent agent = world.startedAgent(true);
        assertThat(agent.scrape().getFailures()).isEmpty();
        assertReady();
        kafka.stop();
        world.hourPasses();
        assertThat(agent.scrape().getFailures()).isNotEmpty();
        assertNotReady("Kafka is not reached");
        kafka.start();
        world.hourPasses();

        assertThat(agent.scrape().getFailures()).isEmpty();
        assertReady();
        world.assertTruth();
    }

    /** Once the scrape has begun, which it cannot without the broker. */
    @Test
    void aScrapeOutlastsTheBrokersAbsence() throws Exception {
        Agent agent = world.startedAgent(false);
        try (LogLines log = new LogLines("io.scrapingagent.ledger")) {
            agent.scrape();
            world.hourPasses();
            world.hourPasses();
            Future<Scrape> outlasting = stopUnder(agent);
            log.await("WARN Kafka is away: ");
            kafka.start();

            assertThat(outlasting.get().getFailures()).isEmpty();
            world.assertTruth();
        }
    }

    @Test
    void aScrapeEndsWithOneLineWhenTheBrokerStaysAway() throws Exception {
        world.environment("METRICS_KAFKA_PATIENCE_MS", "1000");
        Agent agent = world.startedAgent(false);
        try (LogLines log = new LogLines("io.scrapingagent.scrape")) {
            agent.scrape();
            world.hourPasses();
            world.hourPasses();

            assertThat(stopUnder(agent).get().getFailures())
                    .singleElement()
                    .satisfies(
                            it ->
                                    assertThat(it.reason())
                                            .contains("stayed away for 1 s", "patience"));
            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("WARN "))
                    .singleElement()
                    .asString()
                    .startsWith("WARN Scrape ends early: Kafka failed: ");
            kafka.start();

            assertThat(agent.scrape().getFailures()).isEmpty();
            world.assertTruth();
        }
    }

    /** Stops the broker while a scrape waits for the API, which answers only afterwards. */
    private Future<Scrape> stopUnder(Agent agent) {
        world.simulator().answer(any(), 3, hang());
        world.simulator().forgetRequests();
        Future<Scrape> scrape = CompletableFuture.supplyAsync(agent::scrape);
        await().until(() -> world.simulator().requests().size() == 3);
        kafka.stop();
        return scrape;
    }

    /** What could not be noted is noted by the next scrape, though the list is not asked for. */
    @ParameterizedTest
    @ValueSource(strings = {"exactly-once", "at-least-once"})
    void theBrokerGoesWhileAResourceIsFound(String delivery) throws Exception {
        world.environment("METRICS_DELIVERY", delivery)
                .environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "auto")
                .environment("METRICS_KAFKA_PATIENCE_MS", "1000");
        RequestMatcher stopping =
                request -> {
                    kafka.stop();
                    return false;
                };
        world.simulator().answer(stopping, 1, hang());
        Agent agent = world.startedAgent(false);
        assertThat(agent.scrape().getFailures()).isNotEmpty();
        world.simulator().behave();
        kafka.start();

        assertThat(agent.scrape().getFailures()).isEmpty();
        world.assertTruth();
    }

    /** By a producer of the same id that is nobody's agent, and by none that claims the topic. */
    @Test
    void theProducerIsFenced() throws Exception {
        Agent agent = world.startedAgent(false);
        agent.scrape();
        try (Producer<String, String> shadow =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "transactional.id",
                                "confluent-scraping-agent-" + world.topic()),
                        new StringSerializer(),
                        new StringSerializer())) {
            shadow.initTransactions();
        }
        world.hourPasses();

        Scrape fenced = agent.scrape();

        // with a producer of its own again, for no agent claimed the topic
        assertThat(fenced.getFailures()).isEmpty();
        world.assertTruth();
    }

    /** Restarted, it would take over from the other in its turn: it is alive, but not ready. */
    @Test
    void anAgentThatAnotherTookOverFromIsDown() throws Exception {
        Agent first = world.startedAgent(false);
        first.scrape();
        assertThat(HealthCheckHelper.invokeReadiness(first.camelContext()))
                .isNotEmpty()
                .allMatch(it -> it.getState() == HealthCheck.State.UP);
        Agent second = world.startedAgent(false);
        second.scrape();
        world.hourPasses();
        world.simulator().forgetRequests();

        Scrape fenced = first.scrape();

        assertThat(fenced.getFailures())
                .singleElement()
                .satisfies(it -> assertThat(it.reason()).contains("Another agent"));
        assertThat(world.simulator().requests()).isEmpty();
        assertThat(whyNotReady(first)).singleElement().asString().contains("Another agent");
        assertThat(HealthCheckHelper.invokeLiveness(first.camelContext()))
                .allMatch(it -> it.getState() == HealthCheck.State.UP);
        assertThat(second.scrape().getFailures()).isEmpty();
        world.assertTruth();
    }

    @Test
    void anAgentThatDoesNotScrapeSeesThatAnotherTookOver() throws Exception {
        world.property("agent.ownership.check.ms", "100")
                .property("agent.catch.up.delay.ms", "3600000");
        Agent first = world.startedAgent(true);
        first.scrape();
        Agent second = world.startedAgent(false);
        second.scrape();

        await().until(() -> whyNotReady(first).toString().contains("Another agent"));
        assertThat(second.scrape().getFailures()).isEmpty();
    }

    private static List<String> whyNotReady(Agent agent) {
        return HealthCheckHelper.invokeReadiness(agent.camelContext()).stream()
                .filter(it -> it.getState() == HealthCheck.State.DOWN)
                .map(it -> it.getMessage().orElseThrow())
                .toList();
    }

    /** A scrape does not wait for consumers to see the one before. */
    @Test
    void scrapesFollowEachOtherAtOnce() throws Exception {
        Agent agent = world.startedAgent(false);
        for (int hour = 0; hour < 8; hour++) {
            agent.scrape();
            agent.scrape();
            world.hourPasses();
        }
        agent.scrape();

        world.assertTruth();
    }

    /** Both would publish the same hours. */
    @Test
    void aScrapeThatTakesLongKeepsTheNextWaiting() throws Exception {
        Agent agent = world.startedAgent(false);
        agent.scrape();
        world.hourPasses();
        world.simulator().answer(any(), 1, hang());
        world.simulator().forgetRequests();
        Future<Scrape> slow = CompletableFuture.supplyAsync(agent::scrape);
        await().until(() -> !world.simulator().requests().isEmpty());

        assertThat(agent.scrape().getRequests()).isZero();

        assertThat(slow.get().getFailures()).isEmpty();
        world.assertTruth();
    }

    /** A stateless agent leaves no trace: the first hour of the ledger is published again. */
    @Test
    void theLastHourIsDoubledAfterStateless() throws Exception {
        world.environment("METRICS_DELIVERY", "stateless");
        try (Agent stateless = world.startedAgent(false)) {
            stateless.scrape();
        }
        List<ExpectedRecord> first = world.consumed();
        assertThat(first).hasSize(world.truthSize());

        world.environment("METRICS_DELIVERY", "exactly-once");
        Agent agent = world.startedAgent(false);
        agent.scrape();
        agent.scrape();

        List<ExpectedRecord> twice = new ArrayList<>(first);
        twice.addAll(first);
        assertThat(world.consumed()).containsExactlyInAnyOrderElementsOf(twice);
    }

    private void assertReady() throws Exception {
        assertThat(world.management().status("/observe/health/ready")).isEqualTo(200);
        assertThat(world.management().metrics())
                .containsEntry("confluent_scraping_agent_kafka_usable", 1.0);
    }

    /** Not ready, but alive, with one of these sentences and nothing of what Kafka said. */
    private void assertNotReady(String... sentences) throws Exception {
        assertThat(world.management().status("/observe/health/live")).isEqualTo(200);
        assertThat(world.management().status("/observe/health/ready")).isEqualTo(503);
        assertThat(world.management().check("kafka").toString())
                .containsAnyOf(sentences)
                .doesNotContain(kafka.bootstrapServers(), "Exception");
        assertThat(world.management().metrics())
                .containsEntry("confluent_scraping_agent_kafka_usable", 0.0);
    }

    private void awaitTruth() {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(world::assertTruth);
    }
}
