package io.scrapingagent.api;

/**
 * One metric with its grouping, as a step of the routes names it.
 *
 * @param metric the metric's full name, for example {@code io.confluent.kafka.server/request_bytes}
 * @param groupBy the label that the values are grouped by, with its prefix, for example {@code
 *     metric.principal_id}
 * @param tag the name of the record's tag that holds the label's value
 * @param recordName the metric's name in records, which follows from its full name
 */
public record Query(String metric, String groupBy, String tag, String recordName) {

    /** Creates a query, whose {@code recordName} is made once, for it is in every record. */
    public Query(String metric, String groupBy, String tag) {
        this(metric, groupBy, tag, recordName(metric));
    }

    /** Returns the metric's name without its namespace, for people: {@code request_bytes}. */
    public String shortName() {
        return metric.substring(metric.lastIndexOf('/') + 1);
    }

    /** Without its leading {@code io.}, with {@code .} and {@code /} as {@code _}. */
    private static String recordName(String metric) {
        String name = metric.startsWith("io.") ? metric.substring("io.".length()) : metric;
        return name.replace('.', '_').replace('/', '_');
    }
}
