package io.scrapingagent.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.ledger.Ledger.Entry;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.routes.ScrapeFixture;
import io.scrapingagent.routes.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How far behind a query is, with and without a ledger. */
class CoverageTest {

    private static final Series SERIES = new Series("lkc-aaa", "m/one", "metric.topic");

    private final TestClock clock = new TestClock(ScrapeFixture.NOW);
    private final Ledger ledger = new Ledger(cluster -> true);
    private final Hours hours = new Hours(clock, Duration.ofMinutes(5), Duration.ofHours(24));

    @Test
    void losesNoMoreHoursThanALedgerKeeps() {
        Coverage coverage = new Coverage(ledger, hours, true, cluster -> Optional.empty());
        coverage.want(SERIES);

        clock.forward(Duration.ofDays(90));

        assertThat(coverage.toShow(SERIES).open()).hasSize(23);
        assertThat(coverage.toShow(SERIES).lost()).hasSize(30 * 24 + 1 - 23);
    }

    @Test
    void goesOnSayingWhatIsLostWithoutALedger() {
        Coverage coverage = new Coverage(ledger, hours, false, cluster -> Optional.empty());
        coverage.want(SERIES);
        clock.forward(Duration.ofHours(3));

        publish(3);

        assertThat(coverage.toShow(SERIES).open()).isEmpty();
        assertThat(coverage.toShow(SERIES).lost()).hasSize(3);
    }

    private void publish(int hoursAfterFirst) {
        Instant hour = ScrapeFixture.HOUR.plus(Duration.ofHours(hoursAfterFirst));
        ledger.apply(Map.of(new LedgerKey(SERIES, hour), new Entry(1, hour.toString(), false)));
    }
}
