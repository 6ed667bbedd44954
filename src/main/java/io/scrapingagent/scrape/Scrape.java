package io.scrapingagent.scrape;

import io.scrapingagent.api.Query;
import io.scrapingagent.api.Window;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.QueryGaps;
import io.scrapingagent.text.Plural;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One pass over all clusters and queries: what it set out to do and what came of it. */
public final class Scrape {

    /** More than these in one log line and nobody reads it. */
    private static final int MOST_REASONS_IN_SUMMARY = 20;

    private final Instant lastDue;
    private final Instant oldestAvailable;
    private final Backfill backfill;
    private final List<String> clusters;
    private final long startNanos = System.nanoTime();
    private final List<FailedQuery> failures = new ArrayList<>();
    private final Set<Instant> hours = new TreeSet<>();
    private final Map<Series, String> tags = new HashMap<>();
    private boolean cutShort;
    private int completed;
    private long records;
    private long requests;

    /**
     * A query of which hours were not published.
     *
     * @param cluster the cluster
     * @param metric the metric's short name
     * @param reason a sentence for an operator
     */
    public record FailedQuery(String cluster, String metric, String reason) {}

    private record Cause(String cluster, String reason) {}

    Scrape(Instant lastDue, Instant oldestAvailable, Backfill backfill, List<String> clusters) {
        this.lastDue = lastDue;
        this.oldestAvailable = oldestAvailable;
        this.backfill = backfill;
        this.clusters = clusters;
    }

    /** Returns the start of the last hour that is due. */
    public Instant getLastDue() {
        return lastDue;
    }

    /** Returns the earliest moment of which the Metrics API still had data when it began. */
    Instant oldestAvailable() {
        return oldestAvailable;
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
        return List.copyOf(failures);
    }

    /** Returns how long it has taken up to now. */
    public Duration getDuration() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /** Returns what is about to be done, for the log. */
    public String getPlan() {
        String what =
                backfill == null
                        ? "up to hour " + name(lastDue)
                        : "from %s to %s".formatted(name(backfill.from()), name(backfill.to()));
        return what + ", " + Plural.of(clusters.size(), "cluster");
    }

    /** Returns what was done, for the log. */
    public synchronized String getSummary() {
        StringBuilder line = new StringBuilder();
        line.append(
                "%s, %s, %d queries ok, %d failed, %s, %s, %.1f s"
                        .formatted(
                                hours(),
                                Plural.of(clusters.size(), "cluster"),
                                completed,
                                failures.size(),
                                Plural.of(records, "record"),
                                Plural.of(requests, "request"),
                                getDuration().toNanos() / 1e9));
        if (!failures.isEmpty()) {
            line.append("; missing: ").append(missing());
        }
        return line.toString();
    }

    /**
     * Tells whether a query is the first of its series in this scrape. Steps with the same metric
     * and grouping share their hours, so only one of them would publish each.
     */
    synchronized boolean isFirst(Series series, Query query) {
        return query.tag().equals(tags.computeIfAbsent(series, it -> query.tag()));
    }

    synchronized void published(QueryGaps gaps, Window window, long count) {
        for (int i = 0; i < window.hours(); i++) {
            hours.add(window.start().plus(i, ChronoUnit.HOURS));
        }
        records += count;
        if (backfill != null) {
            backfill.progress()
                    .published(
                            window.cluster(),
                            window.query().shortName(),
                            gaps.hours() - gaps.openHours(),
                            gaps.hours());
        }
    }

    synchronized void completed() {
        completed++;
    }

    synchronized void failed(FailedQuery failure) {
        failures.add(failure);
    }

    /** Notes a failure after which no query is reached any more. */
    synchronized void cutShort(FailedQuery failure) {
        failures.add(failure);
        cutShort = true;
    }

    synchronized boolean isCutShort() {
        return cutShort;
    }

    synchronized void requested() {
        requests++;
    }

    /** Returns an hour as people write it: {@code 2025-09-02T01:00Z}. */
    static String name(Instant hour) {
        return hour.truncatedTo(ChronoUnit.MINUTES).toString().replace(":00Z", "Z");
    }

    /**
     * Returns the hours that are still open, as far as they were found: the first, and how many
     * follow.
     */
    static String name(QueryGaps gaps) {
        List<Window> open = gaps == null ? List.of() : gaps.open();
        if (open.isEmpty()) {
            return "(no hour)";
        }
        int hours = gaps.openHours();
        String first = name(open.get(0).start());
        return hours == 1 ? first : "%s and %d more".formatted(first, hours - 1);
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

    private String missing() {
        Map<Cause, List<String>> metrics = new LinkedHashMap<>();
        for (FailedQuery failure : failures) {
            metrics.computeIfAbsent(
                            new Cause(failure.cluster(), failure.reason()),
                            cause -> new ArrayList<>())
                    .add(failure.metric());
        }
        List<String> reasons = new ArrayList<>();
        metrics.forEach(
                (cause, names) ->
                        reasons.add(
                                "%s %s: %s"
                                        .formatted(
                                                cause.cluster(),
                                                String.join(", ", names),
                                                cause.reason())));
        int shown = Math.min(reasons.size(), MOST_REASONS_IN_SUMMARY);
        int more = reasons.size() - shown;
        String text = String.join(" | ", reasons.subList(0, shown));
        return more > 0 ? text + " | and " + more + " more" : text;
    }
}
