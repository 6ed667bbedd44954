package io.scrapingagent.scrape;

import io.scrapingagent.api.Window;
import io.scrapingagent.ledger.LedgerEntry;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.WindowSize;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many hours the windows of each query have: as many as its published records suggest, and
 * fewer once a window had more points than fit. Points can be more than records, where a route
 * drops some.
 */
final class WindowHours {

    private final WindowSize size;
    private final Map<Series, Integer> most = new ConcurrentHashMap<>();

    WindowHours(WindowSize size) {
        this.size = size;
    }

    /** Returns the most hours of a window of a query of which the ledger has these hours. */
    int of(Series series, NavigableMap<Instant, LedgerEntry> known) {
        return Math.min(size.hours(known), most.getOrDefault(series, Integer.MAX_VALUE));
    }

    /** Halves the windows of a query, after this one had more points than fit. */
    void narrow(Series series, Window window) {
        most.put(series, Math.max(1, window.hours() / 2));
    }
}
