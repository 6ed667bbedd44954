package io.scrapingagent.routes;

import static io.scrapingagent.simulator.Misbehaviour.expireCursor;
import static io.scrapingagent.simulator.Misbehaviour.tooManyRequestsUntilReset;
import static io.scrapingagent.simulator.Misbehaviour.unavailable;
import static io.scrapingagent.simulator.Misbehaviour.withHeaders;
import static io.scrapingagent.simulator.RequestMatcher.any;
import static io.scrapingagent.simulator.RequestMatcher.laterPage;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import io.scrapingagent.simulator.ReceivedRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests are paced, and only as much as they must be. */
class PacingTest {

    private static final Duration PERIOD = Duration.ofMillis(1500);

    @Test
    void neverSendsMoreThanTheBudgetInAnyPeriodRetriesAndPagesIncluded() throws Exception {
        int budget = 4;
        try (ScrapeFixture fixture =
                new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 2500, 3))
                        .environment(
                                "CONFLUENT_METRICS_REQUESTS_PER_MINUTE", Integer.toString(budget))
                        .property(
                                "metrics.api.pacing.period.ms", Long.toString(PERIOD.toMillis()))) {
            fixture.simulator()
                    .answer(any(), 3, unavailable(503))
                    .answer(laterPage(), 2, expireCursor());

            fixture.scrape();

            fixture.assertPublished("lkc-aaa 0");
            List<ReceivedRequest> requests = fixture.simulator().requests();
            assertThat(requests).hasSizeGreaterThan(2 * budget);
            for (int i = 0; i + budget < requests.size(); i++) {
                long nanos =
                        requests.get(i + budget).arrivedNanos() - requests.get(i).arrivedNanos();
                // on a busy machine one may be longer on its way than another; without a pace, or
                // with one that begins anew with each period, they would come at once
                assertThat(Duration.ofNanos(nanos)).isGreaterThan(PERIOD.dividedBy(2));
            }
        }
    }

    @Test
    @Timeout(60)
    void aScrapeBelowTheBudgetDoesNotWait() throws Exception {
        try (ScrapeFixture fixture =
                new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 3, 3))
                        .environment("CONFLUENT_METRICS_REQUESTS_PER_MINUTE", "3")
                        .property("metrics.api.pacing.period.ms", "3600000")) {
            assertThat(fixture.scrape().getRequests()).isEqualTo(3);
        }
    }

    /** Nothing is left of the second scope, and it takes longer. */
    static Stream<Misbehaviour> ownLimits() {
        return Stream.of(
                limits("50\n0", "60\n2"),
                limits("0\n0", "1\n2"),
                tooManyRequestsUntilReset(Duration.ofSeconds(2)));
    }

    @ParameterizedTest
    @MethodSource("ownLimits")
    void waitsForTheApisOwnLimit(Misbehaviour limit) throws Exception {
        try (ScrapeFixture fixture =
                new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 3, 3))
                        .environment("METRICS_PARALLEL_REQUESTS", "1")
                        .property("metrics.api.rate.limit.max.wait.ms", "5000")) {
            fixture.simulator()
                    .answer(any(), 1, limit)
                    .answer(any(), 2, limits("50\n20", "60\n60"));

            fixture.scrape();

            List<ReceivedRequest> requests = fixture.simulator().requests();
            assertThat(requests).hasSizeBetween(3, 4);
            assertThat(requests.get(1).arrivedNanos() - requests.get(0).arrivedNanos())
                    .isGreaterThan(Duration.ofMillis(1900).toNanos());
        }
    }

    private static Misbehaviour limits(String remaining, String reset) {
        return withHeaders(Map.of("rateLimit-remaining", remaining, "rateLimit-reset", reset));
    }
}
