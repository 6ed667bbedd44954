package io.scrapingagent.ledger;

import io.scrapingagent.api.Window;
import java.time.Instant;
import java.util.List;

/**
 * What one query of one cluster has to fetch, and what it no longer can. The windows are published
 * in their order, by one thread at a time.
 */
public final class QueryGaps {

    private final List<Window> windows;
    private final List<Instant> lost;
    private int published;

    /**
     * Creates them.
     *
     * @param windows the windows to fetch, oldest first
     * @param lost the hours that the Metrics API no longer has, oldest first
     */
    public QueryGaps(List<Window> windows, List<Instant> lost) {
        this.windows = List.copyOf(windows);
        this.lost = List.copyOf(lost);
    }

    /** Returns the windows to fetch, oldest first. */
    public List<Window> getWindows() {
        return windows;
    }

    /** Returns the hours that the Metrics API no longer has, oldest first. */
    public List<Instant> getLost() {
        return lost;
    }

    /** Tells whether there are hours that the Metrics API no longer has. */
    public boolean isAnyLost() {
        return !lost.isEmpty();
    }

    /** Notes that the next window is published. */
    public void publishedNext() {
        published++;
    }

    /** Returns the windows that are not published yet. */
    public List<Window> open() {
        return windows.subList(published, windows.size());
    }

    /** Returns how many hours there were to fetch. */
    public int hours() {
        return hours(windows);
    }

    /** Returns how many hours are not published yet. */
    public int openHours() {
        return hours(open());
    }

    private static int hours(List<Window> windows) {
        return windows.stream().mapToInt(Window::hours).sum();
    }
}
