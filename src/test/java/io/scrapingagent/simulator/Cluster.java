package io.scrapingagent.simulator;

import java.time.Instant;
import java.util.List;

/**
 * A cluster with its population, and which group has which value in which hour.
 *
 * @param id {@code lkc-…}
 * @param bits what distinguishes it from other clusters
 * @param principals sorted by name
 * @param topics sorted by name
 */
record Cluster(String id, long bits, List<Group> principals, List<Group> topics) {

    /** One group in so many is idle in an hour and has no point. */
    private static final int IDLE_ONE_IN = 16;

    Cluster(String id, List<Group> principals, List<Group> topics) {
        this(id, Mix.of(id), principals, topics);
    }

    List<Group> groups(Label label) {
        return label == Label.TOPIC ? topics : principals;
    }

    /** What distinguishes an hour of a metric of this cluster; the base for {@link #bits}. */
    long hourBits(Metric metric, Instant hour) {
        return Mix.of(Mix.of(bits + Mix.of(metric.fullName())) + hour.getEpochSecond());
    }

    /** The bits of one point. */
    static long bits(long hourBits, Group group) {
        return Mix.of(hourBits + group.bits());
    }

    /** Whether there is a point at all. Mixed once more to be independent of the value. */
    static boolean active(long pointBits) {
        return Long.remainderUnsigned(Mix.of(pointBits), IDLE_ONE_IN) != 0;
    }
}
