package io.scrapingagent.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One metric with its grouping, as a step of the routes names it.
 *
 * @param metric the metric's full name, for example {@code io.confluent.kafka.server/request_bytes}
 * @param groupBy the label that the values are grouped by, with its prefix, for example {@code
 *     metric.principal_id}
 * @param tag the name of the record's tag that holds the label's value
 * @param recordName the metric's name in records, which follows from its full name
 * @param constantTags further tags of each record, by name, in their order
 */
public record Query(
        String metric,
        String groupBy,
        String tag,
        String recordName,
        Map<String, String> constantTags) {

    /** The label of the cluster, which each point of a batch has. */
    public static final String CLUSTER_LABEL = "resource.kafka.id";

    /** The name of the tag that every record has. */
    public static final String CLUSTER_TAG = "cluster_id";

    /** Creates a query, whose {@code recordName} is made once, for it is in every record. */
    public Query(String metric, String groupBy, String tag) {
        this(metric, groupBy, tag, recordName(metric), Map.of());
    }

    /**
     * Returns the query with constant tags.
     *
     * @param tags names and values, like {@code team=finops,stage=prod}
     * @throws IllegalArgumentException when a tag has no name, or that of another one
     */
    public Query withTags(String tags) {
        Map<String, String> constants = new LinkedHashMap<>();
        for (String constant : tags.split(",", -1)) {
            String[] parts = constant.split("=", 2);
            String name = parts[0].strip();
            boolean taken = name.equals(tag) || name.equals(CLUSTER_TAG);
            if (name.isEmpty() || parts.length == 1 || taken || constants.containsKey(name)) {
                throw new IllegalArgumentException(
                        "Constant tags are name=value,… with other names than %s and %s: %s"
                                .formatted(CLUSTER_TAG, tag, tags));
            }
            constants.put(name, parts[1].strip());
        }
        return new Query(metric, groupBy, tag, recordName, Collections.unmodifiableMap(constants));
    }

    /** Tells whether the cluster itself is the group. */
    boolean isByCluster() {
        return groupBy.equals(CLUSTER_LABEL);
    }

    /** Returns the metric's name without its namespace, for routes: {@code request_bytes}. */
    public String shortName() {
        return metric.substring(metric.lastIndexOf('/') + 1);
    }

    /** Without its leading {@code io.}, with {@code .} and {@code /} as {@code _}. */
    private static String recordName(String metric) {
        String name = metric.startsWith("io.") ? metric.substring("io.".length()) : metric;
        return name.replace('.', '_').replace('/', '_');
    }
}
