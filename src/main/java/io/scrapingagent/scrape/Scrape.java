package io.scrapingagent.scrape;

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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One pass over all hours, clusters and queries: its plan and its result. Thread-safe. */
public final class Scrape {

    /** More than these in one log line and nobody reads it. */
    private static final int MAX_REASONS_IN_SUMMARY = 20;

    /** After so many windows in a row without a good answer the API counts as unavailable. */
    private static final int MAX_UNAVAILABLE = 3;

    private final Range range;
    private final Backfill backfill;
    private volatile List<String> clusters;
    private final long startNanos = System.nanoTime();
    private final Set<Series> reached = new LinkedHashSet<>();
    private final Set<Series> leftOut = new HashSet<>();
    private final List<Failure> failures = new ArrayList<>();
    private final List<Failure> unsaid = new ArrayList<>();
    private final Set<Instant> hours = new TreeSet<>();
    private final Map<Series, List<String>> takenTags = new HashMap<>();
    private final Map<String, String> withoutList = new LinkedHashMap<>();
    private String abortReason;
    private List<Instant> planned = List.of();
    private int tried;
    private int completed;
    private final List<Window> unanswered = new ArrayList<>();
    private final Set<List<String>> unavailableClusters = new HashSet<>();
    private int batches;
    private int unavailable;
    private boolean answered;
    private long records;
    private long requests;

    /**
     * A query with hours that were not published.
     *
     * @param cluster the cluster
     * @param metric the metric's short name
     * @param reason a sentence for an operator
     */
    public record FailedQuery(String cluster, String metric, String reason) {}

    /**
     * The first hour of a query that was not published. The scrape skips the query's later hours.
     *
     * @param series the query and its cluster
     * @param hour the start of the hour
     * @param openHours how many hours are open, this one included
     * @param reason a sentence for an operator
     * @param unavailable whether the Metrics API gave no good answer
     */
    record Failure(Series series, Instant hour, int openHours, String reason, boolean unavailable) {

        String metric() {
            return series.shortName();
        }

        /** Returns the reason without the cluster, for one line about several. */
        String sharedReason() {
            String cluster = series.cluster();
            return reason.replace("for cluster " + cluster, "for each of them")
                    .replace(cluster, "the cluster");
        }
    }

    private record Cause(String metrics, String sharedReason) {}

    private record Line(String metric, Instant hour, int openHours, String sharedReason) {}

    Scrape(Range range, Backfill backfill, List<String> clusters) {
        this.range = range;
        this.backfill = backfill;
        this.clusters = clusters;
    }

    /** Returns the hours that are asked for. */
    Range range() {
        return range;
    }

    /** Returns the start of the last due hour that is asked for. */
    public Instant getLastDue() {
        return range.last();
    }

    /** Returns the hours that a backfill asked for, or null. */
    public Backfill getBackfill() {
        return backfill;
    }

    /** Returns the clusters, in the order of the setting. */
    public List<String> getClusters() {
        return clusters;
    }

    /** Returns how many records were published. */
    public synchronized long getRecords() {
        return records;
    }

    /** Returns how many queries have no open hour any more. */
    public synchronized int getCompletedQueries() {
        return completed;
    }

    /** Returns how many requests were sent to the Metrics API, pages and retries included. */
    public synchronized long getRequests() {
        return requests;
    }

    /** Returns the queries of which hours were not published. */
    public synchronized List<FailedQuery> getFailures() {
        List<FailedQuery> failed = new ArrayList<>();
        for (Failure failure : sorted(failures)) {
            failed.add(new FailedQuery(failure.series.cluster(), failure.metric(), failure.reason));
        }
        withoutList.forEach(
                (resource, reason) ->
                        failed.add(
                                new FailedQuery("all of type " + resource, "all queries", reason)));
        if (abortReason != null) {
            failed.add(new FailedQuery("all clusters", "all queries", abortReason));
        }
        return failed;
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
        // before the first list has come none may be known
        return clusters.isEmpty() ? what : what + ", " + Plural.of(clusters.size(), "cluster");
    }

    /** Returns what was done, for the log. */
    public synchronized String getSummary() {
        StringBuilder line = new StringBuilder();
        List<FailedQuery> failed = getFailures();
        line.append(
                "%s, %s, %d queries ok, %d failed, %s, %s, %.1f s"
                        .formatted(
                                hours(),
                                Plural.of(clusters.size(), "cluster"),
                                completed,
                                failed.size(),
                                Plural.of(records, "record"),
                                Plural.of(requests, "request"),
                                getDuration().toNanos() / 1e9));
        if (!failed.isEmpty()) {
            line.append("; missing: ").append(missing());
        }
        return line.toString();
    }

    /** Sets the clusters, unless a backfill named some. */
    void setClusters(List<String> now) {
        if (backfill == null || backfill.clusters().isEmpty()) {
            clusters = now;
        }
    }

    /** Nothing is known of the resources of a type, and their list could not be had. */
    synchronized void withoutList(String resource, String reason) {
        withoutList.put(resource, reason);
    }

    /** Sets the hours that will be tried, oldest first. */
    synchronized void setPlannedHours(List<Instant> toTry) {
        planned = toTry;
    }

    /** A step of the routes has come to a query of a cluster. */
    synchronized void reached(Series series) {
        reached.add(series);
    }

    synchronized Set<Series> reached() {
        return new LinkedHashSet<>(reached);
    }

    /**
     * Reserves the current hour of a series for one step, so that no other step publishes it too.
     *
     * @return the tags of the step that reserved it before, or null
     */
    synchronized List<String> take(Series series, List<String> tags) {
        return takenTags.putIfAbsent(series, tags);
    }

    synchronized boolean hasFailed(Series series) {
        return leftOut.contains(series);
    }

    /** The rest of the scrape skips a query. */
    synchronized void leaveOut(Series series) {
        leftOut.add(series);
    }

    synchronized void published(Instant hour, long count) {
        hours.add(hour);
        records += count;
    }

    synchronized void completed() {
        completed++;
    }

    /**
     * Records a failure; the same failure only once.
     *
     * @param leaveOut whether the query is left out from now on
     */
    synchronized void failed(Failure failure, boolean leaveOut) {
        if (leaveOut) {
            leftOut.add(failure.series);
        }
        boolean known =
                failures.stream()
                        .anyMatch(
                                it ->
                                        it.series.equals(failure.series)
                                                && it.reason.equals(failure.reason));
        if (leaveOut || !known) {
            failures.add(failure);
            unsaid.add(failure);
        }
    }

    /** All clusters take so many batches. */
    synchronized void batches(int count) {
        batches = count;
    }

    /** The Metrics API gave an answer, good or bad. */
    synchronized void answered() {
        answered = true;
        unavailable = 0;
        unavailableClusters.clear();
    }

    /** Returns the batches that got no good answer while others did: they may be too large. */
    synchronized List<Window> tooMuchToAsk() {
        return answered ? List.copyOf(unanswered) : List.of();
    }

    /**
     * Records a window that got no good answer. Returns true if so many in a row failed that the
     * API counts as unavailable. Failures of a single batch count only if there is no other batch:
     * its clusters may be the cause.
     */
    synchronized boolean unavailable(Window window) {
        if (window.isBatch()) {
            unanswered.add(window);
        }
        unavailableClusters.add(window.clusters());
        return ++unavailable >= MAX_UNAVAILABLE
                && unavailableClusters.size() >= Math.min(batches, MAX_UNAVAILABLE);
    }

    synchronized int unavailableInARow() {
        return unavailable;
    }

    /**
     * Cuts the scrape short. Unavailability that was not logged yet is dropped: the reason says it
     * for all.
     *
     * @return true if this call did so
     */
    synchronized boolean abort(String reason) {
        if (abortReason != null) {
            return false;
        }
        abortReason = reason;
        failures.removeIf(it -> it.unavailable && unsaid.contains(it));
        unsaid.removeIf(Failure::unavailable);
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
        takenTags.clear();
        tried++;
        if (backfill != null && hours.contains(hour)) {
            backfill.progress().tried(hour, tried, planned.size());
        }
        Map<Line, List<Failure>> lines = new LinkedHashMap<>();
        for (Failure failure : sorted(unsaid)) {
            lines.computeIfAbsent(
                            new Line(
                                    failure.metric(),
                                    failure.hour,
                                    failure.openHours,
                                    failure.sharedReason()),
                            it -> new ArrayList<>())
                    .add(failure);
        }
        unsaid.clear();
        return lines.entrySet().stream().map(it -> line(it.getKey(), it.getValue())).toList();
    }

    /** In an order that does not depend on which thread was first. */
    private static List<Failure> sorted(List<Failure> failures) {
        return failures.stream().sorted(Comparator.comparing(Failure::series)).toList();
    }

    private static String line(Line line, List<Failure> failures) {
        String which =
                line.openHours > 1
                        ? "%s and %d more".formatted(name(line.hour), line.openHours - 1)
                        : name(line.hour);
        if (failures.size() == 1) {
            Failure only = failures.get(0);
            return "Query failed: %s %s %s: %s"
                    .formatted(only.series.cluster(), only.metric(), which, only.reason);
        }
        return "Query failed: %s %s, %d clusters (%s): %s"
                .formatted(
                        line.metric,
                        which,
                        failures.size(),
                        names(failures.stream().map(it -> it.series.cluster()).toList()),
                        line.sharedReason);
    }

    /** Returns the line that names hours that are lost for good, for each query and time. */
    static List<String> lostLines(Collection<LedgerKey> lost) {
        Map<Series, List<Instant>> bySeries = new LinkedHashMap<>();
        lost.forEach(
                key ->
                        bySeries.computeIfAbsent(key.series(), it -> new ArrayList<>())
                                .add(key.hour()));
        Map<String, List<String>> clusters = new LinkedHashMap<>();
        bySeries.forEach(
                (series, missed) ->
                        clusters.computeIfAbsent(
                                        "%s, %s from %s to %s"
                                                .formatted(
                                                        series.shortName(),
                                                        Plural.of(missed.size(), "hour"),
                                                        name(missed.get(0)),
                                                        name(missed.get(missed.size() - 1))),
                                        it -> new ArrayList<>())
                                .add(series.cluster()));
        return clusters.entrySet().stream()
                .map(
                        it ->
                                "Lost for good: %s %s: the Metrics API no longer has them"
                                        .formatted(names(it.getValue()), it.getKey()))
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
        if (hours.isEmpty()) {
            return "0 hours";
        }
        List<Instant> sorted = List.copyOf(hours);
        String first = name(sorted.get(0));
        return sorted.size() == 1
                ? "1 hour (" + first + ")"
                : "%d hours (%s to %s)"
                        .formatted(sorted.size(), first, name(sorted.get(sorted.size() - 1)));
    }

    /** The metrics of a cluster that failed for the same reason, then the clusters they share. */
    private String missing() {
        Map<String, Map<String, List<Failure>>> byCluster = new LinkedHashMap<>();
        for (Failure failure : sorted(failures)) {
            byCluster
                    .computeIfAbsent(failure.series.cluster(), it -> new LinkedHashMap<>())
                    .computeIfAbsent(failure.sharedReason(), it -> new ArrayList<>())
                    .add(failure);
        }
        Map<Cause, List<Failure>> causes = new LinkedHashMap<>();
        for (Map<String, List<Failure>> ofCluster : byCluster.values()) {
            ofCluster.forEach(
                    (reason, failed) -> {
                        String metrics =
                                String.join(", ", failed.stream().map(Failure::metric).toList());
                        causes.computeIfAbsent(new Cause(metrics, reason), it -> new ArrayList<>())
                                .add(failed.get(0));
                    });
        }
        List<String> reasons = new ArrayList<>();
        causes.forEach(
                (cause, failed) ->
                        reasons.add(
                                "%s %s: %s"
                                        .formatted(
                                                names(
                                                        failed.stream()
                                                                .map(it -> it.series.cluster())
                                                                .toList()),
                                                cause.metrics,
                                                failed.size() == 1
                                                        ? failed.get(0).reason
                                                        : cause.sharedReason)));
        if (abortReason != null) {
            reasons.add("all clusters all queries: " + abortReason);
        }
        int shown = Math.min(reasons.size(), MAX_REASONS_IN_SUMMARY);
        int more = reasons.size() - shown;
        String text = String.join(" | ", reasons.subList(0, shown));
        return more > 0 ? text + " | and " + more + " more" : text;
    }
}
