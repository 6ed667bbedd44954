package io.scrapingagent.scrape;

import io.scrapingagent.api.Query;
import io.scrapingagent.api.Window;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/**
 * The queue of windows that one query still has to fetch for a batch and an hour. Fetching can add
 * windows: the halves of a refused window, and clusters that must be asked alone. Not thread-safe.
 */
public final class OpenWindows {

    private final Batch batch;
    private final Query query;
    private final List<String> clusters;
    private final Deque<Window> windows = new ArrayDeque<>();
    private Window current;

    OpenWindows(Batch batch, Query query, List<String> clusters) {
        this.batch = batch;
        this.query = query;
        this.clusters = clusters;
    }

    Scrape scrape() {
        return batch.scrape();
    }

    Instant hour() {
        return batch.hour();
    }

    Query query() {
        return query;
    }

    /** Returns the clusters of the batch that the query is for. */
    List<String> clusters() {
        return clusters;
    }

    /** Tells whether there is another window to fetch. */
    public boolean isLeft() {
        return !windows.isEmpty();
    }

    /** Returns the next window, which is fetched now. */
    Window next() {
        current = windows.remove();
        return current;
    }

    /** Returns the window in hand, which {@link #next} returned last; null before the first. */
    Window current() {
        return current;
    }

    /** Adds windows. */
    void add(Collection<Window> more) {
        windows.addAll(more);
    }

    /**
     * Resources of one type, by their ids, that are given to all queries together, and the hour. A
     * query asks for them in one or more windows.
     */
    public record Batch(Scrape scrape, Instant hour, String resource, List<String> clusters) {}
}
