package io.scrapingagent.simulator;

import java.time.Instant;
import java.util.List;

/**
 * A cluster or another resource with its population, and which group has which value in which hour.
 *
 * @param type the type of resource, {@code kafka} for a cluster
 * @param id {@code lkc-…}
 * @param bits what distinguishes it from other clusters
 * @param principals sorted by name
 * @param topics sorted by name
 */
record Cluster(String type, String id, long bits, List<Group> principals, List<Group> topics) {

    /** One group in so many is idle in an hour and has no point. */
    private static final int IDLE_ONE_IN = 16;

    Cluster(String id, List<Group> principals, List<Group> topics) {
        this("kafka", id, Mix.of(id), principals, topics);
    }

    /** A resource of another type, which has nothing to be grouped by. */
    Cluster(String type, String id) {
        this(type, id, Mix.of(id), List.of(), List.of());
    }

    /** The label that names it. */
    String label() {
        return "resource." + type + ".id";
    }

    List<Group> groups(Label label) {
        return switch (label) {
            case NONE -> List.of(Group.ALL);
            case PRINCIPAL_ID -> principals;
            case TOPIC -> topics;
            case TOPIC_AND_PARTITION -> Group.partitions(topics);
        };
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
