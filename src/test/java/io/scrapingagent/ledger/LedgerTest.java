package io.scrapingagent.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.ledger.LedgerKey.Series;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private static final Series SERIES = new Series("lkc-aaa", "metric", "label");
    private static final Instant FIRST = Instant.parse("2025-09-02T01:00:00Z");

    /** The topic keeps 30 days; an agent that runs for a year needs no more either. */
    @Test
    void forgetsWhatTheTopicNoLongerKeeps() {
        Ledger ledger = new Ledger();
        for (int hour = 0; hour <= 31 * 24; hour++) {
            take(ledger, FIRST.plus(Duration.ofHours(hour)));
        }
        Instant lastDue = FIRST.plus(Duration.ofDays(31));

        ledger.forgetOld(lastDue);

        assertThat(ledger.hours(SERIES).firstKey()).isEqualTo(lastDue.minus(Duration.ofDays(30)));
        assertThat(ledger.hours(SERIES).lastKey()).isEqualTo(lastDue);
        assertThat(ledger.hours(SERIES)).hasSize(30 * 24 + 1);
    }

    private static void take(Ledger ledger, Instant hour) {
        ledger.take(
                new LedgerKey(SERIES, hour).toString(),
                new LedgerEntry(1, hour.toString(), false).toJson());
    }
}
