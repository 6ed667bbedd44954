package io.scrapingagent.routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.TruePoint;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record as a consumer must read it; made from the simulator's truth, not with the agent's code.
 *
 * @param key the record's key
 * @param value the record's value, as text
 * @param timestamp the record's timestamp, in ms since the epoch
 */
public record ExpectedRecord(String key, String value, long timestamp) {

    public static final String REQUEST_BYTES = "io.confluent.kafka.server/request_bytes";
    public static final String RESPONSE_BYTES = "io.confluent.kafka.server/response_bytes";
    public static final String RETAINED_BYTES = "io.confluent.kafka.server/retained_bytes";
    public static final String RECEIVED_BYTES = "io.confluent.kafka.server/received_bytes";

    /** The metrics of the three default queries. */
    public static final List<String> METRICS =
            List.of(REQUEST_BYTES, RESPONSE_BYTES, RETAINED_BYTES);

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A record as it was read. */
    public static ExpectedRecord of(ConsumerRecord<String, String> record) {
        return new ExpectedRecord(record.key(), record.value(), record.timestamp());
    }

    /** Records as they were read. */
    public static List<ExpectedRecord> of(List<ConsumerRecord<String, String>> records) {
        return records.stream().map(ExpectedRecord::of).toList();
    }

    /** The three default queries of some clusters for one hour. */
    public static List<ExpectedRecord> ofHour(
            MetricsApiSimulator simulator, Instant hour, String... clusters) {
        List<ExpectedRecord> records = new ArrayList<>();
        for (String cluster : clusters) {
            for (String metric : METRICS) {
                records.addAll(ofQuery(simulator, hour, cluster, metric));
            }
        }
        return records;
    }

    /** One query of one cluster for one hour. */
    public static List<ExpectedRecord> ofQuery(
            MetricsApiSimulator simulator, Instant hour, String cluster, String metric) {
        String tag =
                metric.equals(REQUEST_BYTES) || metric.equals(RESPONSE_BYTES)
                        ? "principal"
                        : "topic";
        return ofStep(
                simulator,
                hour,
                cluster,
                metric,
                tag.equals("topic") ? "metric.topic" : "metric.principal_id",
                "cluster_id",
                tag);
    }

    /**
     * What a step publishes of one resource for one hour.
     *
     * @param groupBy its labels, comma-separated
     * @param idTag the tag that holds the resource's id
     * @param tags the tags that hold the labels' values
     */
    public static List<ExpectedRecord> ofStep(
            MetricsApiSimulator simulator,
            Instant hour,
            String id,
            String metric,
            String groupBy,
            String idTag,
            String... tags) {
        return simulator.truth(id, metric, groupBy, hour).stream()
                .map(point -> of(point, idTag, tags))
                .toList();
    }

    private static ExpectedRecord of(TruePoint point, String idTag, String... tags) {
        String name = point.metric().replaceFirst("^io[.]", "").replaceAll("[./]", "_");
        long timestamp = point.hour().toEpochMilli();
        List<String> groups =
                tags.length > 1 ? List.of(point.group().split(":")) : List.of(point.group());
        StringBuilder all = new StringBuilder(json(idTag) + ":" + json(point.cluster()));
        for (int i = 0; i < tags.length; i++) {
            all.append(',').append(json(tags[i])).append(':').append(json(groups.get(i)));
        }
        String value =
                "{\"fields\":{\"value\":%s},\"name\":\"%s\",\"tags\":{%s},\"timestamp\":%d}"
                        .formatted(plain(point.value()), name, all, timestamp);
        return new ExpectedRecord(
                name + ":" + (tags.length == 0 ? point.cluster() : point.group()),
                value,
                timestamp);
    }

    private static String plain(BigDecimal value) {
        String text = value.toPlainString();
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }

    private static String json(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
