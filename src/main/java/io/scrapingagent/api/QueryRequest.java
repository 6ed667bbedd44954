package io.scrapingagent.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The body of a request to {@code POST /v2/metrics/cloud/query}, {@code QueryRequest} in the API
 * description.
 */
public record QueryRequest(
        List<Aggregation> aggregations,
        String granularity,
        Filter filter,
        @JsonProperty("group_by") List<String> groupBy,
        List<String> intervals,
        int limit,
        String format) {

    /** The most groups that the Metrics API returns in one page. */
    public static final int MAX_GROUPS_PER_PAGE = 1000;

    /** What is asked for. It has no function, {@code agg}: the API knows each metric's own. */
    record Aggregation(String metric) {}

    /**
     * Which clusters are asked for. For one it has a field and a value; for several it has filters,
     * one for each, and any of them may match.
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Filter(String field, String op, String value, List<Filter> filters) {}

    /**
     * Asks for a window. A batch is grouped by cluster and labels, a single cluster by labels, or
     * by its id if the query has none.
     */
    static QueryRequest of(Window window) {
        return of(window, groupBy(window), MAX_GROUPS_PER_PAGE);
    }

    /**
     * Asks something small to find out for which clusters the API key is permitted: one group of a
     * single cluster, or one sum for each of several.
     *
     * @param clusters at least one
     * @param hour the start of the hour
     */
    public static QueryRequest permission(Query query, List<String> clusters, Instant hour) {
        Window window = new Window(clusters, query, hour);
        return window.isBatch()
                ? of(window, List.of(query.resourceLabel()), MAX_GROUPS_PER_PAGE)
                : of(window, groupBy(window), 1);
    }

    private static List<String> groupBy(Window window) {
        Query query = window.query();
        Stream<String> resource = Stream.of(query.resourceLabel());
        return window.isBatch() || query.labels().isEmpty()
                ? Stream.concat(resource, query.labels().stream()).distinct().toList()
                : query.labels();
    }

    private static QueryRequest of(Window window, List<String> groupBy, int groups) {
        return new QueryRequest(
                List.of(new Aggregation(window.query().metric())),
                "PT1H",
                filter(window.query().resourceLabel(), window.clusters()),
                groupBy,
                List.of(window.interval()),
                groups,
                "FLAT");
    }

    private static Filter filter(String label, List<String> clusters) {
        List<Filter> each =
                clusters.stream().map(cluster -> new Filter(label, "EQ", cluster, null)).toList();
        return each.size() == 1 ? each.get(0) : new Filter(null, "OR", null, each);
    }
}
