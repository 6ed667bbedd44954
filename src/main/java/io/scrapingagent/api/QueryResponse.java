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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One page of an answer, {@code FlatQueryResponse} in the API description. The last page may lack
 * any of {@code meta}, {@code pagination} and {@code next_page_token}, or have it null or empty.
 *
 * @param data the points, or null if the answer has no {@code data}; in place of a point without a
 *     timestamp or a value there is null
 * @param meta what leads to the next page, or null
 * @param errors what is said of each error; null or empty in a proper answer
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record QueryResponse(
        @JsonDeserialize(contentUsing = PointDeserializer.class) List<Point> data,
        Meta meta,
        @JsonDeserialize(contentUsing = ErrorDeserializer.class) List<String> errors) {

    /** Returns the token of the next page, or null if this is the last one. */
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

    /** Reads of an error only its {@code detail}: an answer may have millions of them. */
    static final class ErrorDeserializer extends StdDeserializer<String> {

        ErrorDeserializer() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser json, DeserializationContext context)
                throws IOException {
            String detail = "";
            if (!json.isExpectedStartObjectToken()) {
                json.skipChildren();
                return detail;
            }
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                if (json.nextToken() == JsonToken.VALUE_STRING && name.equals("detail")) {
                    detail = json.getText();
                }
                json.skipChildren();
            }
            return detail;
        }
    }

    /** Reads a point. Each text in it but the timestamp is a label, whatever its name. */
    static final class PointDeserializer extends StdDeserializer<Point> {

        /** The most digits before or after the decimal point. No count of bytes has so many. */
        private static final int MAX_DIGITS = 1000;

        /** The most labels besides the id. No metric has so many. */
        private static final int MAX_LABELS = 64;

        /** The last one read. Parsing takes long, and almost all points of a page have the same. */
        private volatile Timestamp lastTimestamp =
                new Timestamp("1970-01-01T00:00:00Z", Instant.EPOCH);

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
            String kafkaId = null;
            Map<String, String> labels = Map.of();
            Instant timestamp = null;
            BigDecimal value = null;
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken token = json.nextToken();
                if (token == JsonToken.VALUE_NULL) {
                    continue;
                }
                switch (name) {
                    case "timestamp" -> timestamp = timestamp(json, context);
                    case "value" -> value = value(json, context);
                    default -> {
                        if (token != JsonToken.VALUE_STRING) {
                            json.skipChildren();
                        } else if (name.equals(Query.KAFKA_LABEL)) {
                            kafkaId = json.getText();
                        } else {
                            labels = with(labels, name, json.getText());
                            if (labels.size() > MAX_LABELS) {
                                context.reportInputMismatch(
                                        this, "a point has more than %d labels", MAX_LABELS);
                            }
                        }
                    }
                }
            }
            // null takes the least memory: an answer may have millions of empty points
            return timestamp == null || value == null
                    ? null
                    : new Point(kafkaId, labels, timestamp, value);
        }

        private Instant timestamp(JsonParser json, DeserializationContext context)
                throws IOException {
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

        private BigDecimal value(JsonParser json, DeserializationContext context)
                throws IOException {
            if (!json.currentToken().isNumeric()) {
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

        /** Returns the labels with one more. A map of one, as most points need, is a small one. */
        private static Map<String, String> with(
                Map<String, String> labels, String name, String value) {
            if (labels.isEmpty()) {
                return Map.of(name, value);
            }
            Map<String, String> more = labels.size() == 1 ? new HashMap<>(labels) : labels;
            more.put(name, value);
            return more;
        }
    }
}
