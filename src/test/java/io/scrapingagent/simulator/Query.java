package io.scrapingagent.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A valid query.
 *
 * @param metric what is asked for
 * @param resource the type of resource in the filter
 * @param label what it is grouped by
 * @param byCluster whether it is grouped by cluster as well. One of several clusters that is not
 *     would be answered with their sums, which no client of ours asks for: it is refused
 * @param clusters the ids in the filter, not necessarily of clusters there are
 * @param hour the start of the hour
 * @param limit the number of groups a page may have
 */
record Query(
        Metric metric,
        String resource,
        Label label,
        boolean byCluster,
        List<String> clusters,
        Instant hour,
        int limit) {

    private static final Pattern RESOURCE = Pattern.compile("resource\\.(\\w+)\\.id");

    private static final String FILTER =
            "filter: must be resource.<type>.id EQ an id, or an OR of such";
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1000;

    /**
     * Validates a request's body as the contract says.
     *
     * @throws ApiError with the first field that is wrong
     */
    static Query of(JsonObject body) throws ApiError {
        require("PT1H".equals(body.getValue("granularity")), "granularity: must be PT1H");
        require("FLAT".equals(body.getValue("format", "FLAT")), "format: must be FLAT");
        require(!body.containsKey("order_by"), "order_by: is only valid for granularity ALL");
        List<String> groupBy = texts(body.getValue("group_by"));
        List<JsonObject> filters = filters(body.getValue("filter"));
        Query query =
                new Query(
                        metric(body),
                        resource(filters),
                        label(groupBy),
                        groupBy.stream().anyMatch(Query::isResource),
                        filters.stream().map(it -> it.getString("value")).toList(),
                        interval(body),
                        limit(body.getValue("limit", DEFAULT_LIMIT)));
        require(
                query.label == Label.NONE || query.metric.labels().contains(query.label),
                "group_by: " + query.label.texts() + " is no label of this metric");
        require(
                query.resource.equals(query.metric.resource()),
                "filter: the metric is one of " + query.metric.resource());
        require(
                query.clusters.size() == 1 || query.byCluster,
                "group_by: lacks the resource beside several clusters");
        return query;
    }

    private static void require(boolean right, String otherwise) throws ApiError {
        if (!right) {
            throw new ApiError(400, otherwise);
        }
    }

    private static Metric metric(JsonObject body) throws ApiError {
        if (!(onlyItem(body, "aggregations") instanceof JsonObject aggregation)) {
            throw new ApiError(400, "aggregations: must be exactly one aggregation");
        }
        Object agg = aggregation.getValue("agg", "SUM");
        require("SUM".equals(agg), "aggregations[0].agg: is not supported: " + agg);
        String name = String.valueOf(aggregation.getValue("metric"));
        return Metric.of(name)
                .orElseThrow(
                        () ->
                                new ApiError(
                                        400, "aggregations[0].metric: there is no metric " + name));
    }

    private static Label label(List<String> groupBy) throws ApiError {
        List<String> labels = groupBy.stream().filter(it -> !isResource(it)).toList();
        return (groupBy.isEmpty() ? Optional.<Label>empty() : Label.of(labels))
                .orElseThrow(
                        () ->
                                new ApiError(
                                        400,
                                        "group_by: must be labels of the metric, the resource's or"
                                                + " both"));
    }

    private static List<String> texts(Object array) {
        return array instanceof JsonArray items
                ? items.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** The one filter, or those of an OR. */
    private static List<JsonObject> filters(Object filter) throws ApiError {
        List<?> each =
                filter instanceof JsonObject any
                                && "OR".equals(any.getValue("op"))
                                && any.getValue("filters") instanceof JsonArray filters
                        ? filters.stream().toList()
                        : Collections.singletonList(filter);
        List<JsonObject> right =
                each.stream()
                        .filter(JsonObject.class::isInstance)
                        .map(JsonObject.class::cast)
                        .filter(it -> isResource(String.valueOf(it.getValue("field"))))
                        .filter(it -> "EQ".equals(it.getValue("op")))
                        .filter(it -> it.getValue("value") instanceof String)
                        .toList();
        require(!right.isEmpty() && right.size() == each.size(), FILTER);
        return right;
    }

    private static String resource(List<JsonObject> filters) throws ApiError {
        List<String> types =
                filters.stream()
                        .map(it -> RESOURCE.matcher(it.getString("field")).replaceFirst("$1"))
                        .distinct()
                        .toList();
        require(types.size() == 1, FILTER);
        return types.get(0);
    }

    private static Instant interval(JsonObject body) throws ApiError {
        if (!(onlyItem(body, "intervals") instanceof String text)) {
            throw new ApiError(400, "intervals: must be exactly one interval");
        }
        try {
            return hour(text);
        } catch (DateTimeException e) {
            throw new ApiError(
                    400, "intervals[0]: must be PT1H/ and the end of a UTC hour: " + text);
        }
    }

    private static int limit(Object limit) throws ApiError {
        if (limit instanceof Integer groups && groups >= 1 && groups <= MAX_LIMIT) {
            return groups;
        }
        throw new ApiError(400, "limit: must be a whole number from 1 to " + MAX_LIMIT);
    }

    private static Object onlyItem(JsonObject body, String field) {
        return body.getValue(field) instanceof JsonArray items && items.size() == 1
                ? items.getValue(0)
                : null;
    }

    /** Whether a label names a resource. */
    static boolean isResource(String label) {
        return RESOURCE.matcher(label).matches();
    }

    /**
     * The start of the hour that is written {@code PT1H/END}. The real API takes any ISO-8601
     * interval; no client of ours should send another.
     */
    static Instant hour(String interval) {
        if (interval.startsWith("PT1H/")) {
            Instant end = Instant.parse(interval.substring("PT1H/".length()));
            if (end.equals(end.truncatedTo(ChronoUnit.HOURS))) {
                return end.minus(1, ChronoUnit.HOURS);
            }
        }
        throw new DateTimeException("no hour: " + interval);
    }
}
