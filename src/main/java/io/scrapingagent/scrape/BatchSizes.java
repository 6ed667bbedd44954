package io.scrapingagent.scrape;

import io.scrapingagent.api.QueryRequest;
import io.scrapingagent.api.Window;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.LedgerKey.Series;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/**
 * The maximum number of clusters in one request, per query and cluster. It is the setting's value.
 * It is smaller for a day after the API could not answer a batch, or refused a cluster alone.
 * Thread-safe.
 */
final class BatchSizes {

    /** A right may be granted meanwhile, and the Metrics API may have become faster. */
    private static final Duration MEMORY = Duration.ofDays(1);

    /**
     * Twenty full pages of points. Beyond that, the one request that sharing may save is little.
     */
    private static final int FULL = 20 * QueryRequest.MAX_GROUPS_PER_PAGE;

    private final int most;
    private final Ledger ledger;
    private final Clock clock;
    private final Map<Series, Size> smaller = new ConcurrentHashMap<>();

    private record Size(int most, Instant until) {}

    BatchSizes(int most, Ledger ledger, Clock clock) {
        this.most = most;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Limits requests for the clusters of this window, for a day, to half its size; for a single
     * cluster, to itself alone.
     */
    void limitToHalf(Window window) {
        int half = Math.max(1, window.clusters().size() / 2);
        Size limit = new Size(half, clock.instant().plus(MEMORY));
        for (String cluster : window.clusters()) {
            smaller.put(Series.of(cluster, window.query()), limit);
        }
    }

    /** Returns clusters in batches of the setting's size, as they are given to the queries. */
    List<List<String>> batches(List<String> clusters) {
        return chunks(clusters, most, it -> 0);
    }

    /**
     * Splits a window into windows of the allowed size. Clusters share a request to save requests.
     * Clusters that fill pages of their own save none and cost memory, so they are asked for apart.
     */
    List<Window> allowed(Window window) {
        Instant now = clock.instant();
        smaller.values().removeIf(size -> !now.isBefore(size.until));
        Map<Integer, List<String>> bySize = new TreeMap<>();
        for (String cluster : window.clusters()) {
            Size limit = smaller.get(Series.of(cluster, window.query()));
            int size = limit == null ? most : limit.most;
            bySize.computeIfAbsent(size, it -> new ArrayList<>()).add(cluster);
        }
        ToIntFunction<String> points = cluster -> lastRecords(Series.of(cluster, window.query()));
        return bySize.entrySet().stream()
                .flatMap(it -> chunks(it.getValue(), it.getKey(), points).stream())
                .map(window::of)
                .toList();
    }

    /** Returns about how many points an hour of a series has; 0 where that is not known. */
    private int lastRecords(Series series) {
        return ledger.read(
                series, known -> known.isEmpty() ? 0 : known.get(known.lastKey()).records());
    }

    private static List<List<String>> chunks(
            List<String> clusters, int size, ToIntFunction<String> points) {
        List<List<String>> chunks = new ArrayList<>();
        List<String> chunk = List.of();
        int sum = 0;
        for (String cluster : clusters) {
            int more = points.applyAsInt(cluster);
            if (chunks.isEmpty() || chunk.size() == size || sum + more > FULL) {
                chunk = new ArrayList<>();
                chunks.add(chunk);
                sum = 0;
            }
            chunk.add(cluster);
            sum += more;
        }
        return chunks;
    }
}
