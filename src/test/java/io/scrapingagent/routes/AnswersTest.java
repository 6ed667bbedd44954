package io.scrapingagent.routes;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
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
    private static final RequestMatcher REQUEST_BYTES =
            RequestMatcher.metric(ExpectedRecord.REQUEST_BYTES);

    @AutoClose private ScrapeFixture fixture;

    @BeforeEach
    void start() {
        // more than a page of principals, so that request_bytes has a later page
        fixture = new ScrapeFixture(MetricsApiSimulator.of(CLUSTER, 1500, 3));
    }

    @Nested
    class Retried {

        static Stream<Misbehaviour> passing() {
            return Stream.of(
                    Misbehaviour.unavailable(500),
                    Misbehaviour.unavailable(502),
                    Misbehaviour.unavailable(503),
                    Misbehaviour.unavailable(504),
                    // a proxy's pages
                    Misbehaviour.unavailable(401),
                    Misbehaviour.unavailable(403),
                    Misbehaviour.unavailable(407),
                    Misbehaviour.hang(),
                    Misbehaviour.closeConnection(),
                    Misbehaviour.cutBody(),
                    Misbehaviour.cutChunkedBody(),
                    Misbehaviour.body("<html>Service unavailable</html>"),
                    Misbehaviour.tooManyRequests(Duration.ofSeconds(0)),
                    Misbehaviour.tooManyRequestsUntilReset(Duration.ofSeconds(0)),
                    Misbehaviour.tooManyRequestsWithoutHint());
        }

        @ParameterizedTest
        @MethodSource("passing")
        void onTheFirstAndOnALaterPage(Misbehaviour misbehaviour) throws Exception {
            fixture.simulator()
                    .answer(REQUEST_BYTES.and(RequestMatcher.firstPage()), 2, misbehaviour)
                    .answer(REQUEST_BYTES.and(RequestMatcher.laterPage()), 2, misbehaviour);

            assertComplete(fixture.scrape());
            assertThat(requests())
                    .filteredOn(REQUEST_BYTES)
                    .extracting(request -> request.pageToken() == null)
                    .containsExactly(true, true, true, false, false, false);
            assertThat(requests()).hasSize(2 + 2 + 5);
        }

        @Test
        void fromTheFirstPageWhenTheCursorExpired() throws Exception {
            fixture.simulator()
                    .answer(
                            REQUEST_BYTES.and(RequestMatcher.laterPage()),
                            2,
                            Misbehaviour.expireCursor());

            assertComplete(fixture.scrape());
            assertThat(requests())
                    .filteredOn(REQUEST_BYTES)
                    .extracting(request -> request.pageToken() == null)
                    .containsExactly(true, false, true, false, true, false);
        }

        @Test
        void untilTheRetriesAreUsedUpAndThenTheHourIsMissing() throws Exception {
            fixture.property("metrics.api.retries", "3")
                    .simulator()
                    .answerAlways(REQUEST_BYTES, Misbehaviour.unavailable(503));

            assertOnlyRequestBytesMissing("503");
            assertThat(requests()).filteredOn(REQUEST_BYTES).hasSize(1 + 3);
        }

        @Test
        void whenNobodyListens() throws Exception {
            fixture.property("metrics.api.retries", "2").simulator().close();

            assertThat(fixture.scrapeFailingOnce())
                    .contains("3 windows in a row", "cannot be reached");
            assertThat(fixture.consumed()).isEmpty();
        }

        @Test
        void asLongAsItTakesAfter429() throws Exception {
            fixture.property("metrics.api.retries", "1")
                    .property("metrics.api.rate.limit.max.wait.ms", "1")
                    .simulator()
                    .answer(REQUEST_BYTES, 40, Misbehaviour.tooManyRequests(Duration.ofDays(1)));

            assertComplete(fixture.scrape());
        }
    }

    @Nested
    class Published {

        static Stream<Misbehaviour> empty() {
            return Stream.of(Misbehaviour.notFound(), Misbehaviour.noPoints());
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
            fixture.simulator()
                    .answerAlways(
                            RequestMatcher.any(),
                            Misbehaviour.rewrite(MisbehavingBody::unknownFields));

            assertComplete(fixture.scrape());
        }

        @Test
        void withoutMetaItIsTheLastPage() throws Exception {
            fixture.simulator()
                    .answerAlways(
                            RequestMatcher.metric(ExpectedRecord.RETAINED_BYTES),
                            Misbehaviour.rewrite(MisbehavingBody::withoutMeta));

            assertComplete(fixture.scrape());
        }

        @Test
        void numbersAreNumericallyWhatTheApiSent() throws Exception {
            answer(
                    Misbehaviour.body(
                            MisbehavingBody.points(
                                    "metric.principal_id",
                                    "721",
                                    "721.0",
                                    "7.21e2",
                                    "1E3",
                                    "0.1",
                                    "1.50",
                                    "-0.0",
                                    "9007199254740993",
                                    "123456789012345678901234567890",
                                    "1e-7",
                                    "0.30000000000000004")));

            long records = fixture.scrape().getRecords();

            await().until(() -> consumed().size() == records);
            assertThat(consumed())
                    .filteredOn(r -> r.key().contains("request_bytes"))
                    .extracting(r -> r.value().replaceAll(".*\"value\":([^}]*)}.*", "$1"))
                    .containsExactlyInAnyOrder(
                            "721",
                            "721",
                            "721",
                            "1000",
                            "0.1",
                            "1.5",
                            "0",
                            "9007199254740993",
                            "123456789012345678901234567890",
                            "0.0000001",
                            "0.30000000000000004");
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
            answer(Misbehaviour.status(status, "the API's own words"));

            assertThat(assertOnlyRequestBytesMissing(Integer.toString(status)))
                    .contains("the API's own words")
                    .contains(remedy)
                    .doesNotContain("\n");
            assertThat(requests()).filteredOn(REQUEST_BYTES).hasSize(1);
        }

        @ParameterizedTest
        @ValueSource(ints = {401, 403, 407, 502})
        void aProxysPageIsNotTheMetricsApis(int status) throws Exception {
            fixture.property("metrics.api.retries", "0")
                    .simulator()
                    .answerAlways(RequestMatcher.any(), Misbehaviour.unavailable(status));

            Scrape scrape = fixture.scrape();

            assertThat(scrape.getFailures())
                    .isNotEmpty()
                    .allSatisfy(
                            failure ->
                                    assertThat(failure.reason())
                                            .contains(
                                                    "A server that is not the Metrics API answered "
                                                            + status)
                                            .contains("HTTPS_PROXY"));
            assertThat(fixture.consumed()).isEmpty();
        }

        @Test
        void aNumberThatJsonDoesNotHaveIsSaidWithoutAParsersFlag() throws Exception {
            fixture.property("metrics.api.retries", "0")
                    .simulator()
                    .answerAlways(REQUEST_BYTES, Misbehaviour.body("{\"data\":[{\"value\":NaN}]}"));

            assertThat(fixture.scrapeFailingOnce()).contains("'NaN'").doesNotContain("NON_NUMERIC");
        }

        /** No query of any cluster can succeed, so one line says so. */
        @Test
        void anApiKeyThatIsNotKnownEndsTheScrape() throws Exception {
            fixture.simulator()
                    .answerAlways(
                            RequestMatcher.any(), Misbehaviour.status(401, "the API's own words"));

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

        @ParameterizedTest
        @ValueSource(ints = {301, 302, 307, 308})
        void redirectsToAnotherHost(int status) throws Exception {
            try (MetricsApiSimulator elsewhere =
                    MetricsApiSimulator.builder().cluster(CLUSTER, 1, 1).start()) {
                String location =
                        elsewhere.baseUri().toString().replace("127.0.0.1", "localhost")
                                + "/v2/metrics/cloud/query";
                answer(Misbehaviour.redirect(status, location));

                assertOnlyRequestBytesMissing("redirected to http://localhost");
                assertThat(elsewhere.requests()).isEmpty();
            }
        }

        /** The thousand points of the first page are not all that there are. */
        @Test
        void notFoundOfALaterPage() throws Exception {
            fixture.simulator()
                    .answerAlways(
                            REQUEST_BYTES.and(RequestMatcher.laterPage()), Misbehaviour.notFound());

            assertOnlyRequestBytesMissing("404 to a page that it had announced");
        }

        /** A proxy's 404 once made six queries published and empty. */
        @Test
        void notFoundBySomebodyElse() throws Exception {
            answer(Misbehaviour.unavailable(404));

            assertThat(assertOnlyRequestBytesMissing("not the Metrics API answered 404"))
                    .contains("CONFLUENT_METRICS_HOST");
            // such a page may be gone with the next request
            assertThat(requests()).filteredOn(REQUEST_BYTES).hasSizeGreaterThan(1);
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
                    broken(
                            "the hour before",
                            point -> point.put("timestamp", "2025-09-02T00:00:00Z"),
                            "but the window is"),
                    broken(
                            "the hour after",
                            point -> point.put("timestamp", "2025-09-02T02:00:00Z"),
                            "but the window is"),
                    broken(
                            "within the hour",
                            point -> point.put("timestamp", "2025-09-02T01:30:00Z"),
                            "but the window is"),
                    broken(
                            "a group twice",
                            point -> point.put("metric.principal_id", "u-twice"),
                            "twice"));
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource
        void brokenPromises(String name, UnaryOperator<JsonObject> change, String said)
                throws Exception {
            fixture.simulator()
                    .answerAlways(
                            REQUEST_BYTES.and(RequestMatcher.laterPage()),
                            Misbehaviour.rewrite(MisbehavingBody.lastPoints(2, change)));

            assertOnlyRequestBytesMissing(said);
        }

        @Test
        void theSamePageTokenAgain() throws Exception {
            answer(
                    Misbehaviour.body(
                            "{\"data\":[],\"meta\":{\"pagination\":{\"page_size\":1000,"
                                    + "\"next_page_token\":\"again\"}}}"));

            assertOnlyRequestBytesMissing("same page token");
        }

        static Stream<String> otherBodies() {
            return Stream.of(
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
                    "<html>Please log in</html>",
                    "{\"data\":[{\"metric.principal_id\":\"u-1\","
                            + "\"timestamp\":\"2025-09-02T01:00:00Z\",\"value\":1e999999999}]}",
                    "[".repeat(100_000));
        }

        @ParameterizedTest
        @MethodSource
        void otherBodies(String body) throws Exception {
            fixture.property("metrics.api.retries", "1")
                    .simulator()
                    .answerAlways(REQUEST_BYTES, Misbehaviour.body(body));

            assertOnlyRequestBytesMissing("The Metrics API");
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void anEndlessBody(boolean insideString) throws Exception {
            fixture.property("metrics.api.response.max.bytes", "1000000")
                    .simulator()
                    .answerAlways(REQUEST_BYTES, Misbehaviour.endlessBody(insideString));

            assertOnlyRequestBytesMissing("1000000 bytes");
        }

        @Test
        void aBodyThatTrickles() throws Exception {
            fixture.property("metrics.api.response.deadline.ms", "300")
                    .property("metrics.api.retries", "1")
                    .simulator()
                    .answerAlways(REQUEST_BYTES, Misbehaviour.slowBody(Duration.ofMillis(20)));

            assertOnlyRequestBytesMissing("not complete within 300 ms");
        }
    }

    private interface PointChange {
        Object on(JsonObject point);
    }

    private static Arguments broken(String name, PointChange change, String said) {
        UnaryOperator<JsonObject> operator =
                point -> {
                    change.on(point);
                    return point;
                };
        return Arguments.of(name, operator, said);
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

    private void assertComplete(Scrape scrape) {
        assertThat(scrape.getFailures()).isEmpty();
        fixture.assertPublished(CLUSTER + " 0");
    }

    /** Scrapes, and returns why the one query failed. */
    private String assertOnlyRequestBytesMissing(String said) throws Exception {
        return assertOnlyRequestBytesMissing(fixture.scrape(), said);
    }

    private String assertOnlyRequestBytesMissing(Scrape scrape, String said) {
        assertThat(scrape.getFailures()).hasSize(1);
        Scrape.FailedQuery failure = scrape.getFailures().get(0);
        assertThat(failure.cluster()).isEqualTo(CLUSTER);
        assertThat(failure.metric()).isEqualTo("request_bytes");
        assertThat(failure.reason()).contains(said);
        fixture.assertConsumed(withoutRequestBytes());
        return failure.reason();
    }
}
