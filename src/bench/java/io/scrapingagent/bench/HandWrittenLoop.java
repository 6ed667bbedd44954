package io.scrapingagent.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The least that must be done for the same records, as fast as plain Java does it: each point goes
 * from the JSON parser straight to where records go, nothing is checked, retried or held back.
 */
final class HandWrittenLoop implements Contestant {

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                    .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                    .build();
    private static final int CLUSTERS_PER_REQUEST = 50;
    private static final String PREFIX = "io.confluent.kafka.server/";
    private static final List<Query> QUERIES =
            List.of(
                    new Query("request_bytes", "metric.principal_id", "principal"),
                    new Query("response_bytes", "metric.principal_id", "principal"),
                    new Query("retained_bytes", "metric.topic", "topic"));

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI uri;
    private final String authorization;
    private final Population population;
    private final Destination destination;
    private long records;

    /** Where a point's record goes. */
    interface Destination extends AutoCloseable {

        /** Takes a point; called for all of a window, one after another. */
        void add(Measurement point) throws Exception;

        /** Returns when all that was taken is committed. */
        void flush() throws Exception;

        @Override
        void close();
    }

    /** A query and the name that its records have. */
    private record Query(String metric, String groupBy, String tag) {

        String recordName() {
            return "confluent_kafka_server_" + metric;
        }
    }

    /** A point with all that its record needs. */
    record Measurement(String cluster, Query query, String group, BigDecimal number, long time) {

        /** Returns the record's key. */
        String key() {
            return query.recordName() + ":" + group;
        }

        /** Returns the record's value. */
        byte[] value() {
            ByteArrayBuilder bytes = new ByteArrayBuilder();
            try (JsonGenerator json = JSON.createGenerator(bytes)) {
                json.writeStartObject();
                json.writeObjectFieldStart("fields");
                json.writeNumberField("value", plain(number));
                json.writeEndObject();
                json.writeStringField("name", query.recordName());
                json.writeObjectFieldStart("tags");
                json.writeStringField("cluster_id", cluster);
                json.writeStringField(query.tag, group);
                json.writeEndObject();
                json.writeNumberField("timestamp", time);
                json.writeEndObject();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }

        private static BigDecimal plain(BigDecimal value) {
            if (value.scale() == 0) {
                return value;
            }
            BigDecimal stripped = value.stripTrailingZeros();
            return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
        }
    }

    HandWrittenLoop(URI api, Population population, Destination destination) {
        this.uri = api.resolve("/v2/metrics/cloud/query");
        this.population = population;
        this.destination = destination;
        byte[] credentials =
                (MetricsApiSimulator.DEFAULT_KEY + ":" + MetricsApiSimulator.DEFAULT_SECRET)
                        .getBytes(StandardCharsets.UTF_8);
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    /**
     * Publishes the hour that is due, as a process of its own.
     *
     * @param arguments the API's address, the broker's, the topic, and where the records go: {@code
     *     producer} or {@code steps}
     */
    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        properties.setProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[1]);
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.setProperty(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "loop-" + arguments[2]);
        // as the agent has it
        properties.setProperty(ProducerConfig.BATCH_SIZE_CONFIG, "131072");
        Destination destination =
                arguments[3].equals("steps")
                        ? new BareSteps(arguments[2], properties)
                        : new PlainProducer(arguments[2], properties);
        try (HandWrittenLoop loop =
                new HandWrittenLoop(URI.create(arguments[0]), Population.ONCE, destination)) {
            loop.publish(Instant.now().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS));
        }
    }

    @Override
    public long publish(Instant hour) throws Exception {
        records = 0;
        List<String> ids = population.ids();
        for (int i = 0; i < ids.size(); i += CLUSTERS_PER_REQUEST) {
            List<String> clusters = ids.subList(i, Math.min(i + CLUSTERS_PER_REQUEST, ids.size()));
            for (Query query : QUERIES) {
                String token = null;
                do {
                    token = publishPage(page(clusters, query, hour, token), query);
                } while (token != null);
                // a window is acknowledged before the next is fetched, as the routes do it
                destination.flush();
            }
        }
        return records;
    }

    private byte[] page(List<String> clusters, Query query, Instant hour, String token)
            throws IOException, InterruptedException {
        String filters =
                clusters.stream()
                        .map(
                                ("{\"field\":\"resource.kafka.id\",\"op\":\"EQ\","
                                                + "\"value\":\"%s\"}")
                                        ::formatted)
                        .collect(Collectors.joining(","));
        String body =
                ("{\"aggregations\":[{\"metric\":\"%s\"}],\"granularity\":\"PT1H\","
                                + "\"filter\":{\"op\":\"OR\",\"filters\":[%s]},"
                                + "\"group_by\":[\"resource.kafka.id\",\"%s\"],"
                                + "\"intervals\":[\"PT1H/%s\"],"
                                + "\"limit\":1000,\"format\":\"FLAT\"}")
                        .formatted(
                                PREFIX + query.metric,
                                filters,
                                query.groupBy,
                                hour.plus(Duration.ofHours(1)));
        URI address =
                token == null
                        ? uri
                        : URI.create(
                                uri
                                        + "?page_token="
                                        + URLEncoder.encode(token, StandardCharsets.UTF_8));
        HttpRequest request =
                HttpRequest.newBuilder(address)
                        .header("Authorization", authorization)
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException("the simulator answered " + response.statusCode());
        }
        return response.body();
    }

    /** Publishes the points of a page and returns the next page's token, or null. */
    private String publishPage(byte[] page, Query query) throws Exception {
        String token = null;
        try (JsonParser json = JSON.createParser(page)) {
            String field = null;
            boolean inData = false;
            for (JsonToken next = json.nextToken(); next != null; next = json.nextToken()) {
                if (next == JsonToken.FIELD_NAME) {
                    field = json.currentName();
                } else if (next == JsonToken.START_ARRAY) {
                    inData = "data".equals(field);
                } else if (next == JsonToken.END_ARRAY) {
                    inData = false;
                } else if (next == JsonToken.START_OBJECT && inData) {
                    publishPoint(json, query);
                } else if (next == JsonToken.VALUE_STRING && "next_page_token".equals(field)) {
                    token = json.getText();
                }
            }
        }
        return token;
    }

    private void publishPoint(JsonParser json, Query query) throws Exception {
        String cluster = null;
        String group = null;
        String timestamp = null;
        BigDecimal value = null;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            if (name.equals("timestamp")) {
                timestamp = json.getText();
            } else if (name.equals("value")) {
                value = json.getDecimalValue();
            } else if (name.equals("resource.kafka.id")) {
                cluster = json.getText();
            } else {
                group = json.getText();
            }
        }
        long time = Instant.parse(timestamp).toEpochMilli();
        destination.add(new Measurement(cluster, query, group, value, time));
        records++;
    }

    @Override
    public void close() {
        destination.close();
    }
}
