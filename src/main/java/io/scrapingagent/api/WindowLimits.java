package io.scrapingagent.api;

import java.time.Duration;

/**
 * How much windows may be, so that nothing that the Metrics API sends keeps the agent for ever or
 * fills its memory.
 *
 * @param maxPoints the most points of all windows in hand together
 * @param deadline how long fetching one may take, with its pages, retries and waits
 */
public record WindowLimits(int maxPoints, Duration deadline) {

    /** What the agent needs before the first point, and then for each with its record. */
    private static final long BASE_BYTES = 64L << 20;

    private static final long POINT_BYTES = 2048;

    /** Every so many characters more in a name take as much again. */
    private static final int NAME_CHARACTERS = 256;

    /** However small the heap is: the groups of one page. */
    private static final int MIN_POINTS = 1000;

    /** Returns these limits, with no more points than fit into a heap of that many bytes. */
    public WindowLimits within(long heapBytes) {
        long fit = Math.max(MIN_POINTS, (heapBytes - BASE_BYTES) / POINT_BYTES);
        return new WindowLimits((int) Math.min(maxPoints, fit), deadline);
    }

    /** Returns for how many points one with this group counts. */
    static int weight(String group) {
        return 1 + group.length() / NAME_CHARACTERS;
    }
}
