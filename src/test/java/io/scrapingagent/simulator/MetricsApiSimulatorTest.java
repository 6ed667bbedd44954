package io.scrapingagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the agent's tests rely upon and could not notice: that the API is strict, and hard. */
class MetricsApiSimulatorTest {

    private static final String CLUSTER = "lkc-test1";
    private static final String REQUEST_BYTES = "io.confluent.kafka.server/request_bytes";
    private static final String RETAINED_BYTES = "io.confluent.kafka.server/retained_bytes";
    private static final String PRINCIPAL = "metric.principal_id";
    private static final String TOPIC = "metric.topic";
    private static final String PATH = "/v2/metrics/cloud/query";
    private static final Instant NOW = Instant.parse("2025-09-10T12:30:00Z");
    private static final Instant LAST_HOUR = Instant.parse("2025-09-10T11:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final MetricsApiSimulator.Builder description =
            MetricsApiSimulator.builder()
                    .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                    .cluster(CLUSTER, 30, 40)
                    .withoutRateLimit();
    private MetricsApiSimulator simulator;

    @AfterEach
    void stop() {
        if (simulator != null) {
            simulator.close();
        }
    }

    @Test
    void aTokenIsGoodForItsQueryOnly() throws Exception {
        JsonObject query = query(REQUEST_BYTES, PRINCIPAL).put("limit", 5);
        String token = nextPageToken(post(query, null));

        assertThat(token).contains("+", "/");
        assertError(
                send(request(PATH + "?page_token=" + token), query.encode()), 400, "page_token");
        assertError(post(query(REQUEST_BYTES, PRINCIPAL), token), 400, "page_token");
        assertError(post(query, "x"), 400, "page_token");
    }

    @Test
    void theTruthHasWhatIsHardForAClient() {
        description.cluster(CLUSTER, 1000, 1000);

        Set<String> names =
                truth(REQUEST_BYTES).stream().map(TruePoint::group).collect(Collectors.toSet());
        assertThat(names)
                .hasSizeBetween(850, 999)
                .contains("")
                .anyMatch(name -> name.contains("\""))
                .anyMatch(name -> name.contains("\\"))
                .anyMatch(name -> name.contains("🚀"));
        assertThat(truth(REQUEST_BYTES))
                .extracting(TruePoint::value)
                .allMatch(value -> value.scale() == 0)
                .anyMatch(value -> value.compareTo(BigDecimal.valueOf(1L << 53)) > 0)
                .anyMatch(value -> value.compareTo(BigDecimal.valueOf(1L << 20)) < 0);
        assertThat(truth(RETAINED_BYTES))
                .extracting(TruePoint::value)
                .anyMatch(value -> value.scale() == 0)
                .anyMatch(value -> value.scale() > 0)
                .allMatch(value -> value.precision() <= 15);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v2/metrics/cloud/query, Authorization, Basic eA==, 401, Authorization",
        "POST, /v2/metrics/cloud/query, Authorization, '', 401, Authorization",
        "POST, /v2/metrics/cloud/query, Accept, text/html, 406, Accept",
        "POST, /v2/metrics/cloud/query, Content-Type, text/plain, 415, Content-Type",
        "GET, /v2/metrics/cloud/query, Accept, application/json, 405, POST",
        "GET, /v2/metrics/cloud/descriptors/metrics, Authorization, '', 401, Authorization",
        "GET, /v2/metrics/cloud/descriptors/metrics?page_token=x, X, x, 400, page_token"
    })
    void aWrongRequestIsRefused(
            String method, String path, String header, String value, int status, String detail)
            throws Exception {
        HttpRequest.Builder request = request(path).setHeader(header, value);
        String body = query(REQUEST_BYTES, PRINCIPAL).encode();

        assertError(
                client.send(
                        request.method(method, BodyPublishers.ofString(body)).build(),
                        BodyHandlers.ofString()),
                status,
                detail);
    }

    /** Each row: the status, what it says, and the fields that differ from a valid query. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "400 | body: | no JSON",
                "400 | aggregations[0].metric | {'aggregations':[{'metric':'x'}]}",
                "400 | granularity | {'granularity':'PT5M'}",
                "400 | filter | {'filter':null}",
                "400 | filter | {'filter':{'op':'OR','filters':[]}}",
                "400 | group_by | {'group_by':['metric.topic']}",
                "400 | group_by | {'filter':{'op':'OR','filters':[OURS,THEIRS]}}",
                "400 | intervals | {'intervals':['PT1H/2025-09-10T12:00:00Z','x']}",
                "400 | intervals[0] | {'intervals':['PT2H/2025-09-10T12:00:00Z']}",
                "400 | limit | {'limit':1001}",
                "403 | lkc-theirs | {'filter':THEIRS}"
            })
    void anInvalidQueryIsRefusedWithTheFieldsName(int status, String detail, String change)
            throws Exception {
        String body = change;
        if (change.startsWith("{")) {
            JsonObject query = query(REQUEST_BYTES, PRINCIPAL);
            String filter = "{'field':'resource.kafka.id','op':'EQ','value':'%s'}";
            new JsonObject(
                            change.replace("OURS", filter.formatted(CLUSTER))
                                    .replace("THEIRS", filter.formatted("lkc-theirs"))
                                    .replace('\'', '"'))
                    .forEach(
                            field -> {
                                if (field.getValue() == null) {
                                    query.remove(field.getKey());
                                } else {
                                    query.put(field.getKey(), field.getValue());
                                }
                            });
            body = query.encode();
        }

        HttpResponse<String> response = send(request(PATH), body);

        assertError(response, status, detail);
    }

    @Test
    void theRateLimitIsAnnouncedAndEnforced() throws Exception {
        description.rateLimit(2);

        HttpResponse<String> first = post(query(REQUEST_BYTES, PRINCIPAL), null);
        post(query(REQUEST_BYTES, PRINCIPAL), null);
        HttpResponse<String> third = post(query(REQUEST_BYTES, PRINCIPAL), null);

        assertThat(first.headers().allValues("rateLimit-limit")).containsExactly("4", "2");
        assertThat(first.headers().allValues("rateLimit-remaining")).containsExactly("3", "1");
        assertThat(first.headers().allValues("rateLimit-reset"))
                .hasSize(2)
                .allSatisfy(it -> assertThat(Long.parseLong(it)).isBetween(1L, 60L));
        assertThat(first.headers().firstValue("Retry-After")).isEmpty();
        assertError(third, 429, "Too Many Requests");
        assertThat(third.headers().allValues("rateLimit-remaining")).containsExactly("2", "0");
        assertThat(third.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 60L);
    }

    private MetricsApiSimulator simulator() {
        if (simulator == null) {
            simulator = description.start();
        }
        return simulator;
    }

    private List<TruePoint> truth(String metric) {
        return simulator().truth(CLUSTER, metric, LAST_HOUR);
    }

    private HttpResponse<String> post(JsonObject query, String token) throws Exception {
        String parameter =
                token == null
                        ? ""
                        : "?page_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
        return send(request(PATH + parameter), query.encode());
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String body) throws Exception {
        return client.send(
                request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        String login = MetricsApiSimulator.DEFAULT_KEY + ":" + MetricsApiSimulator.DEFAULT_SECRET;
        return HttpRequest.newBuilder(URI.create(simulator().baseUri() + path))
                .header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(login.getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .timeout(Duration.ofSeconds(20));
    }

    private static JsonObject query(String metric, String label) {
        return JsonObject.of(
                        "aggregations",
                        JsonArray.of(JsonObject.of("metric", metric)),
                        "filter",
                        JsonObject.of("field", "resource.kafka.id", "op", "EQ", "value", CLUSTER))
                .put("granularity", "PT1H")
                .put("group_by", JsonArray.of(label))
                .put("intervals", JsonArray.of("PT1H/2025-09-10T12:00:00Z"))
                .put("limit", 1000)
                .put("format", "FLAT");
    }

    private static void assertError(HttpResponse<String> response, int status, String detail)
            throws Exception {
        assertThat(response.statusCode()).isEqualTo(status);
        JsonNode error = JSON.readTree(response.body()).at("/errors/0");
        assertThat(error.path("status").textValue()).isEqualTo("" + status);
        assertThat(error.path("detail").textValue()).contains(detail);
    }

    private static String nextPageToken(HttpResponse<String> response) throws Exception {
        return JSON.readTree(response.body()).at("/meta/pagination/next_page_token").textValue();
    }
}
