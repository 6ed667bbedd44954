package io.scrapingagent.routes;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static io.scrapingagent.simulator.Misbehaviour.body;
import static io.scrapingagent.simulator.Misbehaviour.status;
import static io.scrapingagent.simulator.Misbehaviour.tooManyRequests;
import static io.scrapingagent.simulator.Misbehaviour.unavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.command.CheckLines;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.scrape.Scrape.Backfill;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import io.scrapingagent.simulator.ReceivedRequest;
import io.scrapingagent.simulator.RequestMatcher;
import io.scrapingagent.status.ManagementClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Resources that nobody names: they appear and vanish while the agent runs. */
class DiscoveryTest {

    private static final String DISCOVERY = "/v2/metrics/cloud/discovery";
    private static final RequestMatcher LISTS = request -> request.path().equals(DISCOVERY);

    @TempDir private Path directory;
    @AutoClose private final LogLines log = new LogLines("io.scrapingagent.scrape");

    @AutoClose
    private final ScrapeFixture fixture =
            new ScrapeFixture(
                    MetricsApiSimulator.of("lkc-aaa", 3, 3)
                            .cluster("lkc-bbb", 2, 2)
                            .cluster("lkc-ccc", 2, 2)
                            .resource("connector", "lcc-one")
                            .resource("ksql", "lksqlc-one")
                            .environment("env-prod", "lkc-aaa", "lkc-bbb")
                            .environment("env-test", "lkc-ccc"),
                    "auto");

    @Test
    void whatAppearsAndVanishesIsScrapedExactlyOnce() throws Exception {
        Recipe.under("Connectors, ksqlDB, Flink and Schema Registry").into(directory);
        fixture.environment("AGENT_ROUTES_DIR", directory.toString())
                .environment("CONFLUENT_METRICS_CONNECTOR_ID_LIST", "auto")
                .environment("CONFLUENT_METRICS_KSQL_ID_LIST", "auto");

        fixture.scrapeAll();
        assertThat(log.await("INFO Found kafka")).endsWith("lkc-aaa, lkc-bbb, lkc-ccc");

        fixture.simulator().appear("lkc-new", 4, 1);
        fixture.simulator().appear("connector", "lcc-two");
        fixture.scrapeNext(1);

        // an outage of three hours, and a cluster that is deleted meanwhile
        fixture.simulator().vanish("lkc-bbb");
        fixture.pass(3);
        fixture.scrapeAll();
        log.await("INFO No longer listed of kafka: lkc-bbb");

        // it was there for a part of the hour in which the list lacked it
        fixture.scrapeNext(1);
        log.await("INFO Retired of kafka: lkc-bbb");
        fixture.scrapeNext(1);

        List<ExpectedRecord> truth =
                fixture.truth("lkc-aaa 0-6", "lkc-bbb 0-5", "lkc-ccc 0-6", "lkc-new 1-6");
        for (int hour = 0; hour <= 6; hour++) {
            truth.addAll(others(hour, "lcc-one"));
            if (hour > 0) {
                truth.addAll(others(hour, "lcc-two"));
            }
            truth.addAll(other(hour, "ksql", "lksqlc-one", "kafka.ksql/streaming_unit_count"));
        }
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

        fixture.scrapeAll();

        fixture.assertPublished("lkc-aaa 0", "lkc-ccc 0");
        assertThat(lists())
                .singleElement()
                .satisfies(it -> assertThat(it.parameters()).containsEntry("env", "env-prod"));
    }

    /** A first scrape may have days to catch up with; the alerts are not to lose their series. */
    @Test
    void whatIsListedHasItsMetricsDuringTheFirstScrape() throws Exception {
        RequestMatcher query = RequestMatcher.metric(ExpectedRecord.REQUEST_BYTES);
        fixture.scheduled()
                .property("metrics.api.response.timeout.ms", "15000")
                .simulator()
                .answerAlways(query, Misbehaviour.hang());
        fixture.agent();
        await().until(() -> fixture.simulator().requests().stream().anyMatch(query::test));

        assertThat(fixture.management().metrics().keySet())
                .anyMatch(it -> it.matches(".*_hours_behind\\{.*lkc-aaa.*"));

        fixture.simulator().close();
    }

    /** Whoever names an id wants it, whatever the list says. */
    @Test
    void whatIsNamedIsScrapedEvenIfItIsNoLongerListed() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "auto,lkc-bbb");
        fixture.scrapeAll();
        fixture.simulator().vanish("lkc-bbb");
        fixture.scrapeNext(2);

        fixture.assertPublished("lkc-aaa 0-2", "lkc-bbb 0-2", "lkc-ccc 0-2");
        assertThat(log.lines()).noneMatch(it -> it.contains("No longer listed"));
    }

    @Test
    void theListIsAskedForEveryFiveMinutesAtMost() throws Exception {
        fixture.scrapeAll();
        fixture.pass(Duration.ofMinutes(4));
        fixture.scrapeAll();
        assertThat(lists()).hasSize(1);

        fixture.pass(Duration.ofMinutes(2));
        fixture.scrapeAll();
        assertThat(lists()).hasSize(2);
    }

    @Test
    void theLastKnownListHoldsAlsoAfterARestart() throws Exception {
        fixture.scrapeAll();
        fixture.pass(1);
        fixture.restart();
        fixture.simulator().answerAlways(LISTS, unavailable(503));

        fixture.scrapeAll();

        assertThat(log.await("WARN The list of kafka could not be had, the last one holds"))
                .contains("A server that is not the Metrics API answered 503");
        fixture.assertPublished("lkc-aaa 0-1", "lkc-bbb 0-1", "lkc-ccc 0-1");
        fixture.simulator().behave();
        fixture.scrapeAll();
        assertThat(lists()).filteredOn(it -> it.status() == 200).hasSize(2);
    }

    @Test
    void whatIsDeletedIsRetiredWithoutAFailureAlsoAfterARestart() throws Exception {
        fixture.scrapeAll();
        fixture.simulator().delete("lkc-bbb");
        fixture.pass(2);
        fixture.scrapeAll();
        log.await("INFO Retired of kafka: lkc-bbb");
        assertThat(log.lines()).noneMatch(it -> it.startsWith("WARN"));

        fixture.restart();
        fixture.simulator().forgetRequests();
        fixture.scrapeNext(1);

        fixture.assertPublished("lkc-aaa 0-3", "lkc-bbb 0", "lkc-ccc 0-3");
        assertThat(fixture.simulator().requests()).noneMatch(it -> it.body().contains("lkc-bbb"));
    }

    /** The list is the same after a restart, so what it lacks then is gone. */
    @Test
    void whatVanishesWhileTheAgentIsStoppedKeepsItsHours() throws Exception {
        fixture.scrapeAll();
        fixture.restart();
        fixture.simulator().vanish("lkc-bbb");
        fixture.pass(3);
        fixture.scrapeAll();

        fixture.assertPublished("lkc-aaa 0-3", "lkc-bbb 0-3", "lkc-ccc 0-3");
    }

    @Test
    void whatIsListedAgainIsScrapedOnWithoutAGap() throws Exception {
        fixture.scrapeAll();
        fixture.simulator().vanish("lkc-bbb");
        fixture.scrapeNext(3);
        log.await("INFO Retired of kafka: lkc-bbb");
        fixture.simulator().relist("lkc-bbb");
        fixture.scrapeNext(1);

        fixture.assertPublished("lkc-aaa 0-4", "lkc-bbb 0-4", "lkc-ccc 0-4");
    }

    /** Its last hour is forgotten as soon as somebody names it. */
    @Test
    void whoeverNamesARetiredOneGetsAllOfItsHours() throws Exception {
        fixture.scrapeAll();
        fixture.simulator().vanish("lkc-bbb");
        fixture.scrapeNext(3);
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "lkc-aaa,lkc-bbb,lkc-ccc");
        fixture.restart();
        fixture.scrapeAll();

        fixture.assertPublished("lkc-aaa 0-3", "lkc-bbb 0-3", "lkc-ccc 0-3");
    }

    @Test
    void withoutAnyListTheScrapeFailsAndTheNextOneMakesUpForIt() throws Exception {
        fixture.simulator().answerAlways(LISTS, body("[]"));

        assertThat(fixture.scrape().getFailures())
                .singleElement()
                .satisfies(it -> assertThat(it.cluster()).isEqualTo("list of kafka"))
                .satisfies(it -> assertThat(it.reason()).contains("lists no Kafka cluster"));

        fixture.simulator().behave();
        fixture.scrapeAll();
        fixture.assertPublished("lkc-aaa 0", "lkc-bbb 0", "lkc-ccc 0");
    }

    /** What is named is no list. */
    @Test
    void withoutAnyListTheScrapeFailsThoughOneIsNamed() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "auto,lkc-aaa");
        fixture.simulator().answerAlways(LISTS, status(403));

        assertThat(fixture.scrape().getFailures())
                .singleElement()
                .satisfies(it -> assertThat(it.cluster()).isEqualTo("list of kafka"));

        fixture.assertPublished("lkc-aaa 0");
    }

    /** A list that has nothing is a list. */
    @Test
    void anEmptyListOfConnectorsHolds() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CONNECTOR_ID_LIST", "auto");
        fixture.simulator().vanish("lcc-one");
        fixture.scrapeAll();
        fixture.simulator().answerAlways(LISTS, unavailable(503));
        fixture.scrapeNext(1);

        log.await("WARN The list of connector could not be had, the last one holds");
    }

    static Stream<Misbehaviour> noLists() {
        // the first as of a key that lost its role: the clusters are not deleted
        return Stream.of(body("[]"), body("x".repeat(200_000)));
    }

    @ParameterizedTest
    @MethodSource("noLists")
    void whatIsNoListRetiresNone(Misbehaviour misbehaviour) throws Exception {
        fixture.property("metrics.api.retries", "1")
                .property("metrics.api.response.max.bytes", "100000");
        fixture.scrapeAll();
        fixture.simulator().answerAlways(LISTS, misbehaviour);
        fixture.scrapeNext(1);

        log.await("WARN The list of kafka could not be had, the last one holds");
        fixture.assertPublished("lkc-aaa 0-1", "lkc-bbb 0-1", "lkc-ccc 0-1");
    }

    @Test
    void aThousandAreFoundAtOnce() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "500");
        String[] ids = IntStream.range(0, 1000).mapToObj(it -> "lkc-a" + it).toArray(String[]::new);
        for (String id : ids) {
            fixture.simulator().appear(id, 1, 1);
        }
        fixture.scrapeAll();
        List<ExpectedRecord> truth = fixture.truth("lkc-aaa 0", "lkc-bbb 0", "lkc-ccc 0");
        truth.addAll(ExpectedRecord.ofHour(fixture.simulator(), HOUR, ids));
        fixture.assertConsumed(truth);
    }

    @Test
    void aTypeWithoutAStepIsNoHindrance() throws Exception {
        fixture.environment("CONFLUENT_METRICS_COMPUTE_POOL_ID_LIST", "auto");
        fixture.simulator().appear("compute_pool", "lfcp-one");
        fixture.scrapeAll();
        fixture.simulator().vanish("lfcp-one");
        fixture.scrapeNext(2);

        log.await("INFO Retired of compute_pool: lfcp-one");
    }

    /** Its notes begin with what another agent's end with, if its name is a type of resource. */
    @ParameterizedTest
    @ValueSource(strings = {"kafka", "finops"})
    void agentsThatShareALedgerFindWhatIsTheirs(String name) throws Exception {
        fixture.environment("METRICS_LEDGER_TOPIC", fixture.topic() + "-ledger");
        try (ScrapeFixture other =
                new ScrapeFixture(MetricsApiSimulator.of("lkc-other", 2, 2), "auto")
                        .environment("METRICS_TOPIC", fixture.topic())
                        .environment("METRICS_LEDGER_TOPIC", fixture.topic() + "-ledger")
                        .environment("AGENT_NAME", name)) {
            other.scrapeAll();
            fixture.scrapeAll();
            fixture.pass(1);
            other.scrapeAll();
            fixture.scrapeAll();

            List<ExpectedRecord> truth = fixture.truth("lkc-aaa 0-1", "lkc-bbb 0-1", "lkc-ccc 0-1");
            truth.addAll(other.truth("lkc-other 0-1"));
            fixture.assertConsumed(truth);
        }
    }

    @Test
    void aBackfillIsOfWhatIsListed() throws Exception {
        fixture.scrapeAll();
        Scrape all = fixture.agent().scrape(backfill());
        assertThat(all.getFailures()).isEmpty();
        Scrape one = fixture.agent().scrape(backfill("lkc-aaa", "lkc-typo"));

        assertThat(one.getFailures())
                .singleElement()
                .satisfies(it -> assertThat(it.cluster()).isEqualTo("lkc-typo"));
        fixture.assertPublished("lkc-aaa -2-0", "lkc-bbb -2-0", "lkc-ccc -2-0");
    }

    private static Backfill backfill(String... ids) {
        return new Backfill(HOUR.minus(Duration.ofHours(2)), HOUR, List.of(ids), line -> {});
    }

    /** The lists of a clock that was wrong are asked for again. */
    @Test
    void aClockThatIsSetBackRetiresNone() throws Exception {
        fixture.scrapeAll();
        fixture.pass(Duration.ofDays(2));
        fixture.pass(Duration.ofDays(-2));
        fixture.scrapeAll();
        fixture.simulator().appear("lkc-new", 1, 1);
        fixture.pass(Duration.ofMinutes(-2));
        fixture.scrapeAll();

        fixture.assertPublished("lkc-aaa 0", "lkc-bbb 0", "lkc-ccc 0", "lkc-new 0");
    }

    @Test
    void thePageAndTheMetricsAreThereBeforeTheFirstList() throws Exception {
        fixture.simulator().answerAlways(LISTS, unavailable(503));
        fixture.property("agent.catch.up.delay.ms", "3600000").scheduled();
        ManagementClient client = fixture.management();
        fixture.agent();

        assertThat(client.metrics())
                .containsKey("confluent_scraping_agent_listed_resources{resource=\"kafka\"}");
        fixture.scrape();
        assertThat(client.metrics())
                .containsKey("confluent_scraping_agent_listed_resources{resource=\"kafka\"}");
    }

    /** Nothing can be said of one environment while the list of the other is missing. */
    @Test
    void noneVanishesWhileAnEnvironmentsListIsMissing() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "env-prod,env-test");
        fixture.scrapeAll();
        fixture.simulator().vanish("lkc-aaa");
        fixture.simulator()
                .answerAlways(
                        request -> "env-test".equals(request.parameters().get("env")), status(403));
        fixture.scrapeNext(1);

        log.await("WARN The list of kafka in env-test could not be had, the last one holds");
        assertThat(log.lines()).noneMatch(it -> it.contains("No longer listed"));
    }

    /** What is known of one environment says nothing of another, whose id may be wrong. */
    @ParameterizedTest
    @CsvSource({"403, MetricsViewer; or env-test is", "404, check CONFLUENT_METRICS_*_ID_LIST"})
    void theScrapeFailsWhileAnEnvironmentsListHasNeverCome(int status, String remedy)
            throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "env-prod");
        fixture.scrapeAll();
        fixture.restart();
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "env-prod,env-test");
        fixture.simulator()
                .answerAlways(
                        request -> "env-test".equals(request.parameters().get("env")),
                        status(status));

        assertThat(fixture.scrape().getFailures())
                .singleElement()
                .satisfies(it -> assertThat(it.cluster()).isEqualTo("list of kafka in env-test"))
                .satisfies(it -> assertThat(it.reason()).contains(remedy));
        fixture.assertPublished("lkc-aaa 0", "lkc-bbb 0");
    }

    @Test
    void aListIsRetried() throws Exception {
        fixture.simulator()
                .answer(LISTS, 1, unavailable(503))
                .answer(LISTS, 1, tooManyRequests(Duration.ofMillis(1)));

        fixture.scrapeAll();

        fixture.assertPublished("lkc-aaa 0", "lkc-bbb 0", "lkc-ccc 0");
        assertThat(lists()).hasSize(3);
    }

    @Test
    void checkCountsWhatIsFoundAndFailsWithNothingToScrape() throws Exception {
        assertThat(CheckLines.of(fixture))
                .contains("✓ List of kafka: 3 listed", "✓ Clusters: 3 of 3 allowed");

        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "auto,!lkc-aaa,!lkc-bbb,!lkc-ccc");
        assertThat(CheckLines.of(fixture))
                .contains("✓ List of kafka: 3 listed")
                .anyMatch(it -> it.startsWith("✗ Clusters: there is none to scrape"));

        // what it has is not known then
        fixture.simulator().answerAlways(LISTS, status(403));
        assertThat(CheckLines.of(fixture))
                .contains("– Clusters: the list above did not come")
                .noneMatch(it -> it.contains("none to scrape"));
    }

    private List<ReceivedRequest> lists() {
        return fixture.simulator().requests().stream().filter(LISTS::test).toList();
    }

    private List<ExpectedRecord> others(int hour, String connector) {
        List<ExpectedRecord> records =
                new ArrayList<>(other(hour, "connector", connector, "kafka.connect/sent_bytes"));
        records.addAll(other(hour, "connector", connector, "kafka.connect/received_bytes"));
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
