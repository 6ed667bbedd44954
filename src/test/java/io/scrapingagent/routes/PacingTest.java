package io.scrapingagent.routes;

import static io.scrapingagent.simulator.Misbehaviour.expireCursor;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

    /** The limit of the address is the tighter one, and nothing is left of it. */
    @Test
    void waitsForTheApisOwnLimitBeforeItAnswers429() throws Exception {
        try (ScrapeFixture fixture =
                new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 3, 3))
                        .environment("METRICS_PARALLEL_REQUESTS", "1")
                        .property("metrics.api.rate.limit.max.wait.ms", "5000")) {
            fixture.simulator()
                    .answer(any(), 1, limits("50\n0", "60\n1"))
                    .answer(any(), 2, limits("50\n20", "60\n60"));

            fixture.scrape();

            List<ReceivedRequest> requests = fixture.simulator().requests();
            assertThat(requests).hasSize(3);
            assertThat(requests.get(1).arrivedNanos() - requests.get(0).arrivedNanos())
                    .isGreaterThan(Duration.ofMillis(900).toNanos());
        }
    }

    private static Misbehaviour limits(String remaining, String reset) {
        return withHeaders(Map.of("rateLimit-remaining", remaining, "rateLimit-reset", reset));
    }
}
