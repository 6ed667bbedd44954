package io.scrapingagent.routes;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import io.scrapingagent.simulator.ReceivedRequest;
import io.scrapingagent.simulator.RequestMatcher;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many clusters in one request, and what becomes of them when some cannot be answered. */
class BatchTest {

    private static final String[] CLUSTERS = {
        "lkc-aaa", "lkc-bbb", "lkc-ccc", "lkc-ddd", "lkc-eee", "lkc-fff", "lkc-ggg"
    };
    private static final RequestMatcher REQUEST_BYTES =
            RequestMatcher.metric(ExpectedRecord.REQUEST_BYTES);

    private final TestClock apiClock = new TestClock(ScrapeFixture.NOW);
    private final TestClock clock = new TestClock(ScrapeFixture.NOW);
    private ScrapeFixture fixture;

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void allClustersAreAskedForInOneRequestPerQuery() throws Exception {
        begin(simulator());

        Scrape scrape = fixture.scrape();

        assertThat(scrape.getFailures()).isEmpty();
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
        begin(simulator());
        fixture.environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "1");

        fixture.scrape();

        assertThat(requests())
                .hasSize(3 * CLUSTERS.length)
                .allMatch(request -> request.clusters().size() == 1);
        fixture.assertConsumed(truth(1, CLUSTERS));
    }

    @Test
    void aBatchThatTakesTooLongIsHalved() throws Exception {
        begin(simulator());
        fixture.property("metrics.window.deadline.ms", "1000")
                .simulator()
                .answerAlways(
                        RequestMatcher.moreClustersThan(4),
                        Misbehaviour.tooManyRequests(Duration.ofSeconds(2)));

        assertThat(fixture.scrape().getFailures()).isEmpty();

        fixture.assertConsumed(truth(1, CLUSTERS));
    }

    /** Consumers with windows of event time, and no grace, count nothing that comes late. */
    @Test
    void hoursReachTheTopicInTheirOrder() throws Exception {
        String[] others = {"lkc-hhh", "lkc-iii", "lkc-jjj", "lkc-kkk", "lkc-large"};
        MetricsApiSimulator.Builder simulator = simulator().cluster("lkc-large", 1200, 2);
        for (String cluster : List.of(others).subList(0, 4)) {
            simulator.cluster(cluster, 3, 3);
        }
        begin(simulator, others);
        fixture.environment("METRICS_TOPIC", TestKafka.uniqueTopic("one-partition"));
        fixture.scrape();
        pass(30);
        fixture.simulator().forgetRequests();

        assertThat(fixture.scrape().getFailures()).isEmpty();

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
        begin(silently ? simulator.silentlyMixed() : simulator);

        Scrape first = fixture.scrape();

        assertOnlyFailed(first, "lkc-ccc", "MetricsViewer for cluster lkc-ccc");
        fixture.assertConsumed(truth(1, without("lkc-ccc")));
        pass(1);
        fixture.simulator().forgetRequests();
        assertOnlyFailed(fixture.scrape(), "lkc-ccc", "403");
        assertThat(requests()).filteredOn(REQUEST_BYTES).hasSize(2);
        assertThat(requests())
                .filteredOn(RequestMatcher.cluster("lkc-ccc"))
                .hasSize(3)
                .allMatch(request -> request.cluster() != null);
        fixture.assertConsumed(truth(2, without("lkc-ccc")));
    }

    /** A right may have been granted meanwhile. */
    @Test
    void aCulpritIsAskedTogetherWithTheOthersAgainAfterADay() throws Exception {
        begin(simulator());
        fixture.simulator().answer(RequestMatcher.cluster("lkc-ccc"), 20, Misbehaviour.status(403));
        assertOnlyFailed(fixture.scrape(), "lkc-ccc", "403");
        fixture.simulator().behave();
        pass(25);
        fixture.simulator().forgetRequests();

        assertThat(fixture.scrape().getFailures()).isEmpty();

        assertThat(requests()).hasSize(3 * 25 + 3);
        fixture.assertConsumed(truth(26, CLUSTERS));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClusterWithoutAPointIsAskedAloneBeforeItCountsAsEmpty(boolean silently) throws Exception {
        MetricsApiSimulator.Builder simulator = simulator().cluster("lkc-idle", 0, 0);
        begin(silently ? simulator.silentlyMixed() : simulator, "lkc-idle");

        assertThat(fixture.scrape().getFailures()).isEmpty();

        assertThat(requests())
                .filteredOn(RequestMatcher.onlyCluster("lkc-idle"))
                .extracting(ReceivedRequest::metric)
                .containsExactlyInAnyOrder(
                        ExpectedRecord.REQUEST_BYTES,
                        ExpectedRecord.RESPONSE_BYTES,
                        ExpectedRecord.RETAINED_BYTES);
        assertThat(ledgerKeys()).filteredOn(key -> key.startsWith("lkc-idle ")).hasSize(3);
        fixture.assertConsumed(truth(1, CLUSTERS));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 422})
    void aBatchThatIsTooLargeIsHalvedAndStaysSo(int status) throws Exception {
        begin(simulator());
        fixture.simulator()
                .answerAlways(RequestMatcher.moreClustersThan(3), Misbehaviour.status(status));

        assertThat(fixture.scrape().getFailures()).isEmpty();
        fixture.assertConsumed(truth(1, CLUSTERS));
        pass(1);
        fixture.simulator().forgetRequests();
        assertThat(fixture.scrape().getFailures()).isEmpty();

        assertThat(requests())
                .filteredOn(REQUEST_BYTES)
                .hasSize(3)
                .allMatch(request -> request.clusters().size() <= 3);
        fixture.assertConsumed(truth(2, CLUSTERS));
    }

    @Test
    void aBatchOfTooManyPointsIsHalved() throws Exception {
        begin(simulator());
        fixture.property("metrics.window.max.points", "20");

        Scrape scrape = fixture.scrape();

        assertThat(scrape.getFailures()).isEmpty();
        fixture.assertConsumed(truth(1, CLUSTERS));
        assertThat(requests().size()).isGreaterThan(6);
    }

    @Test
    void aBatchWithTooLongAnAnswerIsHalved() throws Exception {
        begin(simulator());
        // two clusters' points are longer, those of one are not
        fixture.property("metrics.api.response.max.bytes", "1500");

        assertThat(fixture.scrape().getFailures()).isEmpty();

        fixture.assertConsumed(truth(1, CLUSTERS));
        assertThat(requests().size()).isGreaterThan(6);
    }

    /** Each of the large ones fits, and no two together. */
    @Test
    void windowsThatDoNotFitBesideOthersWaitUntilTheyAreAlone() throws Exception {
        fixture =
                new ScrapeFixture(
                        MetricsApiSimulator.builder()
                                .withoutRateLimit()
                                .cluster("lkc-aaa", 1500, 1500)
                                .cluster("lkc-bbb", 1500, 1500),
                        "lkc-aaa,lkc-bbb",
                        apiClock,
                        clock);
        fixture.property("metrics.window.max.points", "1600");

        assertThat(fixture.scrape().getFailures()).isEmpty();

        fixture.assertConsumed(truth(1, "lkc-aaa", "lkc-bbb"));
    }

    @Test
    void aClusterWithTooManyPointsFailsAlone() throws Exception {
        begin(simulator().cluster("lkc-large", 100, 1), "lkc-large");
        fixture.property("metrics.window.max.points", "50");

        Scrape scrape = fixture.scrape();

        assertThat(scrape.getFailures())
                .hasSize(2)
                .allMatch(it -> it.cluster().equals("lkc-large"))
                .allMatch(it -> it.reason().contains("metrics.window.max.points"));
        List<ExpectedRecord> truth = new ArrayList<>(truth(1, CLUSTERS));
        truth.addAll(
                ExpectedRecord.ofQuery(
                        fixture.simulator(), HOUR, "lkc-large", ExpectedRecord.RETAINED_BYTES));
        fixture.assertConsumed(truth);
    }

    /** The others are answered, so it may be too much to ask. */
    @Test
    void aBatchThatGetsNoGoodAnswerIsHalvedFromTheNextScrapeOn() throws Exception {
        begin(simulator());
        fixture.property("metrics.api.retries", "1")
                .simulator()
                .answerAlways(
                        REQUEST_BYTES.and(RequestMatcher.moreClustersThan(4)),
                        Misbehaviour.unavailable(504));
        fixture.scrape();
        pass(1);

        fixture.scrape();
        Scrape third = fixture.scrape();

        assertThat(third.getFailures()).isEmpty();
        fixture.assertConsumed(truth(2, CLUSTERS));
    }

    static Stream<Arguments> brokenPromises() {
        return Stream.of(
                broken(
                        "a point of nobody",
                        p -> p.remove("resource.kafka.id"),
                        "resource.kafka.id"),
                broken(
                        "of another cluster",
                        point -> point.put("resource.kafka.id", "lkc-theirs"),
                        "not asked for"),
                broken(
                        "a group twice",
                        point ->
                                point.put("resource.kafka.id", "lkc-aaa")
                                        .put("metric.principal_id", "u-twice"),
                        "twice"));
    }

    private static Arguments broken(String name, Consumer<JsonObject> change, String said) {
        return Arguments.of(name, change, said);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void brokenPromises(String name, Consumer<JsonObject> change, String said) throws Exception {
        begin(simulator());
        fixture.simulator()
                .answerAlways(
                        REQUEST_BYTES,
                        Misbehaviour.rewrite(
                                json -> {
                                    JsonArray data = json.getJsonArray("data");
                                    change.accept(data.getJsonObject(data.size() - 2));
                                    change.accept(data.getJsonObject(data.size() - 1));
                                    return json;
                                }));

        try (LogLines log = new LogLines("io.scrapingagent.scrape")) {
            Scrape scrape = fixture.scrape();

            assertThat(scrape.getFailures())
                    .hasSize(CLUSTERS.length)
                    .allMatch(it -> it.metric().equals("request_bytes"))
                    .allMatch(it -> it.reason().contains(said));
            // for the same reason, so in one line
            assertThat(log.lines().stream().filter(it -> it.startsWith("WARN Query failed")))
                    .singleElement()
                    .asString()
                    .contains("request_bytes 2025-09-02T01:00Z, 7 clusters (lkc-aaa, lkc-bbb,")
                    .contains(said);
        }
    }

    /** A query that fails is left out until the scrape ends, so its own hours stay in order. */
    @Test
    void whatFailedIsNotAskedForAgainInTheSameScrape() throws Exception {
        begin(simulator());
        fixture.scrape();
        pass(5);
        fixture.simulator()
                .answer(
                        RequestMatcher.cluster("lkc-bbb").and(REQUEST_BYTES),
                        4,
                        Misbehaviour.status(403));
        fixture.simulator().forgetRequests();

        Scrape scrape = fixture.scrape();

        assertThat(scrape.getFailures())
                .singleElement()
                .satisfies(it -> assertThat(it.cluster()).isEqualTo("lkc-bbb"));
        assertThat(requests())
                .filteredOn(RequestMatcher.cluster("lkc-bbb").and(REQUEST_BYTES))
                .allMatch(request -> request.interval().endsWith("03:00:00Z"));
        fixture.simulator().behave();
        assertThat(fixture.scrape().getFailures()).isEmpty();
        fixture.assertConsumed(truth(6, CLUSTERS));
    }

    private static MetricsApiSimulator.Builder simulator() {
        MetricsApiSimulator.Builder builder = MetricsApiSimulator.builder().withoutRateLimit();
        for (String cluster : CLUSTERS) {
            builder.cluster(cluster, 5, 4);
        }
        return builder;
    }

    private void begin(MetricsApiSimulator.Builder simulator, String... more) {
        String clusters =
                String.join(
                        ",", Stream.concat(Arrays.stream(CLUSTERS), Arrays.stream(more)).toList());
        fixture = new ScrapeFixture(simulator, clusters, apiClock, clock);
    }

    private void pass(int hours) {
        clock.forward(Duration.ofHours(hours));
        apiClock.set(clock.instant());
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
        return IntStream.range(0, hours)
                .mapToObj(hour -> HOUR.plus(Duration.ofHours(hour)))
                .flatMap(
                        (Instant hour) ->
                                ExpectedRecord.ofHour(fixture.simulator(), hour, clusters).stream())
                .toList();
    }
}
