package io.scrapingagent.simulator;

import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
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
    private static final int MAX_LIMIT = 1000;

    /**
     * Reads a request's body.
     *
     * @throws ApiError unless it is as the agent has to send it
     */
    static Query of(JsonObject body) throws ApiError {
        try {
            JsonObject filter = body.getJsonObject("filter");
            List<JsonObject> filters =
                    "OR".equals(filter.getString("op"))
                            ? filter.getJsonArray("filters").stream()
                                    .map(JsonObject.class::cast)
                                    .toList()
                            : List.of(filter);
            List<String> fields =
                    filters.stream().map(it -> it.getString("field")).distinct().toList();
            List<String> groupBy =
                    body.getJsonArray("group_by").stream().map(String::valueOf).toList();
            Query query =
                    new Query(
                            Metric.of(
                                            body.getJsonArray("aggregations")
                                                    .getJsonObject(0)
                                                    .getString("metric"))
                                    .orElseThrow(),
                            RESOURCE.matcher(fields.get(0)).replaceFirst("$1"),
                            Label.of(groupBy.stream().filter(it -> !isResource(it)).toList())
                                    .orElseThrow(),
                            groupBy.stream().anyMatch(Query::isResource),
                            filters.stream().map(it -> it.getString("value")).toList(),
                            hour(body.getJsonArray("intervals").getString(0)),
                            body.getInteger("limit"));
            boolean valid =
                    "PT1H".equals(body.getString("granularity"))
                            && "FLAT".equals(body.getString("format"))
                            && filters.stream().allMatch(it -> "EQ".equals(it.getString("op")))
                            && fields.size() == 1
                            && query.isAnswerable();
            if (valid) {
                return query;
            }
        } catch (RuntimeException e) {
            throw new ApiError(400, "the query is invalid: " + e);
        }
        throw new ApiError(400, "the query is invalid");
    }

    private boolean isAnswerable() {
        return resource.equals(metric.resource())
                && (label == Label.NONE || metric.labels().contains(label))
                && (byCluster || clusters.size() == 1 && label != Label.NONE)
                && limit >= 1
                && limit <= MAX_LIMIT;
    }

    private static boolean isResource(String label) {
        return RESOURCE.matcher(label).matches();
    }

    /**
     * The start of the hour that is written {@code PT1H/END}. The real API takes any ISO-8601
     * interval; no client of ours should send another.
     */
    private static Instant hour(String interval) {
        if (interval.startsWith("PT1H/")) {
            Instant end = Instant.parse(interval.substring("PT1H/".length()));
            if (end.equals(end.truncatedTo(ChronoUnit.HOURS))) {
                return end.minus(1, ChronoUnit.HOURS);
            }
        }
        throw new DateTimeException("no hour: " + interval);
    }
}
