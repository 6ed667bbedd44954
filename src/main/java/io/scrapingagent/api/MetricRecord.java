package io.scrapingagent.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.camel.Exchange;
import org.apache.camel.support.ExpressionAdapter;

/** A point as it is published to Kafka. */
public final class MetricRecord {

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                    .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                    .build();

    private MetricRecord() {}

    /** Returns the record's key, {@code <name>:<group>}; without a label, {@code <name>:<id>}. */
    public static String key(Point point, Window window) {
        Query query = window.query();
        String group = query.labels().isEmpty() ? window.clusterOf(point) : point.group(query);
        return query.recordName() + ":" + group;
    }

    /** Returns the record's timestamp: the start of the point's hour, in ms since the epoch. */
    public static long timestamp(Point point, Window window) {
        return point.timestamp().toEpochMilli();
    }

    /**
     * Returns the record's value: one line of JSON in UTF-8, its fields in a fixed order, {@code
     * timestamp} in ms.
     */
    public static byte[] value(Point point, Window window) {
        return value(point, window, 1);
    }

    /**
     * As {@link #value}, with {@code timestamp} in seconds, as Kafka Cost Control reads a number.
     */
    public static byte[] valueInSeconds(Point point, Window window) {
        return value(point, window, 1000);
    }

    private static byte[] value(Point point, Window window, int unitMs) {
        Query query = window.query();
        try (ByteArrayBuilder bytes = new ByteArrayBuilder();
                JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeObjectFieldStart("fields");
            json.writeFieldName("value");
            json.writeNumber(plain(point.value()));
            json.writeEndObject();
            json.writeStringField("name", query.recordName());
            json.writeObjectFieldStart("tags");
            json.writeStringField(query.idTag(), window.clusterOf(point));
            for (int i = 0; i < query.tags().size(); i++) {
                json.writeStringField(query.tags().get(i), point.label(query.labels().get(i)));
            }
            for (Map.Entry<String, String> tag : query.constantTags().entrySet()) {
                json.writeStringField(tag.getKey(), tag.getValue());
            }
            json.writeEndObject();
            json.writeNumberField("timestamp", timestamp(point, window) / unitMs);
            json.writeEndObject();
            json.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Numerically what the API sent: whole numbers as integers, others as plain decimals. */
    private static BigDecimal plain(BigDecimal value) {
        if (value.scale() == 0) {
            return value;
        }
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /**
     * An expression for a part of a record, which routes refer to by name. A {@code method}
     * expression would copy the exchange for each of hundreds of thousands of records.
     */
    public static final class Part extends ExpressionAdapter {

        private final BiFunction<Point, Window, Object> part;

        /** Creates the expression, from a point and the window that it was fetched with. */
        public Part(BiFunction<Point, Window, Object> part) {
            this.part = part;
        }

        @Override
        public Object evaluate(Exchange exchange) {
            return part.apply(
                    exchange.getMessage().getBody(Point.class),
                    exchange.getProperty("window", Window.class));
        }
    }
}
