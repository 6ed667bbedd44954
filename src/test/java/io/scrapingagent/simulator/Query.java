package io.scrapingagent.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
                        reader.resource(),
                        reader.label(),
                        reader.groupBy().stream().anyMatch(Query::isResource),
                        reader.clusters(),
                        reader.hour(),
                        reader.limit());
        reader.constants();
        if (reader.wrong.isEmpty()
                && query.label != Label.NONE
                && !query.metric.labels().contains(query.label)) {
            reader.wrong("group_by", query.label.texts() + " is no label of this metric");
        }
        if (reader.wrong.isEmpty() && !query.resource.equals(query.metric.resource())) {
            reader.wrong("filter", "the metric is one of " + query.metric.resource());
        }
        if (query.clusters.size() > 1 && !query.byCluster) {
            reader.wrong("group_by", "lacks the resource beside several clusters");
        }
        if (!reader.wrong.isEmpty()) {
            throw new ApiError(400, reader.wrong);
        }
        return query;
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
            boolean byResource = labels.removeIf(Query::isResource);
            Optional<Label> label =
                    labels.isEmpty() && !byResource ? Optional.empty() : Label.of(labels);
            if (label.isEmpty()) {
                wrong("group_by", "must be labels of the metric, the resource's or both");
            }
            return label.orElse(Label.NONE);
        }

        private List<JsonObject> filters() {
            Object filter = body.getValue("filter");
            Stream<?> each =
                    filter instanceof JsonObject any
                                    && "OR".equals(any.getValue("op"))
                                    && any.getValue("filters") instanceof JsonArray filters
                            ? filters.stream()
                            : Stream.of(filter);
            return each.filter(JsonObject.class::isInstance).map(JsonObject.class::cast).toList();
        }

        private String resource() {
            List<String> types =
                    filters().stream()
                            .map(it -> String.valueOf(it.getValue("field")))
                            .filter(Query::isResource)
                            .map(it -> RESOURCE.matcher(it).replaceFirst("$1"))
                            .distinct()
                            .toList();
            return types.size() == 1 ? types.get(0) : "";
        }

        private List<String> clusters() {
            List<String> ids =
                    filters().stream()
                            .filter(it -> isResource(String.valueOf(it.getValue("field"))))
                            .filter(it -> "EQ".equals(it.getValue("op")))
                            .map(it -> it.getValue("value"))
                            .filter(String.class::isInstance)
                            .map(String.class::cast)
                            .toList();
            if (ids.isEmpty() || ids.size() < filters().size() || resource().isEmpty()) {
                wrong("filter", "must be resource.<type>.id EQ an id, or an OR of such");
                return List.of();
            }
            return ids;
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
