package io.scrapingagent.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** The body of a request to {@code POST /v2/metrics/cloud/query}, {@code QueryRequest} there. */
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

    /** No {@code agg}: the API chooses the right one for each metric. */
    record Aggregation(String metric) {}

    /** Which clusters: one, with a field, or any of several, with filters. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Filter(String field, String op, String value, List<Filter> filters) {}

    /** Asks for a window: a batch by cluster and label, a single cluster by the label alone. */
    static QueryRequest of(Window window) {
        return of(window, groupBy(window), MAX_GROUPS_PER_PAGE);
    }

    /**
     * Asks which of some clusters may be asked for, in no more than shows it: one group of a single
     * cluster, or the sums of each of several.
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
