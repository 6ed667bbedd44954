package io.scrapingagent.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.config.Delivery;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.LedgerSteps.WindowEntries;
import io.scrapingagent.routes.ScrapeFixture;
import io.scrapingagent.routes.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How far behind a query is, with and without a ledger. */
class CoverageTest {

    private static final Series SERIES = new Series("lkc-aaa", "m/one", "metric.topic");

    private final TestClock clock = new TestClock(ScrapeFixture.NOW);
    private final Ledger ledger = new Ledger();
    private final Hours hours = new Hours(clock, Duration.ofMinutes(5), Duration.ofHours(24));

    @Test
    void growsWithTheClockOnceItIsWanted() {
        Coverage coverage = coverage(Delivery.EXACTLY_ONCE);
        assertThat(coverage.status(SERIES).open()).hasSize(1);
        coverage.want(SERIES);

        clock.forward(Duration.ofHours(3));

        assertThat(coverage.status(SERIES).open()).hasSize(4);
    }

    @Test
    void knowsAGapBetweenPublishedHours() {
        Coverage coverage = coverage(Delivery.EXACTLY_ONCE);
        publish(0);
        publish(-3);

        assertThat(coverage.status(SERIES).open()).hasSize(2);
        assertThat(coverage.status(SERIES).lost()).isEmpty();

        clock.forward(Duration.ofHours(25));

        assertThat(coverage.status(SERIES).open()).hasSize(23);
        assertThat(coverage.status(SERIES).lost()).hasSize(4);
    }

    /**
     * Without a ledger only the last hour is fetched: what lies before it is not behind but lost.
     */
    @Test
    void losesHoursWithoutALedger() {
        Coverage coverage = coverage(Delivery.STATELESS);
        publish(0);
        clock.forward(Duration.ofHours(3));
        assertThat(coverage.status(SERIES).open()).hasSize(1);
        assertThat(coverage.status(SERIES).lost()).hasSize(2);

        publish(3);

        assertThat(coverage.status(SERIES).open()).isEmpty();
        assertThat(coverage.status(SERIES).lost()).hasSize(2);
    }

    private Coverage coverage(Delivery delivery) {
        Publisher publisher =
                new Publisher(
                        delivery,
                        new KafkaClients(List.of()),
                        null,
                        "ledger",
                        ledger,
                        new Ownership("owner", "me", "2025-09-02T01:00:00Z", "id"),
                        Duration.ZERO);
        return new Coverage(ledger, hours, publisher, cluster -> Optional.empty());
    }

    private void publish(int hoursAfterFirst) {
        Instant hour = ScrapeFixture.HOUR.plus(Duration.ofHours(hoursAfterFirst));
        ledger.apply(
                new WindowEntries(
                        Map.of(
                                new LedgerKey(SERIES, hour),
                                new LedgerEntry(1, hour.toString(), false))));
    }
}
