package io.scrapingagent.scrape;

import io.scrapingagent.ledger.LedgerKey.Series;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The results of this process's scrapes, for the status page. Thread-safe. */
public final class ScrapeHistory implements ScrapeListener {

    private static final String ALL = "all clusters";

    private final Clock clock;
    private final Instant started;
    private final Map<String, Failure> failures = new LinkedHashMap<>();

    /** What failed in the last scrape, or in the one under way. */
    private final Set<String> failedNow = new HashSet<>();

    private boolean ledgerRead;
    private boolean prepared;
    private boolean running;
    private Instant ended;

    /**
     * The last failure of a query, of a list of resources, or of scrapes as a whole.
     *
     * @param what what failed, for people
     * @param series the query and its cluster, if it is that of a query
     * @param passing whether it may pass by itself; else somebody has to act
     * @param past whether that succeeded since
     */
    public record Failure(
            String what,
            Optional<Series> series,
            String reason,
            Instant at,
            boolean passing,
            boolean past) {

        /**
         * Tells whether it is that of a list. Such a failure says nothing of the queries that are
         * known.
         */
        public boolean isOfList() {
            return series.isEmpty() && !what.equals(ALL);
        }

        private Failure over() {
            return new Failure(what, series, reason, at, passing, true);
        }
    }

    /**
     * An immutable snapshot.
     *
     * @param ledgerRead whether a scrape got as far as to know which hours are published
     * @param ended when the last scrape ended, or null
     * @param failures the last failure of each query and list that had one, in the order of time
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
        prepared = false;
        failedNow.clear();
    }

    @Override
    public synchronized void prepared() {
        ledgerRead = true;
        prepared = true;
    }

    @Override
    public synchronized void ended(Scrape scrape) {
        running = false;
        ended = clock.instant();
        failures.replaceAll((what, last) -> isOver(last, scrape) ? last.over() : last);
    }

    /**
     * Tells whether a failure is over after a scrape. A query's is over once the query is
     * completed. A list's, or that of a whole scrape, is over after a scrape that was prepared and
     * in which it did not come again: such a scrape asks again for the lists that failed.
     */
    private boolean isOver(Failure last, Scrape scrape) {
        return last.series()
                .map(scrape::isCompleted)
                .orElse(prepared && !failedNow.contains(last.what()));
    }

    @Override
    public synchronized void scrapeFailed(FailureReason why) {
        failed(ALL, Optional.empty(), why);
    }

    @Override
    public synchronized void listFailed(String list, FailureReason why) {
        failed("list of " + list, Optional.empty(), why);
    }

    @Override
    public synchronized void failed(Series series, FailureReason why) {
        failed(series.toString(), Optional.of(series), why);
    }

    private void failed(String what, Optional<Series> series, FailureReason why) {
        // keeps the order of time
        failures.remove(what);
        failedNow.add(what);
        failures.put(
                what,
                new Failure(what, series, why.sentence(), clock.instant(), why.mayPass(), false));
    }
}
