package io.scrapingagent.observe;

import io.scrapingagent.ledger.Gaps;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.LedgerEntry;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.publish.Publisher;
import io.scrapingagent.scrape.Hours;
import java.time.Instant;
import java.util.NavigableMap;

/**
 * How far behind each query is, by what the agent knows to be published and by the clock. It asks
 * nobody, so it also grows while the agent hangs.
 */
public final class Backlog {

    private final Ledger ledger;
    private final Hours hours;
    private final Publisher publisher;
    private final Instant begin;

    /**
     * Creates the calculation for an agent that starts now.
     *
     * @param ledger which hours are published
     * @param hours which hours are due
     * @param publisher tells what the ledger is worth
     */
    public Backlog(Ledger ledger, Hours hours, Publisher publisher) {
        this.ledger = ledger;
        this.hours = hours;
        this.publisher = publisher;
        this.begin = hours.lastDue();
    }

    /** Tells whether the agent knows: once another took over, this one does not. */
    public boolean isKnown() {
        return !publisher.isFenced();
    }

    /** Returns how many hours are due, can be fetched and are not published. */
    public int hoursBehind(Series series) {
        return gaps(ledger.hours(series)).open().size();
    }

    /** Returns how many hours, of those that the ledger still speaks of, are lost for good. */
    public int lostHours(Series series) {
        NavigableMap<Instant, LedgerEntry> known = ledger.hours(series);
        long noted = known.values().stream().filter(LedgerEntry::lost).count();
        return (int) noted + gaps(known).lost().size();
    }

    private Gaps gaps(NavigableMap<Instant, LedgerEntry> known) {
        Instant oldest = hours.oldestAvailable();
        if (known.isEmpty()) {
            return Gaps.between(known.keySet(), begin, hours.lastDue(), oldest);
        }
        // without a ledger no scrape looks back: what was left out is lost
        boolean looksBack = publisher.isRemembering() || known.lastKey().isBefore(oldest);
        return Gaps.between(
                known.keySet(),
                known.firstKey(),
                hours.lastDue(),
                looksBack ? oldest : known.lastKey());
    }
}
