package io.scrapingagent.api;

import io.scrapingagent.api.PointsInHand.TooManyPointsException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fetch of one window: the next page to request and the points so far. The points are available
 * only after the last page was checked. Not thread-safe.
 */
public final class WindowFetch {

    /** How often a window is begun again. */
    private static final int MAX_RESTARTS = 5;

    /** Two million groups, which no batch has. */
    private static final int MAX_PAGES = 2000;

    /** A topic has at most 249 characters; a principal is not much longer. */
    private static final int MAX_GROUP_LENGTH = 2048;

    /** A longer one does not fit into the next request's URL. */
    private static final int MAX_TOKEN_LENGTH = 4096;

    private final Window window;
    private final Duration deadline;
    private final PointsInHand inHand;
    private final PointsInHand.Share share;
    private final long startNanos = System.nanoTime();
    private List<Point> points = new ArrayList<>();
    private final Map<String, Set<String>> groups = new HashMap<>();
    private final Set<String> tokens = new HashSet<>();
    private String pageToken;
    private URI redirect;
    private boolean complete;
    private int restarts;
    private int redirects;
    private int rateLimits;

    WindowFetch(Window window, Duration deadline, PointsInHand inHand) {
        this.window = window;
        this.deadline = deadline;
        this.inHand = inHand;
        this.share = inHand.share();
    }

    /** Tells whether there is another page to fetch. */
    public boolean isIncomplete() {
        return !complete;
    }

    /** Tells whether the next page is not the window's first. */
    public boolean isLaterPage() {
        return pageToken != null;
    }

    /**
     * Returns the points of all pages and forgets them, so that each can be collected once it is a
     * record.
     *
     * @throws IllegalStateException before the last page has come
     */
    public List<Point> takePoints() {
        if (!complete) {
            throw new IllegalStateException("The window's last page has not been fetched");
        }
        List<Point> all = points;
        points = List.of();
        groups.replaceAll((cluster, names) -> Set.of());
        return all;
    }

    /** Returns the window. */
    public Window window() {
        return window;
    }

    /**
     * Returns the clusters with points. The cluster of a single-cluster window is included in any
     * case.
     */
    public List<String> heard() {
        return window.isBatch()
                ? window.clusters().stream().filter(groups::containsKey).toList()
                : window.clusters();
    }

    /**
     * Returns the clusters of a batch without a point. They may be idle, or the API may have left
     * out what the key may not see. Only a request for the cluster alone tells.
     */
    public List<String> silent() {
        return window.isBatch()
                ? window.clusters().stream().filter(it -> !groups.containsKey(it)).toList()
                : List.of();
    }

    /** Frees the room for other windows; called when the points are published or dropped. */
    void release() {
        share.release();
    }

    /**
     * Checks the deadline before each request, retries included.
     *
     * @throws MetricsApiException if the window takes too long; a later scrape fetches it
     */
    void requested() {
        if (System.nanoTime() - startNanos > deadline.toNanos()) {
            String late =
                    ("The Metrics API did not give the whole window within %d minutes, the limit"
                                    + " that metrics.window.deadline.ms sets; it is tried again")
                            .formatted(deadline.toMinutes());
            throw window.isBatch()
                    ? new BatchRefusedException(late)
                    : new MetricsApiException(late);
        }
    }

    /** Returns the token of the page to fetch, or null for the first. */
    String pageToken() {
        return pageToken;
    }

    /** Returns where the API said to send the next request instead, or null. */
    URI redirect() {
        return redirect;
    }

    /**
     * Takes a page.
     *
     * @throws MetricsApiException if the page breaks the API's contract or does not fit
     * @throws InterruptedException if the agent is stopped while it waits for room
     */
    void add(QueryResponse page) throws InterruptedException {
        if (page == null || page.data() == null) {
            throw new MetricsApiException("The Metrics API's answer has no `data`");
        }
        answered();
        int weight = 0;
        for (Point point : page.data()) {
            check(point);
            weight += WindowLimits.weight(point.group(window.query()));
        }
        if (!share.take(weight)) {
            makeRoom();
            return;
        }
        points.addAll(page.data());
        pageToken = page.nextPageToken();
        complete = pageToken == null;
        if (complete) {
            return;
        }
        if (pageToken.length() > MAX_TOKEN_LENGTH) {
            throw new MetricsApiException(
                    "The Metrics API sent a page token of more than %d characters"
                            .formatted(MAX_TOKEN_LENGTH));
        }
        if (!tokens.add(pageToken)) {
            throw new MetricsApiException("The Metrics API sent the same page token twice");
        }
        if (tokens.size() > MAX_PAGES) {
            throw new MetricsApiException(
                    "The Metrics API sent more than %d pages for one window".formatted(MAX_PAGES));
        }
    }

    private void makeRoom() throws InterruptedException {
        if (window.isBatch()) {
            throw new BatchRefusedException(
                    "The Metrics API sent more points for one window than fit");
        }
        if (share.isAlone()) {
            throw new TooManyPointsException(inHand.most());
        }
        begin();
        share.awaitAlone();
    }

    /** Ends the window: there are no (more) points. */
    void end() {
        answered();
        pageToken = null;
        complete = true;
    }

    /** Restarts the window after its cursor expired. */
    void restart() {
        if (++restarts > MAX_RESTARTS) {
            throw new MetricsApiException(
                    "The Metrics API's page cursor expired " + restarts + " times");
        }
        answered();
        begin();
    }

    private void begin() {
        pageToken = null;
        points.clear();
        groups.clear();
        tokens.clear();
        share.clear();
    }

    /** Sends the next request to another address. */
    void redirectTo(URI location) {
        if (++redirects > ResponseHandler.MAX_REDIRECTS) {
            throw new MetricsApiException(
                    "The Metrics API redirected " + redirects + " times in a row");
        }
        redirect = location;
    }

    /** Counts the consecutive answers 429, this one included. */
    int rateLimited() {
        return ++rateLimits;
    }

    private void answered() {
        redirect = null;
        redirects = 0;
        rateLimits = 0;
    }

    private void check(Point point) {
        if (point == null) {
            throw new MetricsApiException("The Metrics API sent a point that is null");
        }
        String cluster = window.clusterOf(point);
        if (cluster == null || !window.clusters().contains(cluster)) {
            throw new MetricsApiException(
                    cluster == null
                            ? "The Metrics API sent a point without the label "
                                    + window.query().resourceLabel()
                            : "The Metrics API sent a point of a cluster that it was not asked for");
        }
        // a:b and c are not a and b:c; no name has a line end
        String group = point.group(window.query(), "\n");
        if (group == null) {
            throw new MetricsApiException(
                    "The Metrics API sent a point without the label " + window.query().groupBy());
        }
        if (group.length() > MAX_GROUP_LENGTH || !isUnicode(group)) {
            throw new MetricsApiException(
                    ("The Metrics API sent a label %s that is no name: longer than %d characters,"
                                    + " or not Unicode")
                            .formatted(window.query().groupBy(), MAX_GROUP_LENGTH));
        }
        if (point.timestamp() == null) {
            throw new MetricsApiException("The Metrics API sent a point without a timestamp");
        }
        if (point.value() == null) {
            throw new MetricsApiException("The Metrics API sent a point without a value");
        }
        if (!window.hour().equals(point.timestamp())) {
            throw new MetricsApiException(
                    "The Metrics API sent a point at %s, but the window is %s"
                            .formatted(point.timestamp(), window.interval()));
        }
        if (!groups.computeIfAbsent(cluster, it -> new HashSet<>()).add(group)) {
            throw new MetricsApiException(
                    "The Metrics API sent a group twice for the hour " + point.timestamp());
        }
    }

    /** JSON can encode a lone surrogate ({@code \\ud800}); UTF-8 cannot. */
    private static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
