package io.scrapingagent.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One page, {@code FlatQueryResponse} in the API description. {@code meta}, {@code pagination} and
 * {@code next_page_token} may each be absent, null or empty.
 *
 * @param data the points, or null where the answer has none
 * @param meta the pagination, or null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record QueryResponse(
        @JsonDeserialize(using = PointsDeserializer.class) List<Point> data, Meta meta) {

    /** Returns the token of the next page, or null where this is the last one. */
    public String nextPageToken() {
        String token =
                meta == null || meta.pagination == null ? null : meta.pagination.nextPageToken;
        return token == null || token.isEmpty() ? null : token;
    }

    /** {@code Meta} in the API description. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Meta(Pagination pagination) {}

    /** {@code Pagination} in the API description. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Pagination(@JsonProperty("next_page_token") String nextPageToken) {}

    /**
     * Reads the points of a page, and no more of them than a page can have: an empty one is three
     * bytes of a body but many more in memory.
     */
    static final class PointsDeserializer extends StdDeserializer<List<Point>> {

        /**
         * A page has at most 1000 groups. There is room for an API that answers with all of its 168
         * hours.
         */
        private static final int MAX_POINTS = 1000 * 168;

        /**
         * One for all points of a page: to have Jackson look it up for each takes as long as the
         * rest.
         */
        private final PointDeserializer point = new PointDeserializer();

        PointsDeserializer() {
            super(List.class);
        }

        @Override
        public List<Point> deserialize(JsonParser json, DeserializationContext context)
                throws IOException {
            if (!json.isExpectedStartArrayToken()) {
                context.reportInputMismatch(this, "`data` is not an array");
            }
            List<Point> points = new ArrayList<>();
            for (JsonToken token = json.nextToken();
                    token != JsonToken.END_ARRAY;
                    token = json.nextToken()) {
                if (points.size() == MAX_POINTS) {
                    context.reportInputMismatch(this, "a page has more than %d points", MAX_POINTS);
                }
                points.add(token == JsonToken.VALUE_NULL ? null : point.deserialize(json, context));
            }
            return points;
        }
    }

    /** Reads a point whose labels are known by name only to the query that asked for them. */
    static final class PointDeserializer extends StdDeserializer<Point> {

        /** Beyond this many digits before or after the decimal point a value is no byte count. */
        private static final int MAX_DIGITS = 1000;

        /** A point has the label that was asked for, and perhaps a few more. */
        private static final int MAX_LABELS = 100;

        /** Almost all points of a page are of one hour, and reading a date takes long. */
        private volatile Timestamp lastTimestamp =
                new Timestamp("1970-01-01T00:00:00Z", Instant.EPOCH);

        /** A cluster's points follow each other, and each name of its own would take memory. */
        private volatile String lastCluster = "";

        private record Timestamp(String text, Instant instant) {}

        PointDeserializer() {
            super(Point.class);
        }

        @Override
        public Point deserialize(JsonParser json, DeserializationContext context)
                throws IOException {
            if (!json.isExpectedStartObjectToken()) {
                context.reportInputMismatch(this, "a point is not an object");
            }
            String cluster = null;
            Map<String, String> labels = Map.of();
            Instant timestamp = null;
            BigDecimal value = null;
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken token = json.nextToken();
                switch (name) {
                    case "timestamp" -> timestamp = timestamp(json, token, context);
                    case "value" -> value = value(json, token, context);
                    case Query.CLUSTER_LABEL -> cluster = cluster(json, token);
                    default -> {
                        if (token == JsonToken.VALUE_STRING) {
                            labels = with(labels, name, json.getText());
                            if (labels.size() > MAX_LABELS) {
                                context.reportInputMismatch(
                                        this, "a point has more than %d labels", MAX_LABELS);
                            }
                        } else {
                            json.skipChildren();
                        }
                    }
                }
            }
            return new Point(cluster, labels, timestamp, value);
        }

        private String cluster(JsonParser json, JsonToken token) throws IOException {
            if (token != JsonToken.VALUE_STRING) {
                json.skipChildren();
                return null;
            }
            String text = json.getText();
            String last = lastCluster;
            if (last.equals(text)) {
                return last;
            }
            lastCluster = text;
            return text;
        }

        private Instant timestamp(JsonParser json, JsonToken token, DeserializationContext context)
                throws IOException {
            if (token == JsonToken.VALUE_NULL) {
                return null;
            }
            if (token == JsonToken.VALUE_STRING) {
                String text = json.getText();
                Timestamp last = lastTimestamp;
                if (last.text.equals(text)) {
                    return last.instant;
                }
                try {
                    Instant instant = OffsetDateTime.parse(text).toInstant();
                    lastTimestamp = new Timestamp(text, instant);
                    return instant;
                } catch (DateTimeException e) {
                    return context.reportInputMismatch(
                            this, "a point's timestamp is not a date-time");
                }
            }
            return context.reportInputMismatch(this, "a point's timestamp is not a string");
        }

        private BigDecimal value(JsonParser json, JsonToken token, DeserializationContext context)
                throws IOException {
            if (token == JsonToken.VALUE_NULL) {
                return null;
            }
            if (!token.isNumeric()) {
                return context.reportInputMismatch(this, "a point's value is not a number");
            }
            BigDecimal value = json.getDecimalValue();
            // written out in full an exponent of a few characters could fill the memory
            if (value.scale() > MAX_DIGITS
                    || (long) value.precision() - value.scale() > MAX_DIGITS) {
                return context.reportInputMismatch(
                        this, "a point's value has more than %d digits", MAX_DIGITS);
            }
            return value;
        }

        /** Almost every point has one label, and there are many points. */
        private static Map<String, String> with(
                Map<String, String> labels, String name, String value) {
            if (labels.isEmpty()) {
                return Map.of(name, value);
            }
            Map<String, String> more = new HashMap<>(labels);
            more.put(name, value);
            return more;
        }
    }
}
