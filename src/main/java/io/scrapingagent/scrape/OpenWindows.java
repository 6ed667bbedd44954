package io.scrapingagent.scrape;

import io.scrapingagent.api.Query;
import io.scrapingagent.api.Window;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The windows of one hour of a query that are still to be fetched for a batch. They become more
 * while they are fetched: by the halves of one that was refused, and by clusters that have to be
 * asked alone. Used by one thread at a time.
 */
public final class OpenWindows {

    private final Batch batch;
    private final Query query;
    private final List<String> clusters;
    private final Deque<Window> windows = new ArrayDeque<>();
    private Window refused;
    private boolean culprit;

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
    public Window getNext() {
        return windows.remove();
    }

    /** Adds windows. */
    void add(Collection<Window> more) {
        windows.addAll(more);
    }

    /** Adds the halves of a batch that was refused. */
    void refused(Window window) {
        if (refused == null) {
            refused = window;
        }
        add(window.halves());
    }

    /** A cluster that was asked alone was the reason for a refusal. */
    void culpritFound() {
        culprit = true;
    }

    /**
     * Returns the batch that was refused though each of its clusters was answered, once that is
     * known: it was too large.
     */
    Optional<Window> sizeWithoutCulprit() {
        return windows.isEmpty() && !culprit ? Optional.ofNullable(refused) : Optional.empty();
    }

    /**
     * Some clusters that are asked for together, and the hour that is asked for.
     *
     * @param scrape the scrape
     * @param hour the start of the UTC hour
     * @param clusters the clusters, {@code lkc-…}
     */
    public record Batch(Scrape scrape, Instant hour, List<String> clusters) {}
}
