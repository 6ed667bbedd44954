package io.scrapingagent.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;

/** Reads a point whose labels are known by name only to the query that asked for them. */
final class PointDeserializer extends StdDeserializer<Point> {

    /** Beyond this many digits before or after the decimal point a value is no byte count. */
    private static final int MOST_DIGITS = 1000;

    /** A point has the label that was asked for, and perhaps a few more. */
    private static final int MOST_LABELS = 100;

    /** Almost all points of a page are of one hour, and reading a date takes long. */
    private volatile Timestamp lastTimestamp = new Timestamp("1970-01-01T00:00:00Z", Instant.EPOCH);

    /** A cluster's points follow each other, and each name of its own would take memory. */
    private volatile String lastCluster = "";

    private record Timestamp(String text, Instant instant) {}

    PointDeserializer() {
        super(Point.class);
    }

    @Override
    public Point deserialize(JsonParser json, DeserializationContext context) throws IOException {
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
                        if (labels.size() > MOST_LABELS) {
                            context.reportInputMismatch(
                                    this, "a point has more than %d labels", MOST_LABELS);
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
                return context.reportInputMismatch(this, "a point's timestamp is not a date-time");
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
        if (value.scale() > MOST_DIGITS || (long) value.precision() - value.scale() > MOST_DIGITS) {
            return context.reportInputMismatch(
                    this, "a point's value has more than %d digits", MOST_DIGITS);
        }
        return value;
    }

    /** Almost every point has one label, and there are many points. */
    private static Map<String, String> with(Map<String, String> labels, String name, String value) {
        if (labels.isEmpty()) {
            return Map.of(name, value);
        }
        Map<String, String> more = new HashMap<>(labels);
        more.put(name, value);
        return more;
    }
}
