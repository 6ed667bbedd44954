package io.scrapingagent.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
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
record QueryRequest(
        List<Aggregation> aggregations,
        String granularity,
        FieldFilter filter,
        @JsonProperty("group_by") List<String> groupBy,
        List<String> intervals,
        int limit,
        String format) {

    /** The most groups that the Metrics API returns in one page. */
    private static final int MOST_GROUPS_PER_PAGE = 1000;

    /** No {@code agg}: the API chooses the right one for each metric. */
    record Aggregation(String metric) {}

    @JsonPropertyOrder({"field", "op", "value"})
    record FieldFilter(String field, String op, String value) {}

    static QueryRequest of(Window window) {
        return new QueryRequest(
                List.of(new Aggregation(window.query().metric())),
                "PT1H",
                new FieldFilter("resource.kafka.id", "EQ", window.cluster()),
                List.of(window.query().groupBy()),
                List.of(window.interval()),
                MOST_GROUPS_PER_PAGE,
                "FLAT");
    }
}
