package io.scrapingagent.api;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One metric with its grouping, as a step of the routes names it.
 *
 * @param resource the type of what is measured, as the Metrics API names it: {@code kafka}, {@code
 *     connector}, …
 * @param metric the metric's full name, for example {@code io.confluent.kafka.server/request_bytes}
 * @param labels the labels that the values are grouped by, with their prefix, for example {@code
 *     metric.principal_id}; none for one value of each resource
 * @param tags the names of the record's tags that hold the labels' values, in the same order
 * @param recordName the metric's name in records, which follows from its full name
 * @param constantTags further tags of each record, by name, in their order
 */
public record Query(
        String resource,
        String metric,
        List<String> labels,
        List<String> tags,
        String recordName,
        Map<String, String> constantTags) {

    /** The type of Kafka clusters. */
    public static final String KAFKA = "kafka";

    /** The label of a Kafka cluster's id. That of another resource is {@link #resourceLabel()}. */
    static final String KAFKA_LABEL = "resource.kafka.id";

    /**
     * Creates a query without constant tags.
     *
     * @param groupBy the labels, comma-separated; may be empty
     * @param tag the names of the labels' tags, comma-separated; may be empty
     */
    public Query(String resource, String metric, String groupBy, String tag) {
        this(resource, metric, list(groupBy), list(tag), recordName(metric), Map.of());
    }

    /** Returns the items of a comma-separated list. */
    public static List<String> list(String commaSeparated) {
        return Arrays.stream(commaSeparated.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /**
     * Checks the tags.
     *
     * @return their names, the id's included
     * @throws RouteMistakeException when there are not as many tags as labels, or a tag's name is
     *     taken
     */
    public Set<String> requireTagForEachLabel() {
        Set<String> names = new LinkedHashSet<>(List.of(idTag()));
        names.addAll(tags);
        boolean allDifferent = names.size() == tags.size() + 1;
        if (tags.size() != labels.size() || !allDifferent) {
            throw new RouteMistakeException(
                    "the Kamelet's parameter `tag` must have a name for each label of `groupBy`, all different and none of them %s; `groupBy` has %s, `tag` has %s"
                            .formatted(idTag(), orNothing(labels), orNothing(tags)));
        }
        return names;
    }

    /**
     * Checks the tags, and returns the query with constant ones.
     *
     * @param constants names and values, like {@code team=finops,stage=prod}, or null for none
     * @throws RouteMistakeException as {@link #requireTagForEachLabel}, or when a constant is not
     *     name=value with a name of its own
     */
    public Query withTags(String constants) {
        Set<String> names = requireTagForEachLabel();
        String own = String.join(" and ", names);
        Map<String, String> values = new LinkedHashMap<>();
        for (String constant : constants == null ? new String[0] : constants.split(",", -1)) {
            String[] parts = constant.split("=", 2);
            String name = parts[0].strip();
            if (name.isEmpty() || parts.length == 1 || !names.add(name)) {
                throw new RouteMistakeException(
                        "The exchange property `tags` must be name=value,… with other names than %s: %s"
                                .formatted(own, constants));
            }
            values.put(name, parts[1].strip());
        }
        return new Query(
                resource, metric, labels, tags, recordName, Collections.unmodifiableMap(values));
    }

    private static String orNothing(List<String> names) {
        return names.isEmpty() ? "nothing" : String.join(",", names);
    }

    /** Returns the labels as one text; if there are none, the label of the resource's id. */
    public String groupBy() {
        return labels.isEmpty() ? resourceLabel() : String.join(",", labels);
    }

    /** Returns the label of the resource's id: {@code resource.kafka.id} of a Kafka cluster. */
    public String resourceLabel() {
        // asked for each point: no new text for those of Kafka clusters, which most points are
        return resource.equals(KAFKA) ? KAFKA_LABEL : "resource." + resource + ".id";
    }

    /**
     * Returns the tag of the resource's id, which every record has: {@code cluster_id} of a Kafka
     * cluster, of others like {@code connector_id}.
     */
    String idTag() {
        return resource.equals(KAFKA) ? "cluster_id" : resource + "_id";
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
