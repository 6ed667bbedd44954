package io.scrapingagent.routes;

import static io.scrapingagent.routes.ExpectedRecord.REQUEST_BYTES;
import static io.scrapingagent.simulator.Misbehaviour.unavailable;
import static io.scrapingagent.simulator.RequestMatcher.any;
import static io.scrapingagent.simulator.RequestMatcher.metric;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.ReceivedRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hours that were missed are fetched later, each once, and the ledger says which there are. */
class GapClosingTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final String CLUSTER = "lkc-aaa";
    private static final Instant FIRST = ScrapeFixture.HOUR;

    private final TestClock apiClock = new TestClock(ScrapeFixture.NOW);
    private final TestClock clock = new TestClock(ScrapeFixture.NOW);

    @AutoClose
    private final ScrapeFixture fixture =
            new ScrapeFixture(
                            MetricsApiSimulator.of(CLUSTER, 5, 4).cluster("lkc-bbb", 3, 3),
                            CLUSTER,
                            apiClock,
                            clock)
                    .property("metrics.api.retries", "1");

    @ParameterizedTest
    @ValueSource(strings = {"exactly-once", "at-least-once"})
    void hoursMissedInAnOutageAreFetchedHourByHour(String delivery) throws Exception {
        fixture.environment("METRICS_DELIVERY", delivery);
        fixture.scrape();
        fixture.simulator().answerAlways(any(), unavailable(503));
        fixture.pass(3);
        assertThat(fixture.scrape().getFailures()).hasSize(1);
        fixture.simulator().behave();
        fixture.pass(2);
        fixture.simulator().forgetRequests();

        Scrape scrape = fixture.scrapeAll();
        fixture.assertPublished("lkc-aaa 0-5");
        assertThat(fixture.simulator().requests())
                .hasSize(3 * 5)
                .extracting(ReceivedRequest::interval)
                .isSorted()
                .startsWith("PT1H/2025-09-02T03:00:00Z")
                .endsWith("PT1H/2025-09-02T07:00:00Z");
    }

    @Test
    void anHourIsFetchedOnceHoweverOftenTheAgentStarts() throws Exception {
        fixture.scrape();
        fixture.restart();
        fixture.simulator().forgetRequests();
        fixture.scrape();
        fixture.scrape();

        assertThat(fixture.simulator().requests()).isEmpty();
        fixture.pass(1);
        fixture.restart();
        fixture.scrape();
        fixture.assertPublished("lkc-aaa 0-1");
    }

    @Test
    void aNewClusterBeginsWithTheLastDueHour() throws Exception {
        fixture.scrape();
        fixture.pass(3);
        fixture.restart();
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", CLUSTER + ",lkc-bbb");

        fixture.scrape();

        fixture.assertPublished("lkc-aaa 0-3", "lkc-bbb 3");
    }

    @Test
    void theFirstHourIsNotLostWhenTheFirstScrapeFails() throws Exception {
        fixture.simulator().answerAlways(any(), unavailable(503));
        fixture.scrape();
        fixture.simulator().behave();
        fixture.pass(2);

        fixture.scrape();

        fixture.assertPublished("lkc-aaa 0-2");
    }

    @Test
    void lostHoursThatCannotBeNotedHideNothingOfWhatIsPublished(@TempDir Path routes)
            throws Exception {
        Files.writeString(
                routes.resolve("lost.camel.yaml"),
                Files.readString(Path.of("src/main/resources/routes/lost.camel.yaml"))
                        .replace("direct:publish", "direct:nowhere?block=false"));
        fixture.environment("AGENT_ROUTES_DIR", routes.toString());
        fixture.scrape();
        fixture.pass(7 * 24 + 3);

        try (LogLines log = new LogLines("io.scrapingagent.scrape")) {
            Scrape scrape = fixture.scrapeAll();
            assertThat(scrape.getCompletedQueries()).isEqualTo(3);
            log.await("WARN Lost hours are not noted yet, the next scrape tries again: ");
        }
    }

    @Test
    void hoursThatTheApiNoLongerHasAreNamedOnceAndTheOthersFetched() throws Exception {
        fixture.scrape();
        fixture.pass(7 * 24 + 3);

        fixture.scrape();
        long entries = ledger().stream().filter(r -> r.value().contains("\"lost\":true")).count();
        fixture.restart();
        fixture.scrape();

        // of 01:00 on, the API has those that begin at most 7 days ago, from 06:00 on
        assertThat(entries).isEqualTo(3 * 4);
        assertThat(ledger().stream().filter(r -> r.value().contains("\"lost\":true")).count())
                .isEqualTo(entries);
        apiClock.set(ScrapeFixture.NOW);
        List<ExpectedRecord> truth = fixture.truth("lkc-aaa 0");
        apiClock.set(clock.instant());
        truth.addAll(fixture.truth("lkc-aaa 5-171"));
        fixture.assertConsumed(truth);
    }

    @Test
    void aClockThatStepsBackRepeatsNothing() throws Exception {
        fixture.scrape();
        fixture.pass(1);
        fixture.scrape();
        clock.forward(HOUR.negated());
        fixture.scrape();
        clock.forward(HOUR);
        fixture.scrape();

        fixture.assertPublished("lkc-aaa 0-1");
    }

    @Test
    void aClockThatIsAheadSkipsNothing() throws Exception {
        fixture.scrape();
        clock.forward(HOUR.multipliedBy(2));

        assertThat(fixture.scrapeFailing())
                .hasSize(3)
                .allSatisfy(it -> assertThat(it).contains("clock is ahead"));
        apiClock.set(clock.instant());
        fixture.scrape();
        fixture.assertPublished("lkc-aaa 0-2");
    }

    /** By such a clock all that the ledger has seems to lie too far away to be true. */
    @ParameterizedTest
    @ValueSource(ints = {-400, -40, 8, 20, 40, 400})
    void aClockThatWasFarOffAtTheStartRepeatsAndSkipsNothing(int days) throws Exception {
        fixture.scrape();
        fixture.restart();
        clock.forward(Duration.ofDays(days));
        assertThat(fixture.scrape().getFailures()).allMatch(it -> it.reason().contains("API"));

        clock.set(ScrapeFixture.NOW.plus(HOUR));
        apiClock.set(clock.instant());

        fixture.scrapeAll();
        fixture.assertPublished("lkc-aaa 0-1");
        assertThat(ledger()).noneMatch(entry -> entry.value().contains("\"lost\":true"));
    }

    @ParameterizedTest
    @ValueSource(ints = {-400, -40, 40, 400})
    void anAgentThatBeganWithAClockFarOffBeginsAnew(int days) throws Exception {
        clock.forward(Duration.ofDays(days));
        assertThat(fixture.scrape().getFailures()).hasSize(3);

        clock.set(ScrapeFixture.NOW);

        fixture.scrapeAll();
        fixture.assertPublished("lkc-aaa 0");
        assertThat(ledger()).noneMatch(entry -> entry.value().contains("\"lost\":true"));
    }

    /** What is lost is judged by the time that the hours to fetch are. */
    @Test
    void aClockThatLeapsDuringAScrapeLosesNothing() throws Exception {
        fixture.scrape();
        fixture.pass(1);
        fixture.simulator().forgetRequests();
        fixture.simulator().answer(metric(REQUEST_BYTES), 1, unavailable(503));
        fixture.property("metrics.api.retry.delay.ms", "1000");
        CompletableFuture<Scrape> underWay = fixture.scrapeUnderWay();
        clock.forward(Duration.ofDays(8));
        assertThat(underWay.join().getFailures()).isEmpty();

        assertThat(ledger()).noneMatch(entry -> entry.value().contains("\"lost\":true"));
        fixture.assertPublished("lkc-aaa 0-1");
    }

    /** It would be answered without points, and count as an hour in which nothing happened. */
    @Test
    void anHourThatTheApiForgetsMeanwhileIsLostAndNotEmpty() throws Exception {
        fixture.scrape();
        List<ExpectedRecord> truth = fixture.truth("lkc-aaa 0");
        clock.set(FIRST.plus(HOUR.multipliedBy(7 * 24 + 1)).minusSeconds(10));
        apiClock.set(clock.instant().plusSeconds(20));

        assertThat(fixture.scrapeFailing())
                .hasSize(3)
                .allSatisfy(it -> assertThat(it).contains("no longer has the hour"));
        clock.set(apiClock.instant());
        fixture.scrapeAll();
        assertThat(ledger())
                .filteredOn(entry -> entry.value().contains("\"lost\":true"))
                .extracting(ConsumerRecord::key)
                .hasSize(3)
                .allMatch(key -> key.endsWith(FIRST.plus(HOUR).toString()));
        truth.addAll(fixture.truth("lkc-aaa 2-167"));
        fixture.assertConsumed(truth);
    }

    /** The oldest hour that such a clock holds for open is one that the API has forgotten. */
    @Test
    void aClockThatIsBehindAtTheEdgeOfRetentionIsToBeSet() throws Exception {
        fixture.scrape();
        List<ExpectedRecord> truth = fixture.truth("lkc-aaa 0");
        clock.forward(HOUR.multipliedBy(7 * 24 - 1));
        for (int i = 0; i < 2; i++) {
            apiClock.set(clock.instant().plus(HOUR));
            assertThat(fixture.scrape().getFailures())
                    .hasSize(3)
                    .allSatisfy(
                            it ->
                                    assertThat(it.reason())
                                            .contains("clock is behind", "Set the clock (NTP)"));
            clock.forward(HOUR);
        }
        clock.set(apiClock.instant());
        fixture.scrapeAll();

        truth.addAll(fixture.truth("lkc-aaa 3-169"));
        fixture.assertConsumed(truth);
    }

    @Test
    void statelessFetchesTheLastHourOnlyAndKeepsNoLedger() throws Exception {
        fixture.environment("METRICS_DELIVERY", "stateless");
        fixture.scrape();
        fixture.pass(3);
        fixture.scrape();

        fixture.assertPublished("lkc-aaa 0", "lkc-aaa 3");
        assertThat(ledger()).isEmpty();
    }

    private List<ConsumerRecord<String, String>> ledger() {
        return TestKafka.reader().readAll(fixture.topic() + "-ledger");
    }
}
