package io.scrapingagent.routes;

import static org.awaitility.Awaitility.await;

import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import io.scrapingagent.simulator.RequestMatcher;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;

/**
 * An agent that runs for eight days with what can happen in them: hours without records, an outage
 * longer than the Metrics API keeps hours, hours that are still open, and a cluster of which the
 * API key's role was taken.
 */
final class StatusScene implements AutoCloseable {

    static final Instant END = Instant.parse("2025-11-01T00:07:00Z");
    static final String REFUSED = "lkc-qn0r3";

    private static final String GOOD = "lkc-7d2kq";
    private static final String EMPTY = "lkc-m1x9z";
    private static final String OUTAGE = "lkc-v60gp";
    private static final String OPEN = "lkc-8wz41";

    private final TestClock clock = new TestClock(END.minus(Duration.ofHours(196)));
    private final ScrapeFixture fixture;

    private StatusScene() {
        fixture =
                new ScrapeFixture(
                                MetricsApiSimulator.builder()
                                        .rateLimit(250)
                                        .cluster(GOOD, 3, 3)
                                        .cluster(EMPTY, 2, 2)
                                        .cluster(OUTAGE, 2, 4)
                                        .cluster(OPEN, 4, 2)
                                        .cluster(REFUSED, 2, 2),
                                String.join(",", GOOD, EMPTY, OUTAGE, OPEN, REFUSED),
                                clock,
                                clock)
                        .environment("CONFLUENT_METRICS_REQUESTS_PER_MINUTE", "50")
                        // a minute of the clock takes no time here
                        .property("metrics.api.pacing.period.ms", "100")
                        .environment("METRICS_API_RETENTION_HOURS", "36")
                        .property("metrics.api.retries", "0")
                        .property("agent.catch.up.delay.ms", "3600000")
                        .scheduled();
    }

    /** Lets the days pass. */
    static StatusScene play() throws Exception {
        StatusScene scene = new StatusScene();
        scene.pass();
        return scene;
    }

    private void pass() throws Exception {
        // on a busy machine Kafka may take longer than the agent waits
        await().atMost(Duration.ofMinutes(1)).until(() -> fixture.scrape().getFailures().isEmpty());
        refuse();
        at(168);
        fixture.simulator()
                .answerAlways(RequestMatcher.cluster(OUTAGE), Misbehaviour.unavailable(503));
        at(140);
        RequestMatcher retained = RequestMatcher.metric(ExpectedRecord.RETAINED_BYTES);
        fixture.simulator()
                .answerAlways(RequestMatcher.cluster(EMPTY).and(retained), Misbehaviour.noPoints());
        at(120);
        at(100);
        at(92);
        fixture.simulator().behave();
        refuse();
        at(90);
        at(66);
        at(42);
        at(18);
        at(7);
        fixture.simulator()
                .answerAlways(
                        RequestMatcher.cluster(OPEN).and(retained),
                        Misbehaviour.status(403, "the API key is not authorized for " + OPEN));
        at(0);
    }

    private void refuse() {
        fixture.simulator()
                .answerAlways(
                        RequestMatcher.cluster(REFUSED),
                        Misbehaviour.status(
                                403, "the API key is not authorized for the resource " + REFUSED));
    }

    private void at(int hoursBeforeEnd) throws Exception {
        clock.set(END.minus(Duration.ofHours(hoursBeforeEnd)));
        fixture.scrape();
    }

    /** Where the page is. */
    URI page() throws Exception {
        return fixture.management();
    }

    @Override
    public void close() {
        fixture.close();
    }
}
