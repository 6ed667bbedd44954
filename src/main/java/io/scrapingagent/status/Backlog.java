package io.scrapingagent.status;

import io.scrapingagent.ledger.Gaps;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.LedgerEntry;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.Publisher;
import io.scrapingagent.scrape.FirstHours;
import io.scrapingagent.scrape.Hours;
import java.time.Instant;
import java.util.SortedMap;

/**
 * How far behind each query is, by what the agent knows to be published and by the clock. It asks
 * nobody, so it also grows while the agent hangs. Before the ledger was read it knows of the hours
 * since the start alone.
 */
public final class Backlog {

    private final Ledger ledger;
    private final Hours hours;
    private final FirstHours firstHours;
    private final Publisher publisher;

    /**
     * Creates the calculation.
     *
     * @param ledger which hours are published
     * @param hours which hours are due
     * @param firstHours with which hour a series begins
     * @param publisher tells what the ledger is worth
     */
    public Backlog(Ledger ledger, Hours hours, FirstHours firstHours, Publisher publisher) {
        this.ledger = ledger;
        this.hours = hours;
        this.firstHours = firstHours;
        this.publisher = publisher;
    }

    /** Tells whether the agent knows: once another took over, this one does not. */
    public boolean isKnown() {
        return !publisher.isFenced();
    }

    /** Returns how many hours are due, can be fetched and are not published. */
    public int hoursBehind(Series series) {
        return ledger.read(series, known -> gaps(series, known).open().size());
    }

    /** Returns how many hours, of those that the ledger still speaks of, are lost for good. */
    public int lostHours(Series series) {
        return ledger.read(
                series,
                known -> {
                    long noted = known.values().stream().filter(LedgerEntry::lost).count();
                    return (int) noted + gaps(series, known).lost().size();
                });
    }

    private Gaps gaps(Series series, SortedMap<Instant, LedgerEntry> known) {
        Instant lastDue = hours.lastDue();
        return Gaps.between(
                known.keySet(),
                known.isEmpty() ? firstHours.of(series, lastDue) : known.firstKey(),
                lastDue,
                hours.oldestFetchable(publisher.isRemembering()));
    }
}
