package io.scrapingagent.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A valid query.
 *
 * @param metric what is asked for
 * @param label what it is grouped by; {@code null} for the cluster alone
 * @param byCluster whether it is grouped by cluster as well. One of several clusters that is not
 *     would be answered with their sums, which no client of ours asks for: it is refused
 * @param clusters the ids in the filter, not necessarily of clusters there are
 * @param hour the start of the hour
 * @param limit the number of groups a page may have
 */
record Query(
        Metric metric,
        Label label,
        boolean byCluster,
        List<String> clusters,
        Instant hour,
        int limit) {

    /** The label of the cluster. */
    static final String CLUSTER = "resource.kafka.id";

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1000;

    /**
     * Validates a request's body as the contract says.
     *
     * @throws ApiError with every field that is wrong
     */
    static Query of(JsonObject body) throws ApiError {
        Reader reader = new Reader(body);
        Query query =
                new Query(
                        reader.metric(),
                        reader.label(),
                        reader.groupBy().contains(CLUSTER),
                        reader.clusters(),
                        reader.hour(),
                        reader.limit());
        reader.constants();
        if (reader.wrong.isEmpty()
                && query.label != null
                && !query.metric.labels().contains(query.label)) {
            reader.wrong("group_by", query.label.text() + " is no label of this metric");
        }
        if (query.clusters.size() > 1 && !query.byCluster) {
            reader.wrong("group_by", "lacks " + CLUSTER + " beside several clusters");
        }
        if (!reader.wrong.isEmpty()) {
            throw new ApiError(400, reader.wrong);
        }
        return query;
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

    /** Reads field by field, remembers what is wrong and goes on. */
    private static final class Reader {

        private final JsonObject body;
        private final List<String> wrong = new ArrayList<>();

        private Reader(JsonObject body) {
            this.body = body;
        }

        private void wrong(String field, String what) {
            wrong.add(field + ": " + what);
        }

        private Metric metric() {
            if (!(onlyItem("aggregations") instanceof JsonObject aggregation)) {
                wrong("aggregations", "must be exactly one aggregation");
                return null;
            }
            Object agg = aggregation.getValue("agg");
            if (agg != null && !agg.equals("SUM")) {
                wrong("aggregations[0].agg", "is not supported: " + agg);
            }
            Object name = aggregation.getValue("metric");
            Optional<Metric> metric = Metric.of(String.valueOf(name));
            if (metric.isEmpty()) {
                wrong("aggregations[0].metric", "there is no metric " + name);
            }
            return metric.orElse(null);
        }

        private List<String> groupBy() {
            return body.getValue("group_by") instanceof JsonArray labels
                    ? labels.stream().map(String::valueOf).toList()
                    : List.of();
        }

        private Label label() {
            List<String> labels = new ArrayList<>(groupBy());
            boolean byCluster = labels.remove(CLUSTER);
            if (labels.isEmpty() && byCluster) {
                return null;
            }
            Optional<Label> label = labels.size() == 1 ? Label.of(labels.get(0)) : Optional.empty();
            if (label.isEmpty()) {
                wrong("group_by", "must be one label of the metric, resource.kafka.id or both");
            }
            return label.orElse(null);
        }

        private List<String> clusters() {
            Object filter = body.getValue("filter");
            List<Object> ids = new ArrayList<>();
            if (filter instanceof JsonObject any
                    && "OR".equals(any.getValue("op"))
                    && any.getValue("filters") instanceof JsonArray filters) {
                filters.forEach(each -> ids.add(cluster(each)));
            } else {
                ids.add(cluster(filter));
            }
            if (ids.isEmpty() || ids.contains(null)) {
                wrong("filter", "must be resource.kafka.id EQ a cluster's id, or an OR of such");
                return List.of();
            }
            return ids.stream().map(String.class::cast).toList();
        }

        private static String cluster(Object filter) {
            return filter instanceof JsonObject field
                            && CLUSTER.equals(field.getValue("field"))
                            && "EQ".equals(field.getValue("op"))
                            && field.getValue("value") instanceof String id
                    ? id
                    : null;
        }

        private Instant hour() {
            if (!(onlyItem("intervals") instanceof String text)) {
                wrong("intervals", "must be exactly one interval");
                return null;
            }
            try {
                return Query.hour(text);
            } catch (DateTimeException e) {
                wrong("intervals[0]", "must be PT1H/ and the end of a UTC hour: " + text);
                return null;
            }
        }

        private int limit() {
            Object limit = body.getValue("limit", DEFAULT_LIMIT);
            if (limit instanceof Integer groups && groups >= 1 && groups <= MAX_LIMIT) {
                return groups;
            }
            wrong("limit", "must be a whole number from 1 to " + MAX_LIMIT);
            return 0;
        }

        private void constants() {
            if (!"PT1H".equals(body.getValue("granularity"))) {
                wrong("granularity", "must be PT1H");
            }
            if (!"FLAT".equals(body.getValue("format", "FLAT"))) {
                wrong("format", "must be FLAT");
            }
            if (body.containsKey("order_by")) {
                wrong("order_by", "is only valid for granularity ALL");
            }
        }

        private Object onlyItem(String field) {
            return body.getValue(field) instanceof JsonArray items && items.size() == 1
                    ? items.getValue(0)
                    : null;
        }
    }
}
