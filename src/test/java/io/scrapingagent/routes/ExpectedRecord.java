package io.scrapingagent.routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.TruePoint;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> NAMES =
            Map.of(
                    REQUEST_BYTES, "confluent_kafka_server_request_bytes",
                    RESPONSE_BYTES, "confluent_kafka_server_response_bytes",
                    RETAINED_BYTES, "confluent_kafka_server_retained_bytes",
                    RECEIVED_BYTES, "confluent_kafka_server_received_bytes");

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
        return Arrays.stream(clusters)
                .flatMap(
                        cluster ->
                                Stream.of(REQUEST_BYTES, RESPONSE_BYTES, RETAINED_BYTES)
                                        .flatMap(
                                                metric ->
                                                        ofQuery(simulator, hour, cluster, metric)
                                                                .stream()))
                .toList();
    }

    /** One query of one cluster for one hour. */
    public static List<ExpectedRecord> ofQuery(
            MetricsApiSimulator simulator, Instant hour, String cluster, String metric) {
        String tag =
                metric.equals(REQUEST_BYTES) || metric.equals(RESPONSE_BYTES)
                        ? "principal"
                        : "topic";
        return simulator.truth(cluster, metric, hour).stream()
                .map(point -> of(point, tag))
                .toList();
    }

    static ExpectedRecord of(TruePoint point, String tag) {
        String name = NAMES.get(point.metric());
        long timestamp = point.hour().toEpochMilli();
        String value =
                "{\"fields\":{\"value\":%s},\"name\":\"%s\",\"tags\":{\"cluster_id\":\"%s\",\"%s\":%s},\"timestamp\":%d}"
                        .formatted(
                                plain(point.value()),
                                name,
                                point.cluster(),
                                tag,
                                json(point.group()),
                                timestamp);
        return new ExpectedRecord(name + ":" + point.group(), value, timestamp);
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
