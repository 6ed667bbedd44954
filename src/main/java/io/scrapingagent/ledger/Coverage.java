package io.scrapingagent.ledger;

import io.scrapingagent.ledger.LedgerKey.Series;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which hours of a series are open: the one answer for scrapes, status page, health and metrics. It
 * asks nobody but the ledger and the clock, so what is open also grows while the agent hangs.
 * Before the ledger was read it knows of the hours since the start alone. Safe for use by several
 * threads.
 */
public final class Coverage {

    private final Ledger ledger;
    private final Hours hours;
    private final Publisher publisher;
    private final Map<Series, Instant> firstHours = new ConcurrentHashMap<>();

    /**
     * Some hours that are asked about.
     *
     * @param from the start of the first hour; null for the hour with which each series begins
     * @param last the start of the last hour
     * @param oldest the earliest moment of which the Metrics API still has data
     */
    public record Range(Instant from, Instant last, Instant oldest) {}

    /**
     * Creates the calculation.
     *
     * @param ledger which hours are published
     * @param hours which hours are due
     * @param publisher tells what the ledger is worth
     */
    public Coverage(Ledger ledger, Hours hours, Publisher publisher) {
        this.ledger = ledger;
        this.hours = hours;
        this.publisher = publisher;
    }

    /**
     * Returns the hours that a scrape which begins now closes: all that are due, and without a
     * ledger the last one of them.
     */
    public Range due() {
        Instant last = hours.lastDue();
        return new Range(publisher.isRemembering() ? null : last, last, hours.oldestAvailable());
    }

    /**
     * Notes that a series is wanted, unless it was before. If the ledger has nothing of it, it
     * begins with the hour that is the last due one now.
     */
    public void want(Series series) {
        firstHours.putIfAbsent(series, hours.lastDue());
    }

    /** Forgets what was noted by a clock that was wrong. */
    public void clockCorrected() {
        Instant lastDue = hours.lastDue();
        Instant oldest = lastDue.minus(LedgerTopic.RETENTION);
        firstHours.values().removeIf(hour -> hour.isAfter(lastDue) || hour.isBefore(oldest));
    }

    /** Tells whether an hour of a series is open. */
    public boolean isOpen(Series series, Instant hour, Range range) {
        return ledger.read(
                series,
                known ->
                        !known.containsKey(hour)
                                && !hour.isBefore(first(series, known, range))
                                && !hour.isAfter(range.last())
                                && !hour.isBefore(range.oldest()));
    }

    /** Returns the hours of a range that are not in the ledger. */
    public Gaps gaps(Series series, Range range) {
        return ledger.read(series, known -> gaps(series, known, range));
    }

    /** Tells whether the agent knows: once another took over, this one does not. */
    public boolean isKnown() {
        return !publisher.isFenced();
    }

    /** Returns how many hours are due, can be fetched and are not published. */
    public int hoursBehind(Series series) {
        return gaps(series, fetchable()).open().size();
    }

    /** Returns how many hours, of those that the ledger still speaks of, are lost for good. */
    public int lostHours(Series series) {
        return ledger.read(
                series,
                known -> {
                    long noted = known.values().stream().filter(LedgerEntry::lost).count();
                    return (int) noted + gaps(series, known, fetchable()).lost().size();
                });
    }

    /** Without a ledger no scrape looks back: what was not published in time is lost. */
    private Range fetchable() {
        return new Range(null, hours.lastDue(), hours.oldestFetchable(publisher.isRemembering()));
    }

    private Gaps gaps(Series series, SortedMap<Instant, LedgerEntry> known, Range range) {
        return Gaps.between(
                known.keySet(), first(series, known, range), range.last(), range.oldest());
    }

    /** The oldest hour is published first, so the ledger begins with the first that is wanted. */
    private Instant first(Series series, SortedMap<Instant, LedgerEntry> known, Range range) {
        if (range.from() != null) {
            return range.from();
        }
        if (!known.isEmpty()) {
            return known.firstKey();
        }
        Instant first = firstHours.getOrDefault(series, range.last());
        return first.isAfter(range.last()) ? range.last() : first;
    }
}
