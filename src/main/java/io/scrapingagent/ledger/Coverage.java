package io.scrapingagent.ledger;

import io.scrapingagent.ledger.Hours.Gaps;
import io.scrapingagent.ledger.Ledger.Entry;
import io.scrapingagent.ledger.LedgerKey.Series;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Which hours of a series are open: the one answer for scrapes, status page, the command {@code
 * status} and metrics. It needs no scrape for its answer, so what is open also grows while the
 * agent hangs. Before the ledger is read, it knows only the hours since the start. Thread-safe.
 */
public final class Coverage {

    private final Ledger ledger;
    private final Hours hours;
    private final boolean hasLedger;
    private final Function<String, Optional<Instant>> ends;
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
     * Creates it.
     *
     * @param hasLedger whether there is a ledger; without one only the last due hour can be open
     * @param ends returns the start of a cluster's last wanted hour, if it has an end
     */
    public Coverage(
            Ledger ledger,
            Hours hours,
            boolean hasLedger,
            Function<String, Optional<Instant>> ends) {
        this.ledger = ledger;
        this.hours = hours;
        this.hasLedger = hasLedger;
        this.ends = ends;
    }

    /**
     * Returns the hours that a scrape which begins now closes: all that are due; without a ledger,
     * only the last one of them.
     */
    public Range due() {
        Instant last = hours.lastDue();
        return new Range(hasLedger ? null : last, last, hours.oldestAvailable());
    }

    /**
     * Notes that a series is wanted, unless it was before. If the ledger has nothing of it, it
     * begins with the hour that is the last due one now.
     */
    public void want(Series series) {
        firstHours.putIfAbsent(series, hours.lastDue());
    }

    /**
     * Forgets the first hours of all clusters but these. One that comes back begins anew only if
     * the ledger has nothing of it.
     */
    public void keep(Set<String> clusters) {
        firstHours.keySet().removeIf(series -> !clusters.contains(series.cluster()));
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
                                && !hour.isAfter(last(series, range))
                                && !hour.isBefore(range.oldest()));
    }

    /** Returns the hours of a range that are not in the ledger. */
    public Gaps gaps(Series series, Range range) {
        return ledger.read(series, known -> gaps(series, known, range));
    }

    /** Returns the start of the last hour that is due. */
    public Instant lastDue() {
        return hours.lastDue();
    }

    /** Returns when the next hour is due. */
    public Instant nextDue() {
        return hours.nextDue();
    }

    /** Returns all that the ledger has, by series and hour. */
    public SortedMap<Series, NavigableMap<Instant, Entry>> known() {
        return ledger.all();
    }

    /**
     * Returns all open and lost hours of a series that is scraped, as people are shown them.
     *
     * @see #toShow(Series, boolean, SortedMap)
     */
    public Gaps toShow(Series series) {
        return ledger.read(series, known -> toShow(series, true, known));
    }

    /**
     * Returns all open and lost hours of a series, as people are shown them. A lost hour that the
     * ledger has is no gap any more, but it is shown.
     *
     * @param scraped whether it is one of those that the agent scrapes
     * @param known what the ledger has of it; may be empty only if it is scraped
     */
    public Gaps toShow(Series series, boolean scraped, SortedMap<Instant, Entry> known) {
        Instant lastDue = hours.lastDue();
        // a query that is not scraped was wanted until its last known hour
        Instant last = scraped ? lastDue : known.lastKey();
        // without a ledger no scrape looks back
        Range range = new Range(null, last, hasLedger ? hours.oldestAvailable() : lastDue);
        Gaps gaps = gaps(series, known, range);
        TreeSet<Instant> lost = new TreeSet<>(gaps.lost());
        known.forEach(
                (hour, entry) -> {
                    if (entry.lost()) {
                        lost.add(hour);
                    }
                });
        return new Gaps(gaps.open(), List.copyOf(lost));
    }

    private Gaps gaps(Series series, SortedMap<Instant, Entry> known, Range range) {
        return Gaps.between(
                known.keySet(), first(series, known, range), last(series, range), range.oldest());
    }

    private Instant last(Series series, Range range) {
        return ends.apply(series.cluster())
                .filter(end -> end.isBefore(range.last()))
                .orElse(range.last());
    }

    /**
     * Returns the first wanted hour of a series. A range that has a first hour decides. Else, if no
     * hour of the series is known, it is the one that {@link #want} noted, or the range's last. If
     * hours are known and there is a ledger, it is the first of them, because the oldest is
     * published first. Without a ledger it is that or the noted hour, whichever is earlier. It is
     * never older than {@link LedgerTopic#RETENTION}.
     */
    private Instant first(Series series, SortedMap<Instant, Entry> known, Range range) {
        if (range.from() != null) {
            return range.from();
        }
        Instant last = range.last();
        Instant oldest = last.minus(LedgerTopic.RETENTION);
        Instant first = firstHours.getOrDefault(series, last);
        if (!known.isEmpty() && (hasLedger || known.firstKey().isBefore(first))) {
            first = known.firstKey();
        }
        return first.isAfter(last) ? last : first.isBefore(oldest) ? oldest : first;
    }
}
