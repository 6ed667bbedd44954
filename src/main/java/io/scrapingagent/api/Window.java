package io.scrapingagent.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One hour of one query for some clusters: what is fetched whole and published in one transaction.
 *
 * @param clusters the clusters, {@code lkc-…}, at least one; several are a batch
 * @param query what is asked for
 * @param hour the start of the UTC hour
 */
public record Window(List<String> clusters, Query query, Instant hour) {

    /** Tells whether several clusters are asked for in one request. */
    public boolean isBatch() {
        return clusters.size() > 1;
    }

    /** Returns the end of the hour, exclusive. */
    public Instant end() {
        return hour.plus(Duration.ofHours(1));
    }

    /** Returns the hour as the Metrics API's ISO-8601 interval, duration first. */
    public String interval() {
        return "PT1H/" + end();
    }

    /** Returns the same hour and query for some of the clusters. */
    public Window of(List<String> some) {
        return new Window(some, query, hour);
    }

    /** Returns two windows with half of the clusters each. */
    public List<Window> halves() {
        int half = clusters.size() / 2;
        return List.of(of(clusters.subList(0, half)), of(clusters.subList(half, clusters.size())));
    }

    /**
     * Returns the cluster that a point belongs to: the one that it names, or the only one of the
     * window; null where it names none of several.
     */
    public String clusterOf(Point point) {
        String named = point.label(query.resourceLabel());
        return named != null || isBatch() ? named : clusters.get(0);
    }
}
