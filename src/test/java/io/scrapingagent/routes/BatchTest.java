package io.scrapingagent.routes;

import static io.scrapingagent.routes.ExpectedRecord.RESPONSE_BYTES;
import static io.scrapingagent.routes.ExpectedRecord.RETAINED_BYTES;
import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static io.scrapingagent.simulator.Misbehaviour.hang;
import static io.scrapingagent.simulator.Misbehaviour.noPoints;
import static io.scrapingagent.simulator.Misbehaviour.rewrite;
import static io.scrapingagent.simulator.Misbehaviour.status;
import static io.scrapingagent.simulator.Misbehaviour.tooManyRequests;
import static io.scrapingagent.simulator.Misbehaviour.unavailable;
import static io.scrapingagent.simulator.RequestMatcher.cluster;
import static io.scrapingagent.simulator.RequestMatcher.metric;
import static io.scrapingagent.simulator.RequestMatcher.moreClustersThan;
import static io.scrapingagent.simulator.RequestMatcher.onlyCluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.ReceivedRequest;
import io.scrapingagent.simulator.RequestMatcher;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many clusters in one request, and what becomes of them when some cannot be answered. */
class BatchTest {

    private static final String[] CLUSTERS = {
        "lkc-aaa", "lkc-bbb", "lkc-ccc", "lkc-ddd", "lkc-eee", "lkc-fff", "lkc-ggg"
    };
    private static final RequestMatcher REQUEST_BYTES = metric(ExpectedRecord.REQUEST_BYTES);

    @AutoClose private ScrapeFixture fixture = new ScrapeFixture(simulator());

    @Test
    void allClustersAreAskedForInOneRequestPerQuery() throws Exception {
        Scrape scrape = fixture.scrapeAll();
        assertThat(scrape.getCompletedQueries()).isEqualTo(3 * CLUSTERS.length);
        fixture.assertConsumed(truth(1, CLUSTERS));
        assertThat(requests()).hasSize(3);
        assertThat(requests().get(0).clusters()).containsExactly(CLUSTERS);
        assertThat(requests())
                .filteredOn(REQUEST_BYTES)
                .singleElement()
                .extracting(ReceivedRequest::body)
                .asString()
                .startsWith(
                        "{\"aggregations\":[{\"metric\":\"io.confluent.kafka.server/request_bytes\"}],"
                                + "\"granularity\":\"PT1H\",\"filter\":{\"op\":\"OR\",\"filters\":["
                                + "{\"field\":\"resource.kafka.id\",\"op\":\"EQ\",\"value\":\"lkc-aaa\"},"
                                + "{\"field\":\"resource.kafka.id\",\"op\":\"EQ\",\"value\":\"lkc-bbb\"},")
                .endsWith(
                        "\"group_by\":[\"resource.kafka.id\",\"metric.principal_id\"],"
                                + "\"intervals\":[\"PT1H/2025-09-02T02:00:00Z\"],"
                                + "\"limit\":1000,\"format\":\"FLAT\"}");
        assertThat(ledgerKeys()).hasSize(3 * CLUSTERS.length);
    }

    @Test
    void withOneClusterPerRequestEachIsAskedForAlone() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "1");

        fixture.scrape();

        assertThat(requests())
                .hasSize(3 * CLUSTERS.length)
                .allMatch(request -> request.clusters().size() == 1);
        fixture.assertConsumed(truth(1, CLUSTERS));
    }

    @Test
    void aBatchThatTakesTooLongIsHalved() throws Exception {
        fixture.property("metrics.window.deadline.ms", "1000")
                .simulator()
                .answerAlways(moreClustersThan(4), tooManyRequests(Duration.ofSeconds(2)));

        fixture.scrapeAll();

        fixture.assertConsumed(truth(1, CLUSTERS));
    }

    /** Consumers with windows of event time, and no grace, count nothing that comes late. */
    @Test
    void hoursReachTheTopicInTheirOrder() throws Exception {
        MetricsApiSimulator.Builder simulator = simulator();
        for (String cluster : List.of("lkc-hhh", "lkc-iii", "lkc-jjj", "lkc-kkk")) {
            simulator.cluster(cluster, 3, 3);
        }
        scrapeInstead(simulator.cluster("lkc-large", 1200, 2));
        fixture.environment("METRICS_TOPIC", TestKafka.uniqueTopic("one-partition"));
        fixture.scrape();
        fixture.pass(30);
        fixture.simulator().forgetRequests();

        fixture.scrapeAll();

        List<Long> timestamps =
                TestKafka.reader().readAll(fixture.settings().topic()).stream()
                        .map(ConsumerRecord::timestamp)
                        .toList();
        assertThat(timestamps).isNotEmpty().isSorted();
        // one for each hour, query and page: of principals there are two
        assertThat(requests()).hasSize(30 * (2 + 2 + 1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aForbiddenClusterIsAskedAloneAndTheOthersArePublished(boolean silently) throws Exception {
        MetricsApiSimulator.Builder simulator = simulator().forbid("lkc-ccc");
        scrapeInstead(silently ? simulator.silentlyMixed() : simulator);

        Scrape first = fixture.scrape();

        assertOnlyFailed(first, "lkc-ccc", "MetricsViewer for cluster lkc-ccc");
        fixture.assertConsumed(truth(1, without("lkc-ccc")));
        fixture.pass(1);
        fixture.simulator().forgetRequests();
        assertOnlyFailed(fixture.scrape(), "lkc-ccc", "403");
        assertThat(requests()).filteredOn(REQUEST_BYTES).hasSize(2);
        assertThat(requests())
                .filteredOn(cluster("lkc-ccc"))
                .hasSize(3)
                .allMatch(request -> request.cluster() != null);
        fixture.assertConsumed(truth(2, without("lkc-ccc")));
    }

    /** A right may have been granted meanwhile. */
    @Test
    void aCulpritIsAskedTogetherWithTheOthersAgainAfterADay() throws Exception {
        fixture.simulator().answer(cluster("lkc-ccc"), 20, status(403));
        assertOnlyFailed(fixture.scrape(), "lkc-ccc", "403");
        fixture.simulator().behave();
        fixture.pass(25);
        fixture.simulator().forgetRequests();

        fixture.scrapeAll();

        assertThat(requests()).hasSize(3 * 25 + 3);
        fixture.assertConsumed(truth(26, CLUSTERS));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClusterWithoutAPointIsAskedAloneBeforeItCountsAsEmpty(boolean silently) throws Exception {
        MetricsApiSimulator.Builder simulator = simulator().cluster("lkc-idle", 0, 0);
        scrapeInstead(silently ? simulator.silentlyMixed() : simulator);

        fixture.scrapeAll();

        assertThat(requests())
                .filteredOn(onlyCluster("lkc-idle"))
                .extracting(ReceivedRequest::metric)
                .containsExactlyInAnyOrder(
                        ExpectedRecord.REQUEST_BYTES, RESPONSE_BYTES, RETAINED_BYTES);
        // a consumer sees the last transaction once the broker has written its markers
        await().untilAsserted(
                        () ->
                                assertThat(ledgerKeys())
                                        .filteredOn(key -> key.startsWith("lkc-idle "))
                                        .hasSize(3));
        fixture.assertConsumed(truth(1, CLUSTERS));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 422})
    void aBatchThatIsTooLargeIsHalved(int status) throws Exception {
        fixture.simulator().answerAlways(moreClustersThan(3), status(status));

        fixture.scrapeAll();

        fixture.assertConsumed(truth(1, CLUSTERS));
    }

    /** The answer for two clusters is longer than 1500 bytes, that for one is not. */
    @ParameterizedTest
    @CsvSource({"metrics.window.max.points, 20", "metrics.api.response.max.bytes, 1500"})
    void aBatchWithTooLargeAnAnswerIsHalved(String limit, String value) throws Exception {
        fixture.property(limit, value).scrapeAll();

        fixture.assertConsumed(truth(1, CLUSTERS));
        assertThat(requests().size()).isGreaterThan(6);
    }

    /** Each of the large ones fits, and no two together. */
    @Test
    void windowsThatDoNotFitBesideOthersWaitUntilTheyAreAlone() throws Exception {
        scrapeInstead(MetricsApiSimulator.of("lkc-aaa", 1500, 1500).cluster("lkc-bbb", 1500, 1500));
        fixture.property("metrics.window.max.points", "1600");

        fixture.scrapeAll();

        fixture.assertPublished("lkc-aaa 0", "lkc-bbb 0");
    }

    @Test
    void aClusterWithTooManyPointsFailsAlone() throws Exception {
        scrapeInstead(simulator().cluster("lkc-large", 100, 1));
        fixture.property("metrics.window.max.points", "50");

        Scrape scrape = fixture.scrape();

        assertThat(scrape.getFailures())
                .hasSize(2)
                .allMatch(it -> it.cluster().equals("lkc-large"))
                .allMatch(it -> it.reason().contains("metrics.window.max.points"));
        List<ExpectedRecord> truth = new ArrayList<>(truth(1, CLUSTERS));
        truth.addAll(
                ExpectedRecord.ofQuery(fixture.simulator(), HOUR, "lkc-large", RETAINED_BYTES));
        fixture.assertConsumed(truth);
    }

    /** The others are answered, so it may be too much to ask. */
    @Test
    void aBatchThatGetsNoGoodAnswerIsHalvedFromTheNextScrapeOn() throws Exception {
        fixture.property("metrics.api.retries", "1")
                .simulator()
                .answerAlways(REQUEST_BYTES.and(moreClustersThan(4)), unavailable(504));
        fixture.scrape();
        fixture.pass(1);

        fixture.scrape();
        Scrape third = fixture.scrapeAll();
        fixture.assertConsumed(truth(2, CLUSTERS));
    }

    /** No batch is answered, so that one cluster has to tell this from an outage. */
    @Test
    void batchesThatAllGetNoGoodAnswerAreHalvedFromTheNextScrapeOn() throws Exception {
        fixture.property("metrics.api.retries", "1")
                .simulator()
                .answerAlways(moreClustersThan(4), unavailable(504));

        assertThat(fixture.scrape().getFailures())
                .noneMatch(
                        it -> it.reason().contains("in a row found the Metrics API unavailable"));

        fixture.scrapeAll();
        fixture.assertConsumed(truth(1, CLUSTERS));
    }

    /** In the middle of a catch-up: the hours before were answered. */
    @Test
    void anOutageDoesNotShrinkBatches() throws Exception {
        fixture.property("metrics.api.retries", "1").scrapeAll();
        fixture.pass(3);
        String last = "/" + HOUR.plus(Duration.ofHours(4));
        fixture.simulator()
                .answerAlways(request -> request.interval().endsWith(last), unavailable(503));
        assertThat(fixture.scrape().getFailures()).isNotEmpty();
        fixture.simulator().behave();
        fixture.simulator().forgetRequests();

        fixture.scrapeAll();

        assertThat(requests()).hasSize(3);
        fixture.assertConsumed(truth(4, CLUSTERS));
    }

    /** Some are still waiting for their last answer when the others have shown the outage. */
    @Test
    void anOutageThatIsSeenLateDoesNotShrinkBatches() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "2")
                .property("metrics.api.retries", "1")
                .scrapeAll();
        fixture.pass(2);
        String last = "/" + HOUR.plus(Duration.ofHours(3));
        RequestMatcher late = cluster("lkc-eee");
        fixture.simulator().answerAlways(late.and(it -> it.interval().endsWith(last)), hang());
        fixture.simulator()
                .answerAlways(
                        it -> it.interval().endsWith(last) && !late.test(it), unavailable(503));
        assertThat(fixture.scrape().getFailures()).isNotEmpty();
        fixture.simulator().behave();
        fixture.simulator().forgetRequests();

        fixture.scrapeAll();

        assertThat(requests()).hasSize(3 * 4);
    }

    @Test
    void afterAStopAQueryBeginsNoOtherWindow() throws Exception {
        scrapeInstead(simulator().latency(Duration.ofMillis(300)));
        fixture.simulator().answerAlways(moreClustersThan(1), noPoints());
        fixture.scrapeUnderWay();
        await().until(() -> requests().stream().anyMatch(it -> it.clusters().size() == 1));

        fixture.agent().close();

        assertThat(requests())
                .filteredOn(it -> it.clusters().size() == 1)
                .noneMatch(cluster("lkc-ggg")::test);
    }

    static Stream<Arguments> brokenPromises() {
        return Stream.of(
                broken("without a value", point -> point.remove("value"), "or a value"),
                broken(
                        "no name",
                        point -> point.put("metric.principal_id", "x".repeat(5000)),
                        "no name"),
                broken(
                        "a group twice",
                        point -> point.put("metric.principal_id", "u-twice"),
                        "twice"));
    }

    private static Arguments broken(String name, Consumer<JsonObject> change, String said) {
        return Arguments.of(name, change, said);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void brokenPromises(String name, Consumer<JsonObject> change, String said) throws Exception {
        fixture.simulator()
                .answerAlways(
                        REQUEST_BYTES.and(cluster("lkc-aaa")),
                        rewrite(MisbehavingBody.lastPoints(2, change)));

        assertThat(fixture.scrape().getFailures())
                .singleElement()
                .satisfies(it -> assertThat(it.cluster()).isEqualTo("lkc-aaa"))
                .satisfies(it -> assertThat(it.reason()).contains(said));

        fixture.simulator().behave();
        fixture.scrapeAll();
        fixture.assertConsumed(truth(1, CLUSTERS));
    }

    @Test
    void clustersThatFailForTheSameReasonAreNamedInOneLine() throws Exception {
        fixture.simulator()
                .answerAlways(
                        REQUEST_BYTES,
                        rewrite(
                                MisbehavingBody.lastPoints(
                                        1, point -> point.put("resource.kafka.id", "lkc-theirs"))));

        try (LogLines log = new LogLines("io.scrapingagent.scrape")) {
            assertThat(fixture.scrape().getFailures()).hasSize(CLUSTERS.length);

            assertThat(log.lines().stream().filter(it -> it.startsWith("WARN Query failed")))
                    .singleElement()
                    .asString()
                    .contains("request_bytes 2025-09-02T01:00Z, 7 clusters (lkc-aaa, lkc-bbb,")
                    .contains("not asked for");
        }
    }

    /** A query that fails is left out until the scrape ends, so its own hours stay in order. */
    @Test
    void whatFailedIsNotAskedForAgainInTheSameScrape() throws Exception {
        fixture.scrape();
        fixture.pass(5);
        fixture.simulator().answer(cluster("lkc-bbb").and(REQUEST_BYTES), 4, status(403));
        fixture.simulator().forgetRequests();

        Scrape scrape = fixture.scrape();

        assertThat(scrape.getFailures())
                .singleElement()
                .satisfies(it -> assertThat(it.cluster()).isEqualTo("lkc-bbb"));
        assertThat(requests())
                .filteredOn(cluster("lkc-bbb").and(REQUEST_BYTES))
                .allMatch(request -> request.interval().endsWith("03:00:00Z"));
        fixture.simulator().behave();
        fixture.scrapeAll();
        fixture.assertConsumed(truth(6, CLUSTERS));
    }

    private static MetricsApiSimulator.Builder simulator() {
        return MetricsApiSimulator.of(CLUSTERS, 5, 4);
    }

    private void scrapeInstead(MetricsApiSimulator.Builder simulator) {
        fixture.close();
        fixture = new ScrapeFixture(simulator);
    }

    private List<ReceivedRequest> requests() {
        return fixture.simulator().requests();
    }

    private static String[] without(String cluster) {
        return Arrays.stream(CLUSTERS).filter(it -> !it.equals(cluster)).toArray(String[]::new);
    }

    private static void assertOnlyFailed(Scrape scrape, String cluster, String said) {
        assertThat(scrape.getFailures())
                .hasSize(3)
                .allMatch(it -> it.cluster().equals(cluster))
                .allMatch(it -> it.reason().contains(said));
    }

    private List<String> ledgerKeys() {
        return TestKafka.reader().readAll(fixture.topic() + "-ledger").stream()
                .map(ConsumerRecord::key)
                .filter(key -> !key.equals("owner"))
                .toList();
    }

    private List<ExpectedRecord> truth(int hours, String... clusters) {
        return fixture.truth(
                Stream.of(clusters).map(it -> it + " 0-" + (hours - 1)).toArray(String[]::new));
    }
}
