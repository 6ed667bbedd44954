package io.scrapingagent.status;

import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.LedgerEntry;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.Publisher;
import io.scrapingagent.ledger.SeriesStatus;
import io.scrapingagent.scrape.CurrentQueries;
import io.scrapingagent.scrape.FirstHours;
import io.scrapingagent.scrape.Hours;
import java.time.Instant;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.SortedMap;

/**
 * What is published, open and lost of each query, by what this agent knows and by the clock. It
 * contacts nobody, so an agent that hangs is seen to fall behind. Before the ledger was read it
 * knows of the hours since the start alone.
 */
public final class Coverage {

    private final Ledger ledger;
    private final Hours hours;
    private final CurrentQueries queries;
    private final FirstHours firstHours;
    private final Publisher publisher;

    /**
     * Creates it.
     *
     * @param ledger which hours are published
     * @param hours which hours are due
     * @param queries what is scraped
     * @param firstHours the first hour of a query that is not in the ledger
     * @param publisher tells what the ledger is worth
     */
    public Coverage(
            Ledger ledger,
            Hours hours,
            CurrentQueries queries,
            FirstHours firstHours,
            Publisher publisher) {
        this.ledger = ledger;
        this.hours = hours;
        this.queries = queries;
        this.firstHours = firstHours;
        this.publisher = publisher;
    }

    /** Tells whether another agent took over: from then on this one does not know. */
    public boolean isFenced() {
        return publisher.isFenced();
    }

    /** Tells whether there is a ledger; without one only this process' hours are known. */
    boolean hasLedger() {
        return publisher.isRemembering();
    }

    /** Returns when the next hour is due. */
    Instant nextDue() {
        return hours.nextDue();
    }

    /** Returns what is scraped. */
    CurrentQueries queries() {
        return queries;
    }

    /** Returns what is published, open and lost of a query that is scraped. */
    SeriesStatus status(Series series) {
        return ledger.read(series, known -> status(series, true, known, hours.lastDue()));
    }

    private SeriesStatus status(
            Series series,
            boolean scraped,
            SortedMap<Instant, LedgerEntry> known,
            Instant lastDue) {
        return SeriesStatus.of(
                series,
                scraped,
                known,
                firstHours.of(series, lastDue),
                lastDue,
                hours.oldestFetchable(hasLedger()));
    }

    /** Returns all that can be said now. */
    StatusModel model() {
        Instant lastDue = hours.lastDue();
        SortedMap<Series, NavigableMap<Instant, LedgerEntry>> known = ledger.all();
        queries.all().forEach(it -> known.putIfAbsent(it, Collections.emptyNavigableMap()));
        return StatusModel.of(
                known,
                queries.clusters(),
                lastDue,
                (series, hours) -> status(series, queries.has(series), hours, lastDue));
    }
}
