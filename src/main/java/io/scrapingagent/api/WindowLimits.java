package io.scrapingagent.api;

import java.time.Duration;

/**
 * The limits of windows, so that no answer of the API keeps the agent busy for ever or fills its
 * memory.
 *
 * @param maxPoints the most points of all windows in hand together
 * @param deadline how long fetching one may take, with its pages, retries and waits
 */
public record WindowLimits(int maxPoints, Duration deadline) {

    /** The heap that the agent needs without points, and for each point with its record. */
    private static final long BASE_BYTES = 64L << 20;

    private static final long POINT_BYTES = 2048;

    /** Each 256 characters of a name count as one more point. */
    private static final int NAME_CHARACTERS = 256;

    /** One page must fit, however small the heap is. */
    private static final int MIN_POINTS = 1000;

    /** Returns these limits, with no more points than fit into a heap of that many bytes. */
    public WindowLimits within(long heapBytes) {
        long fit = Math.max(MIN_POINTS, (heapBytes - BASE_BYTES) / POINT_BYTES);
        return new WindowLimits((int) Math.min(maxPoints, fit), deadline);
    }

    /** Returns how many points a point with this group counts for. */
    static int weight(String group) {
        return 1 + group.length() / NAME_CHARACTERS;
    }
}
