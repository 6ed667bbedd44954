package io.scrapingagent.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.List;

/** The body of a request to {@code POST /v2/metrics/cloud/query}, {@code QueryRequest} there. */
@JsonPropertyOrder({
    "aggregations",
    "granularity",
    "filter",
    "group_by",
    "intervals",
    "limit",
    "format"
})
public record QueryRequest(
        List<Aggregation> aggregations,
        String granularity,
        Filter filter,
        @JsonProperty("group_by") List<String> groupBy,
        List<String> intervals,
        int limit,
        String format) {

    /** The most groups that the Metrics API returns in one page. */
    private static final int MOST_GROUPS_PER_PAGE = 1000;

    /** No {@code agg}: the API chooses the right one for each metric. */
    record Aggregation(String metric) {}

    /** Which clusters: one, or any of several. */
    sealed interface Filter permits FieldFilter, CompoundFilter {}

    @JsonPropertyOrder({"field", "op", "value"})
    record FieldFilter(String field, String op, String value) implements Filter {}

    @JsonPropertyOrder({"op", "filters"})
    record CompoundFilter(String op, List<FieldFilter> filters) implements Filter {}

    static QueryRequest of(Window window) {
        return of(window, cluster(window.cluster()), MOST_GROUPS_PER_PAGE);
    }

    /**
     * Asks for no more than shows whether all of these clusters may be asked for: one group.
     *
     * @param clusters at least one
     * @param hour the start of the hour
     */
    public static QueryRequest permission(Query query, List<String> clusters, Instant hour) {
        List<FieldFilter> each = clusters.stream().map(QueryRequest::cluster).toList();
        Filter filter = each.size() == 1 ? each.get(0) : new CompoundFilter("OR", each);
        return of(new Window(clusters.get(0), query, hour, 1), filter, 1);
    }

    private static FieldFilter cluster(String id) {
        return new FieldFilter("resource.kafka.id", "EQ", id);
    }

    private static QueryRequest of(Window window, Filter filter, int groups) {
        return new QueryRequest(
                List.of(new Aggregation(window.query().metric())),
                "PT1H",
                filter,
                List.of(window.query().groupBy()),
                List.of(window.interval()),
                groups,
                "FLAT");
    }
}
