package io.scrapingagent.scrape;

import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.LedgerTopic;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * With which hour a series begins of which the ledger has nothing yet: the last one that was due
 * when it was first wanted. Safe for use by several threads.
 */
public final class FirstHours {

    private final Map<Series, Instant> hours = new ConcurrentHashMap<>();

    /** Creates them; nothing is wanted yet. */
    public FirstHours() {}

    /** Notes that a series is wanted, unless it was before. */
    public void want(Series series, Instant lastDue) {
        hours.putIfAbsent(series, lastDue);
    }

    /** Returns the hour; the last due one where the series was not wanted yet. */
    public Instant of(Series series, Instant lastDue) {
        Instant hour = hours.getOrDefault(series, lastDue);
        return hour.isAfter(lastDue) ? lastDue : hour;
    }

    /** Forgets what was noted by a clock that was wrong. */
    void clockCorrected(Instant lastDue) {
        Instant oldest = lastDue.minus(LedgerTopic.RETENTION);
        hours.values().removeIf(hour -> hour.isAfter(lastDue) || hour.isBefore(oldest));
    }
}
