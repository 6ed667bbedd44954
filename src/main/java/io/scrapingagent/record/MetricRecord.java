package io.scrapingagent.record;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.scrapingagent.api.Point;
import io.scrapingagent.api.Query;
import io.scrapingagent.api.Window;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** A point as it is published to Kafka. */
public final class MetricRecord {

    private MetricRecord() {}

    /** Returns the record's key, {@code <name>:<group>}. */
    public static String key(Point point, Window window) {
        Query query = window.query();
        return query.recordName() + ":" + point.group(query);
    }

    /** Returns the record's timestamp: the start of the point's hour, in ms since the epoch. */
    public static long timestamp(Point point, Window window) {
        return point.timestamp().toEpochMilli();
    }

    /** Returns the record's value: one line of JSON in UTF-8, its fields in a fixed order. */
    public static byte[] value(Point point, Window window) {
        Query query = window.query();
        StringBuilder json = new StringBuilder(200);
        json.append("{\"fields\":{\"value\":").append(plain(point.value()).toPlainString());
        quote(query.recordName(), json.append("},\"name\":"));
        json.append(",\"tags\":{");
        tag(Query.CLUSTER_TAG, window.clusterOf(point), json);
        tag(query.tag(), point.group(query), json.append(','));
        query.constantTags().forEach((name, value) -> tag(name, value, json.append(',')));
        json.append("},\"timestamp\":").append(timestamp(point, window)).append('}');
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void tag(String name, String value, StringBuilder json) {
        quote(name, json);
        quote(value, json.append(':'));
    }

    private static void quote(String text, StringBuilder json) {
        json.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, json);
        json.append('"');
    }

    /** Numerically what the API sent: whole numbers as integers, others as plain decimals. */
    private static BigDecimal plain(BigDecimal value) {
        if (value.scale() == 0) {
            return value;
        }
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
