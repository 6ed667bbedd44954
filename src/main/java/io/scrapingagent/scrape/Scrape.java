package io.scrapingagent.scrape;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.scrapingagent.api.Window;
import io.scrapingagent.config.Plural;
import io.scrapingagent.ledger.Coverage.Range;
import io.scrapingagent.ledger.LedgerKey;
import io.scrapingagent.ledger.LedgerKey.Series;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** One pass over all hours, clusters and queries: its plan and its result. Thread-safe. */
public final class Scrape {

    /** After so many windows in a row without a good answer the API counts as unavailable. */
    private static final int MAX_UNAVAILABLE = 3;

    private final Range range;
    private final Backfill backfill;
    private volatile List<String> clusters;
    private int batches;
    private int plannedHours;

    private final Set<Series> reached = new LinkedHashSet<>();
    private final Set<Series> leftOut = new HashSet<>();

    /** The series whose current hour a step has reserved, see {@link #take}. */
    private final Set<Series> taken = new HashSet<>();

    private final List<Window> unavailableInARow = new ArrayList<>();
    private final List<Window> unavailableOfSeveral = new ArrayList<>();
    private boolean wasAvailable;

    private final long startNanos = System.nanoTime();
    private final TreeSet<Instant> publishedHours = new TreeSet<>();
    private int triedHours;
    private final Set<Series> completed = new HashSet<>();
    private long records;
    private long requests;
    private final List<FailedQuery> failures = new ArrayList<>();
    private final List<FailedQuery> notLogged = new ArrayList<>();
    private String abortReason;

    /**
     * A failure: of a query in an hour, after which the query is left out; or, without an hour, of
     * a list, an id or the whole scrape.
     *
     * @param hour the start of the hour, or null
     * @param openHours how many hours are open, this one included; 0 without an hour
     * @param unavailable whether the Metrics API gave no good answer
     */
    public record FailedQuery(
            Series series, Instant hour, int openHours, String reason, boolean unavailable) {

        private FailedQuery(String cluster, String reason) {
            this(new Series(cluster, "all queries", ""), null, 0, reason, false);
        }

        /** Returns the cluster. */
        public String cluster() {
            return series.cluster();
        }

        /** Returns the metric's short name. */
        public String metric() {
            return series.shortName();
        }

        /**
         * Returns the metric, the hour that failed and how many more are open: {@code request_bytes
         * 2025-09-02T01:00Z and 4 more}.
         */
        private String which() {
            String which = metric() + " " + name(hour);
            return openHours > 1 ? "%s and %d more".formatted(which, openHours - 1) : which;
        }

        /** Returns the reason without the cluster, for one line about several. */
        private String sharedReason() {
            return reason.replace("for cluster " + cluster(), "for each of them")
                    .replace(cluster(), "the cluster");
        }
    }

    /**
     * The hours that an operator asks for, the first and the last named by their start. They may
     * lie before the first scrape.
     *
     * @param progress is given a line for each hour of which something was published
     */
    public record Backfill(
            Instant from, Instant to, List<String> clusters, Consumer<String> progress) {

        /** Returns these hours, as far as they are due. */
        private Range range(Range due) {
            return new Range(from, to.isBefore(due.last()) ? to : due.last(), due.oldest());
        }
    }

    /**
     * Creates a scrape of all gaps, or of the hours that a backfill asks for.
     *
     * @param due the hours that are due
     * @param backfill what is asked for, or null
     */
    Scrape(Range due, Backfill backfill) {
        this.range = backfill == null ? due : backfill.range(due);
        this.backfill = backfill;
        this.clusters = backfill == null ? List.of() : backfill.clusters();
    }

    /** Returns the hours that are asked for. */
    Range range() {
        return range;
    }

    /** Returns the start of the last due hour that is asked for. */
    public Instant getLastDue() {
        return range.last();
    }

    boolean isBackfill() {
        return backfill != null;
    }

    /** Returns the clusters, in the order in which they are scraped. */
    List<String> clusters() {
        return clusters;
    }

    /** Returns how many records were published. */
    public synchronized long getRecords() {
        return records;
    }

    /** Returns how many series have no open hour any more. */
    public synchronized int getCompletedQueries() {
        return completed.size();
    }

    /** Returns how many requests were sent to the Metrics API, pages and retries included. */
    public synchronized long getRequests() {
        return requests;
    }

    /** Returns all failures: of queries, of lists and ids, and of the scrape as a whole. */
    public synchronized List<FailedQuery> getFailures() {
        List<FailedQuery> failed = new ArrayList<>(sorted(failures));
        if (abortReason != null) {
            failed.add(new FailedQuery("all clusters", abortReason));
        }
        return failed;
    }

    /** Tells whether an hour was published, with records or without. */
    public synchronized boolean hasPublished() {
        return !publishedHours.isEmpty();
    }

    /** Returns how long it has taken up to now. */
    public Duration getDuration() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /** Returns what is about to be done, for the log. */
    public String getPlan() {
        String what =
                backfill == null
                        ? "up to hour " + name(range.last())
                        : "from %s to %s".formatted(name(backfill.from()), name(backfill.to()));
        // before the first list has come, perhaps no cluster is known
        return clusters.isEmpty() ? what : what + ", " + Plural.of(clusters.size(), "cluster");
    }

    /** Returns what was done, for the log. */
    public synchronized String getSummary() {
        return "%s, %s, %d queries ok, %d failed%s, %s, %s, %.1f s"
                .formatted(
                        hours(),
                        Plural.of(clusters.size(), "cluster"),
                        completed.size(),
                        failures.size(),
                        abortReason == null ? "" : ", ended early",
                        Plural.of(records, "record"),
                        Plural.of(requests, "request"),
                        getDuration().toNanos() / 1e9);
    }

    /** Sets the clusters, unless a backfill named some. */
    void setClusters(List<String> now) {
        if (backfill == null || backfill.clusters().isEmpty()) {
            clusters = now;
        }
    }

    /** Records resources that are wanted and cannot be fetched, and why. */
    synchronized void notFetched(String which, String reason) {
        failures.add(new FailedQuery(which, reason));
    }

    /** Sets how many hours will be tried. */
    synchronized void setPlannedHours(int count) {
        plannedHours = count;
    }

    /** A step of the routes has come to a query of a cluster. */
    synchronized void markReached(Series series) {
        reached.add(series);
    }

    synchronized Set<Series> reached() {
        return new LinkedHashSet<>(reached);
    }

    /** Returns the series that were reached and are not left out. */
    synchronized List<Series> notLeftOut() {
        return reached.stream().filter(it -> !leftOut.contains(it)).toList();
    }

    /**
     * Reserves the current hour of a series for one step, so that no other step publishes it too.
     * Returns false if one has it.
     */
    synchronized boolean take(Series series) {
        return taken.add(series);
    }

    /** Returns the series whose current hour a step has reserved. */
    synchronized Set<Series> taken() {
        return Set.copyOf(taken);
    }

    synchronized boolean isLeftOut(Series series) {
        return leftOut.contains(series);
    }

    /** The rest of the scrape skips a query of a cluster. */
    synchronized void leaveOut(Series series) {
        leftOut.add(series);
    }

    synchronized void published(Instant hour, long count) {
        publishedHours.add(hour);
        records += count;
    }

    /** A query of a cluster has no open hour any more. */
    synchronized void completed(Series series) {
        completed.add(series);
    }

    synchronized boolean isCompleted(Series series) {
        return completed.contains(series);
    }

    /**
     * Records a failure. The rest of the scrape skips the query of that cluster.
     *
     * @return false if it is not recorded: the reason why the scrape was cut short already tells
     *     that the API is unavailable
     */
    synchronized boolean failed(FailedQuery failure) {
        leftOut.add(failure.series);
        if (abortReason != null && failure.unavailable) {
            return false;
        }
        failures.add(failure);
        notLogged.add(failure);
        return true;
    }

    /** Sets how many batches all clusters make, with or without an open hour. */
    synchronized void setBatchCount(int count) {
        batches = count;
    }

    /** The Metrics API answered or refused a query, so it is available. */
    synchronized void markAvailable() {
        wasAvailable = true;
        unavailableInARow.clear();
    }

    /**
     * Returns the windows of several clusters that got no good answer in a scrape in which others
     * did: they may be too large.
     */
    synchronized List<Window> tooMuchToAsk() {
        return wasAvailable ? List.copyOf(unavailableOfSeveral) : List.of();
    }

    /**
     * Records a window that got no good answer. Returns true if the API counts as unavailable by
     * now: at least three windows in a row failed, and they asked for three different sets of
     * clusters, for a single set may be the cause itself. If all clusters make fewer than three
     * batches, as many sets suffice as there are batches.
     */
    synchronized boolean addUnavailable(Window window) {
        unavailableInARow.add(window);
        if (window.isBatch() && abortReason == null) {
            unavailableOfSeveral.add(window);
        }
        return unavailableInARow.size() >= MAX_UNAVAILABLE
                && unavailableInARow.stream().map(Window::clusters).distinct().count()
                        >= Math.min(batches, MAX_UNAVAILABLE);
    }

    synchronized int unavailableInARow() {
        return unavailableInARow.size();
    }

    /**
     * Cuts the scrape short. Unavailability that was not logged yet is dropped: the reason says it
     * for all, or matters more. The windows that failed last, in a row, do not count as too large:
     * the API was away.
     *
     * @return true if this call did so
     */
    synchronized boolean abort(String reason) {
        if (abortReason != null) {
            return false;
        }
        abortReason = reason;
        failures.removeIf(it -> it.unavailable && notLogged.contains(it));
        notLogged.removeIf(FailedQuery::unavailable);
        unavailableOfSeveral.removeAll(unavailableInARow);
        return true;
    }

    synchronized boolean isAborted() {
        return abortReason != null;
    }

    synchronized void requested() {
        requests++;
    }

    /** Every query of an hour was tried; returns the lines that say which of them failed. */
    synchronized List<String> endHour(Instant hour) {
        taken.clear();
        triedHours++;
        if (backfill != null && publishedHours.contains(hour) && abortReason == null) {
            backfill.progress()
                    .accept("%s: %d of %d hours".formatted(hour, triedHours, plannedHours));
        }
        Map<List<String>, List<FailedQuery>> alike = new LinkedHashMap<>();
        for (FailedQuery it : sorted(notLogged)) {
            alike.computeIfAbsent(List.of(it.which(), it.sharedReason()), key -> new ArrayList<>())
                    .add(it);
        }
        notLogged.clear();
        return alike.values().stream().map(Scrape::line).toList();
    }

    /** In an order that does not depend on which thread was first. */
    private static List<FailedQuery> sorted(List<FailedQuery> failures) {
        return failures.stream().sorted(Comparator.comparing(FailedQuery::series)).toList();
    }

    private static String line(List<FailedQuery> alike) {
        FailedQuery first = alike.get(0);
        if (alike.size() == 1) {
            return "Query failed: %s %s: %s"
                    .formatted(first.cluster(), first.which(), first.reason);
        }
        String clusters = names(alike.stream().map(FailedQuery::cluster).toList());
        return "Query failed: %s, %d clusters (%s): %s"
                .formatted(first.which(), alike.size(), clusters, first.sharedReason());
    }

    /** Returns the lines that name hours that are lost for good, one for each query and time. */
    static List<String> lostLines(Collection<LedgerKey> lost) {
        Map<Series, List<Instant>> bySeries =
                lost.stream()
                        .collect(
                                groupingBy(
                                        LedgerKey::series,
                                        LinkedHashMap::new,
                                        mapping(LedgerKey::hour, toList())));
        Map<String, List<String>> clusters = new LinkedHashMap<>();
        for (Series series : bySeries.keySet()) {
            List<Instant> missed = bySeries.get(series);
            String which =
                    "%s, %s from %s to %s"
                            .formatted(
                                    series.shortName(),
                                    Plural.of(missed.size(), "hour"),
                                    name(missed.get(0)),
                                    name(missed.get(missed.size() - 1)));
            clusters.computeIfAbsent(which, it -> new ArrayList<>()).add(series.cluster());
        }
        String line = "Lost for good: %s %s: the Metrics API no longer has them";
        return clusters.entrySet().stream()
                .map(it -> line.formatted(names(it.getValue()), it.getKey()))
                .toList();
    }

    /** Returns an hour as people write it: {@code 2025-09-02T01:00Z}. */
    static String name(Instant hour) {
        return hour.truncatedTo(ChronoUnit.MINUTES).toString().replace(":00Z", "Z");
    }

    /** Returns names for a log line: the first hundred of many. */
    static String names(List<String> names) {
        int shown = Math.min(names.size(), 100);
        String text = String.join(", ", names.subList(0, shown));
        return shown < names.size() ? text + " and " + (names.size() - shown) + " more" : text;
    }

    private String hours() {
        if (publishedHours.isEmpty()) {
            return "0 hours";
        }
        String first = name(publishedHours.first());
        return publishedHours.size() == 1
                ? "1 hour (" + first + ")"
                : "%d hours (%s to %s)"
                        .formatted(publishedHours.size(), first, name(publishedHours.last()));
    }
}
