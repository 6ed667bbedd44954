package io.scrapingagent.scrape;

import io.scrapingagent.api.Window;
import io.scrapingagent.ledger.LedgerKey;
import io.scrapingagent.ledger.LedgerKey.Series;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many clusters each query may be asked for at once: as many as the setting says, and for a day
 * fewer where a batch was refused because of a cluster, or too much to ask. Safe for use by several
 * threads.
 */
final class BatchSizes {

    /** A right may be granted meanwhile, and the Metrics API may have become faster. */
    private static final Duration MEMORY = Duration.ofDays(1);

    private final int most;
    private final Clock clock;
    private final Map<Series, Size> smaller = new ConcurrentHashMap<>();

    private record Size(int most, Instant until) {}

    /**
     * Creates the sizes.
     *
     * @param most the most clusters in one request
     * @param clock the time
     */
    BatchSizes(int most, Clock clock) {
        this.most = most;
        this.clock = clock;
    }

    /** Asks for each cluster of a window alone from now on. */
    void alone(Window window) {
        limit(window, 1);
    }

    /** Asks for half as many clusters at once as this window has from now on. */
    void halve(Window window) {
        limit(window, Math.max(1, window.clusters().size() / 2));
    }

    private void limit(Window window, int size) {
        Size limit = new Size(size, clock.instant().plus(MEMORY));
        for (String cluster : window.clusters()) {
            smaller.put(LedgerKey.of(window, cluster).series(), limit);
        }
    }

    /** Returns clusters in batches of the setting's size, as they are given to the queries. */
    List<List<String>> batches(List<String> clusters) {
        return chunks(clusters, most);
    }

    /** Returns a window as those that may be asked for, each by one request. */
    List<Window> allowed(Window window) {
        Map<Integer, List<String>> bySize = new TreeMap<>();
        Instant now = clock.instant();
        for (String cluster : window.clusters()) {
            Series series = LedgerKey.of(window, cluster).series();
            smaller.computeIfPresent(series, (it, size) -> now.isBefore(size.until) ? size : null);
            Size size = smaller.get(series);
            bySize.computeIfAbsent(size == null ? most : size.most, it -> new ArrayList<>())
                    .add(cluster);
        }
        List<Window> windows = new ArrayList<>();
        bySize.forEach(
                (size, clusters) ->
                        chunks(clusters, size).forEach(it -> windows.add(window.of(it))));
        return windows;
    }

    private static List<List<String>> chunks(List<String> clusters, int size) {
        List<List<String>> chunks = new ArrayList<>();
        for (int i = 0; i < clusters.size(); i += size) {
            chunks.add(clusters.subList(i, Math.min(i + size, clusters.size())));
        }
        return chunks;
    }
}
