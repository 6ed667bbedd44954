package io.scrapingagent.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record as a consumer read it, and what it understood.
 *
 * @param key the record's key
 * @param json the record's value
 * @param cluster the cluster, {@code lkc-…}
 * @param metric the metric's short name, {@code request_bytes}
 * @param value the metric's value
 */
record ReadRecord(String key, String json, String cluster, String metric, BigDecimal value) {

    private static final String SERVER = "confluent_kafka_server_";

    /** Values can have more digits than a double holds. */
    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
                    .build();

    static ReadRecord of(ConsumerRecord<String, String> record) {
        JsonNode json = parse(record.value());
        String name = json.path("name").asText();
        return new ReadRecord(
                record.key(),
                record.value(),
                json.at("/tags/cluster_id").asText(),
                name.startsWith(SERVER) ? name.substring(SERVER.length()) : name,
                json.at("/fields/value").decimalValue());
    }

    private static JsonNode parse(String value) {
        try {
            return JSON.readTree(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record that is not JSON: " + value, e);
        }
    }
}
