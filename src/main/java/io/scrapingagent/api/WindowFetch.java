package io.scrapingagent.api;

import io.scrapingagent.api.MetricsApiException.BatchRefusedException;
import io.scrapingagent.config.OneLine;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * The fetch of one window: the next page to request and the points so far. The points are available
 * only after the last page was checked. Not thread-safe.
 *
 * <p>All windows in progress share the room for points. A window that has no room yet waits with
 * its page until there is enough. One that has some, and finds too little for more, drops its
 * points and gives its room back, waits for the whole room and is fetched again. So no window holds
 * room while it waits: there is no deadlock.
 */
public final class WindowFetch {

    /** Retries included. 2000 pages of 1000 groups are more than a batch has. */
    private static final int MAX_REQUESTS = 2000;

    /** The API's names have at most 255 characters, and few queries group by more than two. */
    private static final int MAX_GROUP_LENGTH = 512;

    /** A window keeps all its tokens. */
    private static final int MAX_TOKEN_LENGTH = 8192;

    private final Window window;
    private final Duration deadline;
    private final Semaphore room;
    private final int maxPoints;
    private final long startNanos = System.nanoTime();
    private List<Point> points = new ArrayList<>();
    private final Map<String, Set<String>> groups = new HashMap<>();
    private final Set<String> tokens = new HashSet<>();
    private final Redirects redirects = new Redirects();
    private String pageToken;
    private boolean complete;
    private int taken;
    private int requests;
    private int rateLimits;
    private int recordsMade;

    /**
     * Begins a fetch.
     *
     * @param room a permit for each point that all windows together may hold
     * @param maxPoints the number of permits
     */
    WindowFetch(Window window, Duration deadline, Semaphore room, int maxPoints) {
        this.window = window;
        this.deadline = deadline;
        this.room = room;
        this.maxPoints = maxPoints;
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
     * Returns the points of all pages and forgets them, so that their memory is free once the
     * records are made.
     *
     * @throws IllegalStateException before the last page has come
     */
    public List<Point> takePoints() {
        if (!complete) {
            throw new IllegalStateException("The window's last page has not been fetched");
        }
        List<Point> all = points;
        points = List.of();
        // heard() still needs the keys, nobody the names
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
        return window.clusters().stream()
                .filter(it -> !window.isBatch() || groups.containsKey(it))
                .toList();
    }

    /**
     * Returns the clusters of a batch without a point. They may be idle, or the API may have left
     * out what the key may not see. Only a request for the cluster alone tells.
     */
    public List<String> silent() {
        List<String> heard = heard();
        return window.clusters().stream().filter(it -> !heard.contains(it)).toList();
    }

    /** Counts a record that was made of a point. Called by one thread after another. */
    void recordMade() {
        recordsMade++;
    }

    /** Returns how many records were made of its points. */
    public int recordsMade() {
        return recordsMade;
    }

    /** Frees the room for other windows; called when the points are published or dropped. */
    void release() {
        room.release(taken);
        taken = 0;
    }

    /**
     * Checks the limits before each request, retries included.
     *
     * @throws BatchRefusedException if the window takes too long or too many requests; a batch is
     *     halved then, and a single cluster is left to a later scrape
     */
    void countRequest() {
        if (++requests > MAX_REQUESTS || System.nanoTime() - startNanos > deadline.toNanos()) {
            throw new BatchRefusedException(
                    ("The Metrics API did not give the whole window in %d requests and within %d"
                                    + " ms, the limit that metrics.window.deadline.ms sets")
                            .formatted(MAX_REQUESTS, deadline.toMillis()),
                    true);
        }
    }

    /** Returns the query that asks for the next page, or null for the first. */
    String query() {
        return isLaterPage()
                ? "page_token=" + URLEncoder.encode(pageToken, StandardCharsets.UTF_8)
                : null;
    }

    /** Returns where the Metrics API said to send the next request instead. */
    Redirects redirects() {
        return redirects;
    }

    /**
     * Takes a page, for which it may wait. If the window has room already, but too little, drops
     * the page and restarts the window.
     *
     * @throws MetricsApiException if the page breaks the API's contract or does not fit
     * @throws InterruptedException if the agent is stopped while it waits for room
     */
    void add(QueryResponse page) throws InterruptedException {
        if (page != null && page.errors() != null && !page.errors().isEmpty()) {
            throw new MetricsApiException(
                    "The Metrics API answered 200 with errors: "
                            + OneLine.of(page.errors().get(0)));
        } else if (page == null || page.data() == null) {
            throw new MetricsApiException("The Metrics API's answer has no `data`");
        }
        answered();
        page.data().forEach(this::checkAndNote);
        if (!makeRoom(points.size() + page.data().size())) {
            return;
        }
        points.addAll(page.data());
        pageToken = page.nextPageToken();
        complete = pageToken == null;
        if (!complete && pageToken.length() > MAX_TOKEN_LENGTH) {
            throw new MetricsApiException(
                    "The Metrics API sent a page token longer than %d characters"
                            .formatted(MAX_TOKEN_LENGTH));
        }
        if (!complete && !tokens.add(pageToken)) {
            throw new MetricsApiException("The Metrics API sent the same page token twice");
        }
    }

    /**
     * Takes the room for so many points.
     *
     * @return false if it had some room, but too little: it has the whole room now, and must be
     *     fetched again
     */
    private boolean makeRoom(int size) throws InterruptedException {
        if (size > maxPoints) {
            throw sent(
                    "more than %d points for one window, the limit that metrics.window.max.points"
                            + " or the size of the heap sets",
                    maxPoints);
        }
        // after a restart the window still has its room: nothing is missing before it needs more
        int missing = Math.max(0, size - taken);
        if (taken == 0) {
            // nothing taken yet: waiting blocks nobody
            room.acquire(missing);
        } else if (!room.tryAcquire(missing)) {
            // too little room for more: gives all back, waits for everything and starts again
            restart();
            release();
            room.acquire(maxPoints);
            taken = maxPoints;
            return false;
        }
        taken += missing;
        return true;
    }

    /** Ends the window: there are no (more) points. */
    void end() {
        answered();
        pageToken = null;
        complete = true;
    }

    /** Begins the window again, as after its cursor expired. */
    void restart() {
        answered();
        pageToken = null;
        points.clear();
        groups.clear();
        tokens.clear();
    }

    /** Counts the consecutive answers 429, this one included. */
    int rateLimited() {
        return ++rateLimits;
    }

    private void answered() {
        redirects.end();
        rateLimits = 0;
    }

    /**
     * Checks that a point is what the API promises, and notes its cluster and group. What is wrong
     * with it may be wrong with its cluster alone, so the batch is halved.
     */
    private void checkAndNote(Point point) {
        if (point == null) {
            throw sent("a point without a timestamp or a value");
        }
        String cluster = window.clusterOf(point);
        if (cluster == null) {
            throw sent("a point without the label %s", window.query().resourceLabel());
        }
        if (!window.clusters().contains(cluster)) {
            throw sent("a point of a cluster that it was not asked for");
        }
        // not by a colon: the labels (a:b, c) and (a, b:c) would look the same. No name has a line
        // end
        String group = point.group(window.query(), "\n");
        if (group == null) {
            throw sent("a point without the label %s", window.query().groupBy());
        }
        if (group.length() > MAX_GROUP_LENGTH || !isUnicode(group)) {
            throw sent(
                    "a label %s that is no name: longer than %d characters, or not Unicode",
                    window.query().groupBy(), MAX_GROUP_LENGTH);
        }
        if (!window.hour().equals(point.timestamp())) {
            throw sent("a point at %s, but the window is %s", point.timestamp(), window.interval());
        }
        if (!groups.computeIfAbsent(cluster, it -> new HashSet<>()).add(group)) {
            throw sent("a group twice for the hour %s", point.timestamp());
        }
    }

    private static BatchRefusedException sent(String what, Object... values) {
        return new BatchRefusedException("The Metrics API sent " + what.formatted(values));
    }

    /** JSON can encode a lone surrogate ({@code \\ud800}); UTF-8 cannot. */
    private static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(it -> it <= 0xFFFF && Character.isSurrogate((char) it));
    }
}
