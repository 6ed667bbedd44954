package io.scrapingagent.routes;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static io.scrapingagent.simulator.Misbehaviour.body;
import static io.scrapingagent.simulator.Misbehaviour.closeConnection;
import static io.scrapingagent.simulator.Misbehaviour.cutBody;
import static io.scrapingagent.simulator.Misbehaviour.cutChunkedBody;
import static io.scrapingagent.simulator.Misbehaviour.expireCursor;
import static io.scrapingagent.simulator.Misbehaviour.hang;
import static io.scrapingagent.simulator.Misbehaviour.noPoints;
import static io.scrapingagent.simulator.Misbehaviour.notFound;
import static io.scrapingagent.simulator.Misbehaviour.rewrite;
import static io.scrapingagent.simulator.Misbehaviour.status;
import static io.scrapingagent.simulator.Misbehaviour.tooManyRequests;
import static io.scrapingagent.simulator.Misbehaviour.tooManyRequestsUntilReset;
import static io.scrapingagent.simulator.Misbehaviour.tooManyRequestsWithoutHint;
import static io.scrapingagent.simulator.Misbehaviour.unavailable;
import static io.scrapingagent.simulator.RequestMatcher.any;
import static io.scrapingagent.simulator.RequestMatcher.firstPage;
import static io.scrapingagent.simulator.RequestMatcher.laterPage;
import static io.scrapingagent.simulator.RequestMatcher.metric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import io.scrapingagent.simulator.ReceivedRequest;
import io.scrapingagent.simulator.RequestMatcher;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the agent does with each answer of the Metrics API: the rows of the design's table, through
 * the real routes to what a consumer reads.
 */
class AnswersTest {

    private static final String CLUSTER = "lkc-aaa";
    private static final RequestMatcher REQUEST_BYTES = metric(ExpectedRecord.REQUEST_BYTES);

    // more than a page of principals, so that request_bytes has a later page
    @AutoClose
    private final ScrapeFixture fixture =
            new ScrapeFixture(MetricsApiSimulator.of(CLUSTER, 1500, 3));

    @Nested
    class Retried {

        static Stream<Misbehaviour> passing() {
            return Stream.of(
                    unavailable(500),
                    unavailable(502),
                    unavailable(503),
                    unavailable(504),
                    // a proxy's pages
                    unavailable(401),
                    unavailable(403),
                    unavailable(404),
                    unavailable(407),
                    hang(),
                    closeConnection(),
                    cutBody(),
                    cutChunkedBody(),
                    body("<html>Service unavailable</html>"),
                    tooManyRequests(Duration.ofSeconds(0)),
                    tooManyRequestsUntilReset(Duration.ofSeconds(1)),
                    tooManyRequestsWithoutHint());
        }

        @ParameterizedTest
        @MethodSource("passing")
        void onTheFirstAndOnALaterPage(Misbehaviour misbehaviour) throws Exception {
            fixture.simulator()
                    .answer(REQUEST_BYTES.and(firstPage()), 2, misbehaviour)
                    .answer(REQUEST_BYTES.and(laterPage()), 2, misbehaviour);

            assertComplete();
            assertThat(requests())
                    .filteredOn(REQUEST_BYTES)
                    .extracting(request -> request.pageToken() == null)
                    .containsExactly(true, true, true, false, false, false);
            assertThat(requests()).hasSize(2 + 2 + 5);
        }

        @Test
        void fromTheFirstPageWhenTheCursorExpired() throws Exception {
            fixture.simulator().answer(REQUEST_BYTES.and(laterPage()), 2, expireCursor());

            assertComplete();
            assertThat(requests())
                    .filteredOn(REQUEST_BYTES)
                    .extracting(request -> request.pageToken() == null)
                    .containsExactly(true, false, true, false, true, false);
            // the tokens have what gets across only if it is encoded
            assertThat(requests())
                    .filteredOn(laterPage())
                    .allMatch(request -> request.pageToken().startsWith("+/+/"));
        }

        @Test
        void untilTheRetriesAreUsedUpAndThenTheHourIsMissing() throws Exception {
            fixture.property("metrics.api.retries", "3")
                    .simulator()
                    .answerAlways(REQUEST_BYTES, unavailable(503));

            assertOnlyRequestBytesMissing("503");
            assertThat(requests()).filteredOn(REQUEST_BYTES).hasSize(1 + 3);
        }

        @Test
        void whenNobodyListens() throws Exception {
            fixture.property("metrics.api.retries", "2").simulator().close();

            Scrape scrape = fixture.scrape();

            assertThat(scrape.getFailures())
                    .singleElement()
                    .satisfies(
                            it ->
                                    assertThat(it.reason())
                                            .contains("3 windows in a row", "cannot be reached"));
            assertThat(scrape.getSummary()).contains(" 0 failed, ended early, 0 records, ");
            assertThat(fixture.consumed()).isEmpty();
        }

        @Test
        void asLongAsItTakesAfter429() throws Exception {
            fixture.property("metrics.api.retries", "1")
                    .property("metrics.api.rate.limit.max.wait.ms", "1")
                    .simulator()
                    .answer(REQUEST_BYTES, 40, tooManyRequests(Duration.ofDays(1)));

            assertComplete();
        }
    }

    @Nested
    class Published {

        static Stream<Misbehaviour> empty() {
            return Stream.of(notFound(), noPoints());
        }

        @ParameterizedTest
        @MethodSource
        void empty(Misbehaviour misbehaviour) throws Exception {
            answer(misbehaviour);

            assertThat(fixture.scrapeAll().getCompletedQueries()).isEqualTo(3);
            fixture.assertConsumed(withoutRequestBytes());
        }

        @Test
        void unknownFieldsDoNoHarm() throws Exception {
            fixture.simulator().answerAlways(any(), rewrite(MisbehavingBody::unknownFields));

            assertComplete();
        }

        @Test
        void numbersAreNumericallyWhatTheApiSent() throws Exception {
            String sent =
                    "721 721.0 7.21e2 1E3 0.1 1.50 -0.0 9007199254740993"
                            + " 123456789012345678901234567890 1e-7 0.30000000000000004";
            String published =
                    "721 721 721 1000 0.1 1.5 0 9007199254740993"
                            + " 123456789012345678901234567890 0.0000001 0.30000000000000004";
            answer(body(MisbehavingBody.points("metric.principal_id", sent.split(" "))));

            long records = fixture.scrape().getRecords();

            await().until(() -> consumed().size() == records);
            assertThat(consumed())
                    .filteredOn(r -> r.key().contains("request_bytes"))
                    .extracting(r -> r.value().replaceAll(".*\"value\":([^}]*)}.*", "$1"))
                    .containsExactlyInAnyOrder(published.split(" "));
        }
    }

    @Nested
    class Rejected {

        static Stream<Arguments> withoutRetry() {
            return Stream.of(
                    Arguments.of(400, "descriptors"),
                    Arguments.of(403, "MetricsViewer"),
                    Arguments.of(422, "descriptors"),
                    Arguments.of(418, "CONFLUENT_METRICS_HOST"));
        }

        @ParameterizedTest
        @MethodSource
        void withoutRetry(int status, String remedy) throws Exception {
            answer(status(status, "the API's own words"));

            assertThat(assertOnlyRequestBytesMissing(Integer.toString(status)))
                    .contains("the API's own words")
                    .contains(remedy)
                    .doesNotContain("\n");
            assertThat(requests()).filteredOn(REQUEST_BYTES).hasSize(1);
        }

        /** A proxy's 404 once made six queries published and empty. */
        @ParameterizedTest
        @ValueSource(ints = {401, 403, 404, 407, 502})
        void aProxysPageIsNotTheMetricsApis(int status) throws Exception {
            fixture.property("metrics.api.retries", "0")
                    .simulator()
                    .answerAlways(any(), unavailable(status));

            assertThat(fixture.scrapeFailing())
                    .allSatisfy(
                            failure ->
                                    assertThat(failure)
                                            .contains(
                                                    "A server that is not the Metrics API answered "
                                                            + status)
                                            .contains("HTTPS_PROXY"));
            assertThat(fixture.consumed()).isEmpty();
        }

        /** No query of any cluster can succeed, so one line says so. */
        @Test
        void anApiKeyThatIsNotKnownEndsTheScrape() throws Exception {
            fixture.simulator().answerAlways(any(), status(401, "the API's own words"));

            Scrape scrape = fixture.scrape();

            assertThat(scrape.getFailures())
                    .singleElement()
                    .satisfies(
                            failure -> {
                                assertThat(failure.cluster()).isEqualTo("all clusters");
                                assertThat(failure.reason())
                                        .contains("401", "the API's own words", "Cloud API key");
                            });
            assertThat(fixture.consumed()).isEmpty();
        }

        /** The thousand points of the first page are not all that there are. */
        @Test
        void notFoundOfALaterPage() throws Exception {
            fixture.simulator().answerAlways(REQUEST_BYTES.and(laterPage()), notFound());

            assertOnlyRequestBytesMissing("404 to a page that it had announced");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "{\"message\":\"no route\"}"})
        void notFoundByWhoeverItWas(String body) throws Exception {
            fixture.property("metrics.api.retries", "1");
            answer(Misbehaviour.body(404, body));

            assertThat(assertOnlyRequestBytesMissing("404"))
                    .contains("without the Metrics API's own error", "CONFLUENT_METRICS_HOST")
                    .doesNotContain("is not the Metrics API");
        }

        static Stream<Arguments> brokenPromises() {
            return Stream.of(
                    broken("label absent", point -> point.remove("metric.principal_id"), "label"),
                    broken("label null", p -> p.putNull("metric.principal_id"), "label"),
                    broken("label a number", p -> p.put("metric.principal_id", 7), "label"),
                    broken("value absent", point -> point.remove("value"), "value"),
                    broken("value null", point -> point.putNull("value"), "value"),
                    broken("value a string", point -> point.put("value", "721"), "value"),
                    broken("timestamp absent", point -> point.remove("timestamp"), "timestamp"),
                    broken("timestamp null", point -> point.putNull("timestamp"), "timestamp"),
                    broken("no timestamp", point -> point.put("timestamp", "today"), "timestamp"),
                    elsewhen("the hour before", "2025-09-02T00:00:00Z"),
                    elsewhen("the hour after", "2025-09-02T02:00:00Z"),
                    elsewhen("within the hour", "2025-09-02T01:30:00Z"),
                    broken(
                            "a group twice",
                            point -> point.put("metric.principal_id", "u-twice"),
                            "twice"));
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource
        void brokenPromises(String name, Consumer<JsonObject> change, String said)
                throws Exception {
            fixture.simulator()
                    .answerAlways(
                            REQUEST_BYTES.and(laterPage()),
                            rewrite(MisbehavingBody.lastPoints(2, change)));

            assertOnlyRequestBytesMissing(said);
        }

        static Stream<Arguments> otherBodies() {
            return Stream.concat(
                    Stream.of(
                                    "",
                                    "null",
                                    "[]",
                                    "{}",
                                    "{\"data\":null}",
                                    "{\"data\":{}}",
                                    "{\"data\":[null]}",
                                    "{\"data\":[7]}",
                                    "{\"data\":[],\"meta\":[]}",
                                    "{\"errors\":[{\"detail\":\"in a 200\"}]}",
                                    "{\"data\":[],\"errors\":[{\"detail\":\"in a 200\"}]}",
                                    "{\"data\":[],\"errors\":[7]}",
                                    "{\"data\":[],\"errors\":\"in a 200\"}",
                                    "<html>Please log in</html>",
                                    "{\"data\":[{\"metric.principal_id\":\"u-1\","
                                            + "\"timestamp\":\"2025-09-02T01:00:00Z\",\"value\":1e999999999}]}",
                                    "[".repeat(100_000))
                            .map(body -> Arguments.of(body, "The Metrics API")),
                    Stream.of(
                            Arguments.of("{\"data\":[{\"value\":NaN}]}", "'NaN'"),
                            Arguments.of(
                                    "{\"data\":[],\"meta\":{\"pagination\":{\"page_size\":1000,"
                                            + "\"next_page_token\":\"again\"}}}",
                                    "same page token")));
        }

        @ParameterizedTest
        @MethodSource
        void otherBodies(String body, String said) throws Exception {
            fixture.property("metrics.api.retries", "1");
            answer(body(body));

            // a parser's flag
            assertThat(assertOnlyRequestBytesMissing(said)).doesNotContain("NON_NUMERIC");
        }
    }

    private static Arguments elsewhen(String name, String time) {
        return broken(name, point -> point.put("timestamp", time), "but the window is");
    }

    private static Arguments broken(String name, Consumer<JsonObject> change, String said) {
        return Arguments.of(name, change, said);
    }

    private List<ReceivedRequest> requests() {
        return fixture.simulator().requests();
    }

    private List<ExpectedRecord> consumed() {
        return ExpectedRecord.of(fixture.consumed());
    }

    private List<ExpectedRecord> withoutRequestBytes() {
        return Stream.of(ExpectedRecord.RESPONSE_BYTES, ExpectedRecord.RETAINED_BYTES)
                .flatMap(
                        metric ->
                                ExpectedRecord.ofQuery(fixture.simulator(), HOUR, CLUSTER, metric)
                                        .stream())
                .toList();
    }

    private void answer(Misbehaviour misbehaviour) {
        fixture.simulator().answerAlways(REQUEST_BYTES, misbehaviour);
    }

    private void assertComplete() throws Exception {
        fixture.scrapeAll();
        fixture.assertPublished(CLUSTER + " 0");
    }

    /** Scrapes, and returns why the one query failed. */
    private String assertOnlyRequestBytesMissing(String said) throws Exception {
        Scrape scrape = fixture.scrape();
        assertThat(scrape.getFailures()).hasSize(1);
        Scrape.FailedQuery failure = scrape.getFailures().get(0);
        assertThat(failure.cluster()).isEqualTo(CLUSTER);
        assertThat(failure.metric()).isEqualTo("request_bytes");
        assertThat(failure.reason()).contains(said);
        fixture.assertConsumed(withoutRequestBytes());
        return failure.reason();
    }
}
