package io.scrapingagent.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.Agent;
import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.routes.LogLines;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import io.scrapingagent.simulator.ReceivedRequest;
import io.scrapingagent.simulator.RequestMatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The agent goes on by itself when the cause of a failure is gone. */
class RecoveryTest {

    private static final String CLUSTER = "lkc-aaa";

    private EmbeddedKafka kafka;
    private World world;

    @BeforeEach
    void start() throws Exception {
        kafka = EmbeddedKafka.builder().start();
        world =
                new World(
                                "recovery",
                                kafka.bootstrapServers(),
                                MetricsApiSimulator.builder()
                                        .withoutRateLimit()
                                        .cluster(CLUSTER, 12, 7),
                                CLUSTER)
                        .environment("KAFKA_MAX_BLOCK_MS", "2000")
                        .environment("KAFKA_REQUEST_TIMEOUT_MS", "1000")
                        .environment("KAFKA_DELIVERY_TIMEOUT_MS", "2000")
                        .property("metrics.api.retries", "1");
    }

    @AfterEach
    void stop() {
        world.close();
        kafka.close();
    }

    @Test
    void theBrokerIsAwayWhenTheAgentStarts() throws Exception {
        kafka.stop();
        world.property("agent.catch.up.ms", "200");
        try (Agent agent = world.agent(true)) {
            agent.start();
            assertNotReady("Kafka is not reached");
            kafka.start();

            awaitTruth();
            assertReady();
        }
    }

    @Test
    void theBrokerGoesAndComesBack() throws Exception {
        world.property("agent.schedule", "false");
        try (Agent agent = world.agent(true)) {
            agent.start();
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
    }

    /** Once the scrape has begun, which it cannot without the broker. */
    @Test
    void aScrapeOutlastsTheBrokersAbsence() throws Exception {
        try (Agent agent = world.agent(false);
                LogLines log = new LogLines("io.scrapingagent.ledger")) {
            agent.start();
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
        try (Agent agent = world.agent(false);
                LogLines log = new LogLines("io.scrapingagent.scrape")) {
            agent.start();
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
        world.simulator().answer(RequestMatcher.any(), 3, Misbehaviour.hang());
        world.simulator().forgetRequests();
        Future<Scrape> scrape = CompletableFuture.supplyAsync(agent::scrape);
        await().until(() -> world.simulator().requests().size() == 3);
        kafka.stop();
        return scrape;
    }

    /** By a producer of the same id that is nobody's agent, and by none that claims the topic. */
    @Test
    void theProducerIsFenced() throws Exception {
        try (Agent agent = world.agent(false)) {
            agent.start();
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
    }

    /** Restarted, it would take over from the other in its turn: it is alive, but not ready. */
    @Test
    void anAgentThatAnotherTookOverFromIsDown() throws Exception {
        try (Agent first = world.agent(false);
                Agent second = world.agent(false)) {
            first.start();
            first.scrape();
            assertThat(HealthCheckHelper.invokeReadiness(first.camelContext()))
                    .isNotEmpty()
                    .allMatch(it -> it.getState() == HealthCheck.State.UP);
            second.start();
            second.scrape();
            world.hourPasses();
            world.simulator().forgetRequests();

            Scrape fenced = first.scrape();

            assertThat(fenced.getFailures())
                    .singleElement()
                    .satisfies(it -> assertThat(it.reason()).contains("Another agent"));
            assertThat(world.simulator().requests()).isEmpty();
            assertThat(HealthCheckHelper.invokeReadiness(first.camelContext()))
                    .filteredOn(it -> it.getState() == HealthCheck.State.DOWN)
                    .singleElement()
                    .satisfies(
                            it ->
                                    assertThat(it.getMessage().orElseThrow())
                                            .contains("Another agent"));
            assertThat(HealthCheckHelper.invokeLiveness(first.camelContext()))
                    .allMatch(it -> it.getState() == HealthCheck.State.UP);
            assertThat(second.scrape().getFailures()).isEmpty();
            world.assertTruth();
        }
    }

    @Test
    void anAgentThatDoesNotScrapeSeesThatAnotherTookOver() throws Exception {
        world.property("agent.ownership.check.ms", "100")
                .property("agent.catch.up.delay.ms", "3600000");
        try (Agent first = world.agent(true);
                Agent second = world.agent(false)) {
            first.start();
            first.scrape();
            second.start();
            second.scrape();

            await().untilAsserted(
                            () ->
                                    assertThat(
                                                    HealthCheckHelper.invokeReadiness(
                                                            first.camelContext()))
                                            .filteredOn(
                                                    it -> it.getState() == HealthCheck.State.DOWN)
                                            .extracting(it -> it.getMessage().orElseThrow())
                                            .singleElement()
                                            .asString()
                                            .contains("Another agent"));
            assertThat(second.scrape().getFailures()).isEmpty();
        }
    }

    @Test
    void theApiIsAwayForHours() throws Exception {
        try (Agent agent = world.agent(false)) {
            agent.start();
            agent.scrape();
            world.simulator().answerAlways(RequestMatcher.any(), Misbehaviour.unavailable(503));
            for (int hour = 0; hour < 7; hour++) {
                world.hourPasses();
                assertThat(agent.scrape().getFailures()).isNotEmpty();
            }
            world.simulator().behave();
            world.simulator().forgetRequests();

            assertThat(agent.scrape().getFailures()).isEmpty();

            world.assertTruth();
            assertThat(world.simulator().requests())
                    .filteredOn(request -> request.metric().equals(ExpectedRecord.RETAINED_BYTES))
                    .extracting(ReceivedRequest::interval)
                    .hasSize(7)
                    .isSorted();
        }
    }

    /** A scrape does not wait for consumers to see the one before. */
    @Test
    void scrapesFollowEachOtherAtOnce() throws Exception {
        try (Agent agent = world.agent(false)) {
            agent.start();
            for (int hour = 0; hour < 20; hour++) {
                agent.scrape();
                agent.scrape();
                world.hourPasses();
            }
            agent.scrape();

            world.assertTruth();
        }
    }

    /** A long scrape is not overtaken by the next: both would publish the same hours. */
    @Test
    void scrapesThatAreDueAtOnceWaitForEachOther() throws Exception {
        try (Agent agent = world.agent(false)) {
            agent.start();
            agent.scrape();
        }
        for (int hour = 0; hour < 10; hour++) {
            world.hourPasses();
        }
        world.simulator().forgetRequests();
        world.property("agent.catch.up.ms", "5");
        try (Agent agent = world.agent(true)) {
            agent.start();

            await().until(() -> world.consumed().size() >= world.truthSize());
        }
        world.assertTruth();
        assertThat(world.simulator().requests())
                .extracting(request -> request.metric() + " " + request.interval())
                .doesNotHaveDuplicates();
    }

    /**
     * Camel's throttle for concurrent requests forgets ten seconds after one has ended that another
     * one is under way.
     */
    @Test
    void aScrapeThatTakesLongKeepsTheNextWaiting() throws Exception {
        world.property("metrics.api.response.timeout.ms", "14000");
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Agent agent = world.agent(false)) {
            agent.start();
            agent.scrape();
            world.hourPasses();
            world.simulator().answer(RequestMatcher.any(), 1, Misbehaviour.hang());
            world.simulator().forgetRequests();
            Future<Scrape> slow = threads.submit(() -> agent.scrape());
            await().until(() -> !world.simulator().requests().isEmpty());

            assertThatThrownBy(() -> slow.get(12, TimeUnit.SECONDS))
                    .isInstanceOf(TimeoutException.class);
            agent.scrape();

            slow.get();
            world.assertTruth();
        } finally {
            threads.shutdownNow();
        }
    }

    /** A stateless agent leaves no trace: the first hour of the ledger is published again. */
    @Test
    void theLastHourIsDoubledAfterStateless() throws Exception {
        world.environment("METRICS_DELIVERY", "stateless");
        try (Agent agent = world.agent(false)) {
            agent.start();
            agent.scrape();
        }
        List<ExpectedRecord> first = world.consumed();
        assertThat(first).hasSize(world.truthSize());

        world.environment("METRICS_DELIVERY", "exactly-once");
        try (Agent agent = world.agent(false)) {
            agent.start();
            agent.scrape();
            agent.scrape();
        }

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
