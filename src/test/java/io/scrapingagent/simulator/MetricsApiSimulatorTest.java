package io.scrapingagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the agent's tests rely upon and could not notice: that the API is strict, and hard. */
class MetricsApiSimulatorTest {

    private static final String PATH = "/v2/metrics/cloud/query";
    private static final Instant NOW = Instant.parse("2025-09-10T12:30:00Z");
    private static final Instant LAST_HOUR = Instant.parse("2025-09-10T11:00:00Z");
    private static final JsonObject QUERY =
            new JsonObject(
                    """
                    {"aggregations": [{"metric": "io.confluent.kafka.server/request_bytes"}],
                     "filter": {"field": "resource.kafka.id", "op": "EQ", "value": "lkc-ours"},
                     "granularity": "PT1H", "group_by": ["metric.principal_id"], "limit": 5,
                     "intervals": ["PT1H/2025-09-10T12:00:00Z"], "format": "FLAT"}
                    """);

    private final Cluster cluster =
            new Cluster("lkc-ours", Group.principals(1000), Group.topics(1000));
    private final Map<String, Cluster> clusters = Map.of(cluster.id(), cluster);
    private final Points points = new Points(Clock.fixed(NOW, ZoneOffset.UTC), false);
    private final MetricsApi api =
            new MetricsApi(
                    "Basic right",
                    clusters,
                    Set.of(),
                    new Listing(clusters, Map.of(), Set.of()),
                    false,
                    points);

    @Test
    void aTokenIsGoodForItsQueryOnly() {
        JsonObject meta = answer(QUERY, null).body().toJsonObject().getJsonObject("meta");
        String token = meta.getJsonObject("pagination").getString("next_page_token");

        // what a client gets across only if it encodes it
        assertThat(token).contains("+", "/");
        assertThat(answer(QUERY, token).status()).isEqualTo(200);
        assertRefused(answer(QUERY, token.replace('+', ' ')), 400, "page_token");
        assertRefused(answer(QUERY.copy().put("limit", 6), token), 400, "page_token");
    }

    @Test
    void theTruthHasWhatIsHardForAClient() {
        List<TruePoint> counted =
                points.truth(cluster, Metric.REQUEST_BYTES, Label.PRINCIPAL_ID, LAST_HOUR);

        assertThat(counted)
                .hasSizeBetween(850, 999)
                .extracting(TruePoint::group)
                .contains("")
                .anyMatch(name -> name.contains("\""))
                .anyMatch(name -> name.contains("\\"))
                .anyMatch(name -> name.contains("🚀"));
        assertThat(counted)
                .extracting(TruePoint::value)
                .allMatch(value -> value.scale() == 0)
                .anyMatch(value -> value.compareTo(BigDecimal.valueOf(1L << 53)) > 0)
                .anyMatch(value -> value.compareTo(BigDecimal.valueOf(1L << 20)) < 0);
        assertThat(points.truth(cluster, Metric.RETAINED_BYTES, Label.TOPIC, LAST_HOUR))
                .extracting(TruePoint::value)
                .anyMatch(value -> value.scale() == 0)
                .anyMatch(value -> value.scale() > 0)
                .allMatch(value -> value.precision() <= 15);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v2/metrics/cloud/query, Authorization, Basic wrong, 401, Authorization",
        "POST, /v2/metrics/cloud/query, Accept, text/html, 406, Accept",
        "POST, /v2/metrics/cloud/query, Content-Type, text/plain, 415, Content-Type",
        "GET, /v2/metrics/cloud/query, Accept, application/json, 405, POST",
        "GET, /v2/metrics/cloud/descriptors/metrics, Authorization, '', 401, Authorization",
        "GET, /v2/metrics/cloud/discovery, Authorization, '', 401, Authorization"
    })
    void aWrongRequestIsRefused(
            String method, String path, String header, String value, int status, String detail) {
        ReceivedRequest request = request(method, path, Map.of(header, value), null);

        assertRefused(api.answer(request, QUERY), status, detail);
    }

    /** Each row: the status, what it says, and the fields that differ from a valid query. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
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
    void anInvalidQueryIsRefusedWithTheFieldsName(int status, String detail, String change) {
        String filter = "{'field':'resource.kafka.id','op':'EQ','value':'%s'}";
        JsonObject changed =
                new JsonObject(
                        change.replace("OURS", filter.formatted("lkc-ours"))
                                .replace("THEIRS", filter.formatted("lkc-theirs"))
                                .replace('\'', '"'));

        assertRefused(answer(QUERY.copy().mergeIn(changed), null), status, detail);
    }

    @Test
    void theRateLimitIsAnnouncedAndEnforced() {
        AtomicLong nanos = new AtomicLong();
        RateLimit limit = new RateLimit(2, nanos::get);

        Map<String, String> first = limit.request().headers();
        limit.request();
        Answer third = limit.request().refusal();

        assertThat(first)
                .containsOnly(
                        Map.entry("rateLimit-limit", "4\n2"),
                        Map.entry("rateLimit-remaining", "3\n1"),
                        Map.entry("rateLimit-reset", "60\n60"));
        assertRefused(third, 429, "Too Many Requests");
        assertThat(third.headers())
                .containsEntry("rateLimit-remaining", "2\n0")
                .containsEntry("Retry-After", "60");
        nanos.set(Duration.ofMinutes(1).toNanos());
        assertThat(limit.request().admitted()).isTrue();
    }

    private Answer answer(JsonObject query, String token) {
        return api.answer(request("POST", PATH, Map.of(), token), query);
    }

    private static ReceivedRequest request(
            String method, String path, Map<String, String> wrong, String token) {
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("Authorization", List.of("Basic right"));
        headers.put("Content-Type", List.of("application/json"));
        headers.put("Accept", List.of("application/json"));
        wrong.forEach((name, value) -> headers.put(name, List.of(value)));
        return new ReceivedRequest(
                0, method, path, token, Map.of(), headers, "", List.of(), null, null, null);
    }

    private static void assertRefused(Answer answer, int status, String detail) {
        JsonObject error = answer.body().toJsonObject().getJsonArray("errors").getJsonObject(0);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(error.getString("status")).isEqualTo("" + status);
        assertThat(error.getString("detail")).contains(detail);
    }
}
