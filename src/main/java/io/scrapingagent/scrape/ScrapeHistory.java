package io.scrapingagent.scrape;

import io.scrapingagent.ledger.LedgerKey.Series;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The results of this process's scrapes, for the status page. Thread-safe. */
public final class ScrapeHistory implements ScrapeListener {

    private final Clock clock;
    private final Instant started;
    private final Map<Optional<Series>, Failure> failures = new LinkedHashMap<>();
    private boolean ledgerRead;
    private boolean running;
    private Instant ended;

    /**
     * The last failure of a query, or one that is not of a single query.
     *
     * @param series the query and its cluster; nothing where all queries are affected
     * @param passing whether it may pass by itself; else somebody has to act
     * @param past whether it succeeded since
     */
    public record Failure(
            Optional<Series> series, String reason, Instant at, boolean passing, boolean past) {}

    /**
     * An immutable snapshot.
     *
     * @param ledgerRead whether a scrape got as far as to know which hours are published
     * @param ended when the last scrape ended, or null
     * @param failures the last failure of each query that had one, in the order of time
     */
    public record View(
            Instant started,
            boolean ledgerRead,
            boolean running,
            Instant ended,
            List<Failure> failures) {}

    /** Creates the history of a process that begins now. */
    public ScrapeHistory(Clock clock) {
        this.clock = clock;
        this.started = clock.instant();
    }

    /** Returns what is known now. */
    public synchronized View view() {
        return new View(started, ledgerRead, running, ended, List.copyOf(failures.values()));
    }

    @Override
    public synchronized void began() {
        running = true;
    }

    @Override
    public synchronized void prepared() {
        ledgerRead = true;
        over(Optional.empty());
    }

    @Override
    public synchronized void ended(Scrape scrape) {
        running = false;
        ended = clock.instant();
    }

    @Override
    public synchronized void scrapeFailed(String reason, boolean byKafka, boolean passing) {
        failed(Optional.empty(), reason, passing);
    }

    @Override
    public synchronized void failed(
            Series series, String reason, boolean byKafka, boolean passing) {
        failed(Optional.of(series), reason, passing);
    }

    @Override
    public synchronized void completed(Series series) {
        over(Optional.of(series));
    }

    private void failed(Optional<Series> series, String reason, boolean passing) {
        // keeps the order of time
        failures.remove(series);
        failures.put(series, new Failure(series, reason, clock.instant(), passing, false));
    }

    private void over(Optional<Series> series) {
        failures.computeIfPresent(
                series,
                (it, last) -> new Failure(series, last.reason(), last.at(), last.passing(), true));
    }
}
