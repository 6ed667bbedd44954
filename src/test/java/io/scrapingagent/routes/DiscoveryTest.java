package io.scrapingagent.routes;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.check.Check;
import io.scrapingagent.check.Finding;
import io.scrapingagent.scrape.CurrentQueries;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.scrape.Scrape.Backfill;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import io.scrapingagent.simulator.ReceivedRequest;
import io.scrapingagent.simulator.RequestMatcher;
import io.scrapingagent.status.ManagementClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Resources that nobody names: they appear and vanish while the agent runs. */
class DiscoveryTest {

    private static final String DISCOVERY = "/v2/metrics/cloud/discovery";
    private static final RequestMatcher LISTS = request -> request.path().equals(DISCOVERY);

    @TempDir private Path directory;
    private final TestClock clock = new TestClock(ScrapeFixture.NOW);
    private final LogLines log = new LogLines("io.scrapingagent.scrape");
    private final ScrapeFixture fixture =
            new ScrapeFixture(
                    MetricsApiSimulator.builder()
                            .withoutRateLimit()
                            .cluster("lkc-aaa", 3, 3)
                            .cluster("lkc-bbb", 2, 2)
                            .cluster("lkc-ccc", 2, 2)
                            .resource("connector", "lcc-one")
                            .resource("ksql", "lksqlc-one")
                            .environment("env-prod", "lkc-aaa", "lkc-bbb")
                            .environment("env-test", "lkc-ccc"),
                    "auto",
                    clock,
                    clock);

    @AfterEach
    void stop() {
        fixture.close();
        log.close();
    }

    @Test
    void whatAppearsAndVanishesIsScrapedExactlyOnce() throws Exception {
        Recipe.under("Connectors, ksqlDB, Flink and Schema Registry").into(directory);
        fixture.environment("AGENT_ROUTES_DIR", directory.toString())
                .environment("CONFLUENT_METRICS_CONNECTOR_ID_LIST", "auto")
                .environment("CONFLUENT_METRICS_KSQL_ID_LIST", "auto");
        List<ExpectedRecord> truth = new ArrayList<>();
        scrape();
        truth.addAll(clusters(0, "lkc-aaa", "lkc-bbb", "lkc-ccc"));
        truth.addAll(others(0, "lcc-one"));
        assertThat(log.await("INFO Found kafka")).endsWith("lkc-aaa, lkc-bbb, lkc-ccc");

        fixture.simulator().appear("lkc-new", 4, 1);
        fixture.simulator().appear("connector", "lcc-two");
        clock.forward(Duration.ofHours(1));
        scrape();
        truth.addAll(clusters(1, "lkc-aaa", "lkc-bbb", "lkc-ccc", "lkc-new"));
        truth.addAll(others(1, "lcc-one", "lcc-two"));

        // an outage of three hours, and a cluster that is deleted meanwhile
        fixture.simulator().vanish("lkc-bbb");
        clock.forward(Duration.ofHours(3));
        scrape();
        for (int hour = 2; hour <= 4; hour++) {
            truth.addAll(clusters(hour, "lkc-aaa", "lkc-bbb", "lkc-ccc", "lkc-new"));
            truth.addAll(others(hour, "lcc-one", "lcc-two"));
        }
        log.await("INFO No longer listed of kafka: lkc-bbb");

        // it was there for a part of the hour in which the list lacked it
        clock.forward(Duration.ofHours(1));
        scrape();
        truth.addAll(clusters(5, "lkc-aaa", "lkc-bbb", "lkc-ccc", "lkc-new"));
        truth.addAll(others(5, "lcc-one", "lcc-two"));
        log.await("INFO Retired of kafka: lkc-bbb");

        clock.forward(Duration.ofHours(1));
        scrape();
        truth.addAll(clusters(6, "lkc-aaa", "lkc-ccc", "lkc-new"));
        truth.addAll(others(6, "lcc-one", "lcc-two"));
        fixture.assertConsumed(truth);
        assertThat(fixture.simulator().requests())
                .filteredOn(LISTS::test)
                .hasSize(5 * 3)
                .extracting(it -> it.parameters().get("resource_type"))
                .containsOnly("kafka", "connector", "ksql");
    }

    @Test
    void anEnvironmentANameAndAnExceptionStandBesideEachOther() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "env-prod, lkc-ccc, !lkc-bbb");

        scrape();

        fixture.assertConsumed(clusters(0, "lkc-aaa", "lkc-ccc"));
        assertThat(lists())
                .singleElement()
                .satisfies(it -> assertThat(it.parameters()).containsEntry("env", "env-prod"));
    }

    /** Whoever names an id wants it, whatever the list says. */
    @Test
    void whatIsNamedIsScrapedEvenIfItIsNoLongerListed() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "auto,lkc-bbb");
        scrape();
        fixture.simulator().vanish("lkc-bbb");
        clock.forward(Duration.ofHours(1));
        scrape();
        clock.forward(Duration.ofHours(1));
        scrape();

        fixture.assertConsumed(upTo(2));
        assertThat(log.lines()).noneMatch(it -> it.contains("No longer listed"));
    }

    @Test
    void theListIsAskedForEveryFiveMinutesAtMost() throws Exception {
        scrape();
        clock.forward(Duration.ofMinutes(4));
        scrape();
        assertThat(lists()).hasSize(1);

        clock.forward(Duration.ofMinutes(2));
        scrape();
        assertThat(lists()).hasSize(2);
    }

    @Test
    void theLastKnownListHoldsAlsoAfterARestart() throws Exception {
        scrape();
        clock.forward(Duration.ofHours(1));
        fixture.restart();
        fixture.simulator().answerAlways(LISTS, Misbehaviour.unavailable(503));

        assertThat(fixture.scrape().getFailures()).isEmpty();

        assertThat(log.await("WARN The list of kafka could not be had, the last one holds"))
                .contains("A server that is not the Metrics API answered 503");
        List<ExpectedRecord> truth = new ArrayList<>(clusters(0, "lkc-aaa", "lkc-bbb", "lkc-ccc"));
        truth.addAll(clusters(1, "lkc-aaa", "lkc-bbb", "lkc-ccc"));
        fixture.assertConsumed(truth);
        fixture.simulator().behave();
        scrape();
        assertThat(lists()).filteredOn(it -> it.status() == 200).hasSize(2);
    }

    @Test
    void whatIsDeletedIsRetiredWithoutAFailureAlsoAfterARestart() throws Exception {
        scrape();
        fixture.simulator().delete("lkc-bbb");
        clock.forward(Duration.ofHours(2));
        scrape();
        List<ExpectedRecord> truth = new ArrayList<>(clusters(0, "lkc-aaa", "lkc-bbb", "lkc-ccc"));
        truth.addAll(clusters(1, "lkc-aaa", "lkc-ccc"));
        truth.addAll(clusters(2, "lkc-aaa", "lkc-ccc"));
        log.await("INFO Retired of kafka: lkc-bbb");

        fixture.restart();
        fixture.simulator().forgetRequests();
        clock.forward(Duration.ofHours(1));
        scrape();

        truth.addAll(clusters(3, "lkc-aaa", "lkc-ccc"));
        fixture.assertConsumed(truth);
        assertThat(fixture.simulator().requests()).noneMatch(it -> it.body().contains("lkc-bbb"));
    }

    /** The list is the same after a restart, so what it lacks then is gone. */
    @Test
    void whatVanishesWhileTheAgentIsStoppedKeepsItsHours() throws Exception {
        scrape();
        fixture.restart();
        fixture.simulator().vanish("lkc-bbb");
        clock.forward(Duration.ofHours(3));
        scrape();

        fixture.assertConsumed(upTo(3));
    }

    @Test
    void whatIsListedAgainIsScrapedOnWithoutAGap() throws Exception {
        scrape();
        fixture.simulator().vanish("lkc-bbb");
        scrapeNextHours(3);
        log.await("INFO Retired of kafka: lkc-bbb");
        fixture.simulator().relist("lkc-bbb");
        clock.forward(Duration.ofHours(1));
        scrape();

        fixture.assertConsumed(upTo(4));
    }

    /** Its last hour is forgotten as soon as somebody names it. */
    @Test
    void whoeverNamesARetiredOneGetsAllOfItsHours() throws Exception {
        scrape();
        fixture.simulator().vanish("lkc-bbb");
        scrapeNextHours(3);
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "lkc-aaa,lkc-bbb,lkc-ccc");
        fixture.restart();
        scrape();

        fixture.assertConsumed(upTo(3));
    }

    @Test
    void withoutAnyListTheScrapeFailsAndTheNextOneMakesUpForIt() throws Exception {
        fixture.simulator().answerAlways(LISTS, Misbehaviour.body("[]"));

        assertThat(fixture.scrape().getFailures())
                .singleElement()
                .satisfies(it -> assertThat(it.cluster()).isEqualTo("all of type kafka"))
                .satisfies(it -> assertThat(it.reason()).contains("lists no Kafka cluster"));

        fixture.simulator().behave();
        scrape();
        fixture.assertConsumed(clusters(0, "lkc-aaa", "lkc-bbb", "lkc-ccc"));
    }

    /** What is named is no list. */
    @Test
    void withoutAnyListTheScrapeFailsThoughOneIsNamed() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "auto,lkc-aaa");
        fixture.simulator().answerAlways(LISTS, Misbehaviour.status(403));

        assertThat(fixture.scrape().getFailures())
                .singleElement()
                .satisfies(it -> assertThat(it.cluster()).isEqualTo("all of type kafka"));

        fixture.assertConsumed(clusters(0, "lkc-aaa"));
    }

    /** A list that has nothing is a list. */
    @Test
    void anEmptyListOfConnectorsHolds() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CONNECTOR_ID_LIST", "auto");
        fixture.simulator().vanish("lcc-one");
        scrape();
        fixture.simulator().answerAlways(LISTS, Misbehaviour.unavailable(503));
        clock.forward(Duration.ofHours(1));
        scrape();

        log.await("WARN The list of connector could not be had, the last one holds");
    }

    @Test
    void aListThatNeverEndsIsGivenUp() throws Exception {
        fixture.property("metrics.api.retries", "1")
                .property("metrics.api.response.max.bytes", "100000");
        scrape();
        fixture.simulator().answerAlways(LISTS, Misbehaviour.endlessBody(true));
        clock.forward(Duration.ofHours(1));
        scrape();

        log.await("WARN The list of kafka could not be had, the last one holds");
    }

    @Test
    void aThousandAreFoundAtOnce() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "500");
        String[] ids = IntStream.range(0, 1000).mapToObj(it -> "lkc-a" + it).toArray(String[]::new);
        for (String id : ids) {
            fixture.simulator().appear(id, 1, 1);
        }
        scrape();
        List<ExpectedRecord> truth = new ArrayList<>(clusters(0, ids));
        truth.addAll(clusters(0, "lkc-aaa", "lkc-bbb", "lkc-ccc"));
        fixture.assertConsumed(truth);
    }

    @Test
    void aTypeWithoutAStepIsNoHindrance() throws Exception {
        fixture.environment("CONFLUENT_METRICS_COMPUTE_POOL_ID_LIST", "auto");
        fixture.simulator().appear("compute_pool", "lfcp-one");
        scrape();
        fixture.simulator().vanish("lfcp-one");
        clock.forward(Duration.ofHours(1));
        scrape();
        clock.forward(Duration.ofHours(1));
        scrape();

        log.await("INFO Retired of compute_pool: lfcp-one");
    }

    /** Its notes begin with what another agent's end with, if its name is a type of resource. */
    @ParameterizedTest
    @ValueSource(strings = {"kafka", "finops"})
    void agentsThatShareALedgerFindWhatIsTheirs(String name) throws Exception {
        fixture.environment("METRICS_LEDGER_TOPIC", fixture.topic() + "-ledger");
        try (ScrapeFixture other =
                new ScrapeFixture(
                                MetricsApiSimulator.builder()
                                        .withoutRateLimit()
                                        .cluster("lkc-other", 2, 2),
                                "auto",
                                clock,
                                clock)
                        .environment("METRICS_TOPIC", fixture.topic())
                        .environment("METRICS_LEDGER_TOPIC", fixture.topic() + "-ledger")
                        .environment("AGENT_NAME", name)) {
            assertThat(other.scrape().getFailures()).isEmpty();
            scrape();
            clock.forward(Duration.ofHours(1));
            assertThat(other.scrape().getFailures()).isEmpty();
            scrape();

            List<ExpectedRecord> truth = new ArrayList<>();
            for (int hour = 0; hour < 2; hour++) {
                truth.addAll(clusters(hour, "lkc-aaa", "lkc-bbb", "lkc-ccc"));
                truth.addAll(
                        ExpectedRecord.ofHour(
                                other.simulator(), HOUR.plus(Duration.ofHours(hour)), "lkc-other"));
            }
            fixture.assertConsumed(truth);
        }
    }

    @Test
    void aBackfillIsOfWhatIsListed() throws Exception {
        scrape();
        Scrape all = fixture.agent().scrape(backfill());
        assertThat(all.getFailures()).isEmpty();
        Scrape one = fixture.agent().scrape(backfill("lkc-aaa", "lkc-typo"));

        assertThat(one.getFailures())
                .singleElement()
                .satisfies(it -> assertThat(it.cluster()).isEqualTo("lkc-typo"));
        List<ExpectedRecord> truth = new ArrayList<>(clusters(0, "lkc-aaa", "lkc-bbb", "lkc-ccc"));
        truth.addAll(clusters(-1, "lkc-aaa", "lkc-bbb", "lkc-ccc"));
        truth.addAll(clusters(-2, "lkc-aaa", "lkc-bbb", "lkc-ccc"));
        fixture.assertConsumed(truth);
    }

    private static Backfill backfill(String... ids) {
        return new Backfill(
                HOUR.minus(Duration.ofHours(2)), HOUR, List.of(ids), (hour, tried, hours) -> {});
    }

    /** The lists of a clock that was wrong are asked for again. */
    @Test
    void aClockThatIsSetBackRetiresNone() throws Exception {
        scrape();
        clock.forward(Duration.ofDays(2));
        clock.forward(Duration.ofDays(-2));
        scrape();
        fixture.simulator().appear("lkc-new", 1, 1);
        clock.forward(Duration.ofMinutes(-2));
        scrape();

        fixture.assertConsumed(clusters(0, "lkc-aaa", "lkc-bbb", "lkc-ccc", "lkc-new"));
    }

    @Test
    void thePageAndTheMetricsAreThereBeforeTheFirstList() throws Exception {
        fixture.simulator().answerAlways(LISTS, Misbehaviour.unavailable(503));
        fixture.property("agent.catch.up.delay.ms", "3600000").scheduled();
        ManagementClient client = new ManagementClient(fixture.settings().management());
        fixture.agent();

        assertThat(client.metrics())
                .containsKey("confluent_scraping_agent_listed_resources{resource=\"kafka\"}");
        fixture.scrape();
        assertThat(client.metrics())
                .containsKey("confluent_scraping_agent_listed_resources{resource=\"kafka\"}");
    }

    /** A key that lost its role must not look like clusters that were deleted. */
    @Test
    void anEmptyListOfClustersRetiresNone() throws Exception {
        scrape();
        fixture.simulator().answerAlways(LISTS, Misbehaviour.body("[]"));
        clock.forward(Duration.ofHours(1));
        scrape();

        log.await("WARN The list of kafka could not be had, the last one holds");
        List<ExpectedRecord> truth = new ArrayList<>(clusters(0, "lkc-aaa", "lkc-bbb", "lkc-ccc"));
        truth.addAll(clusters(1, "lkc-aaa", "lkc-bbb", "lkc-ccc"));
        fixture.assertConsumed(truth);
    }

    /** Nothing can be said of one environment while the list of the other is missing. */
    @Test
    void noneVanishesWhileAnEnvironmentsListIsMissing() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "env-prod,env-test");
        scrape();
        fixture.simulator().vanish("lkc-aaa");
        fixture.simulator()
                .answerAlways(
                        request -> "env-test".equals(request.parameters().get("env")),
                        Misbehaviour.status(403));
        clock.forward(Duration.ofHours(1));
        scrape();

        log.await("WARN The list of kafka in env-test could not be had");
        assertThat(log.lines()).noneMatch(it -> it.contains("No longer listed"));
    }

    @Test
    void aListIsRetried() throws Exception {
        fixture.simulator()
                .answer(LISTS, 1, Misbehaviour.unavailable(503))
                .answer(LISTS, 1, Misbehaviour.tooManyRequests(Duration.ofMillis(1)));

        scrape();

        fixture.assertConsumed(clusters(0, "lkc-aaa", "lkc-bbb", "lkc-ccc"));
        assertThat(lists()).hasSize(3);
    }

    @Test
    void checkFailsWithNothingToScrape() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "auto,!lkc-aaa,!lkc-bbb,!lkc-ccc");

        assertThat(check())
                .contains("✓ List of kafka: 3 listed")
                .anyMatch(it -> it.startsWith("✗ Clusters: there is none to scrape"));
    }

    @Test
    void checkCountsWhatIsFound() throws Exception {
        assertThat(check()).contains("✓ List of kafka: 3 listed", "✓ Clusters: 3 of 3 allowed");
    }

    private List<String> check() throws Exception {
        return Check.ofBothSides(
                        fixture.settings(),
                        CurrentQueries.ofRoutes(fixture.agent().camelContext()),
                        HOUR,
                        Clock.fixed(ScrapeFixture.NOW, ZoneOffset.UTC),
                        Duration.ofSeconds(20))
                .stream()
                .map(Finding::toLine)
                .toList();
    }

    private void scrape() throws Exception {
        Scrape scrape = fixture.scrape();
        assertThat(scrape.getFailures()).isEmpty();
    }

    private List<ReceivedRequest> lists() {
        return fixture.simulator().requests().stream().filter(LISTS::test).toList();
    }

    private void scrapeNextHours(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            clock.forward(Duration.ofHours(1));
            scrape();
        }
    }

    /** What the three clusters have from the first hour on. */
    private List<ExpectedRecord> upTo(int last) {
        List<ExpectedRecord> records = new ArrayList<>();
        for (int hour = 0; hour <= last; hour++) {
            records.addAll(clusters(hour, "lkc-aaa", "lkc-bbb", "lkc-ccc"));
        }
        return records;
    }

    private List<ExpectedRecord> clusters(int hour, String... ids) {
        return ExpectedRecord.ofHour(fixture.simulator(), HOUR.plus(Duration.ofHours(hour)), ids);
    }

    private List<ExpectedRecord> others(int hour, String... connectors) {
        List<ExpectedRecord> records = new ArrayList<>();
        for (String id : connectors) {
            records.addAll(other(hour, "connector", id, "kafka.connect/sent_bytes"));
            records.addAll(other(hour, "connector", id, "kafka.connect/received_bytes"));
        }
        records.addAll(other(hour, "ksql", "lksqlc-one", "kafka.ksql/streaming_unit_count"));
        return records;
    }

    private List<ExpectedRecord> other(int hour, String type, String id, String metric) {
        return ExpectedRecord.ofStep(
                fixture.simulator(),
                HOUR.plus(Duration.ofHours(hour)),
                id,
                "io.confluent." + metric,
                "",
                type + "_id");
    }
}
