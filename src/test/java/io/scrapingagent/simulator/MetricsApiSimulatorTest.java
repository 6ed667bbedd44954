package io.scrapingagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsApiSimulatorTest {

    private static final String CLUSTER = "lkc-test1";
    private static final String REQUEST_BYTES = "io.confluent.kafka.server/request_bytes";
    private static final String RETAINED_BYTES = "io.confluent.kafka.server/retained_bytes";
    private static final String RECEIVED_BYTES = "io.confluent.kafka.server/received_bytes";
    private static final String PRINCIPAL = "metric.principal_id";
    private static final String TOPIC = "metric.topic";
    private static final String PATH = "/v2/metrics/cloud/query";
    private static final Instant NOW = Instant.parse("2025-09-10T12:30:00Z");
    private static final Instant LAST_HOUR = Instant.parse("2025-09-10T11:00:00Z");
    private static final String LAST_HOUR_INTERVAL = "PT1H/2025-09-10T12:00:00Z";
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<MetricsApiSimulator> started = new ArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(MetricsApiSimulator::close);
    }

    @Test
    void answersAnHourOfPrincipalsWithItsTruth() throws Exception {
        MetricsApiSimulator simulator = start();

        HttpResponse<String> response = post(simulator, query(REQUEST_BYTES, PRINCIPAL));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        List<TruePoint> truth = simulator.truth(CLUSTER, REQUEST_BYTES, LAST_HOUR);
        assertThat(truth).hasSizeGreaterThan(20);
        assertThat(points(response, REQUEST_BYTES, PRINCIPAL))
                .containsExactlyInAnyOrderElementsOf(truth);
        assertThat(JSON.readTree(response.body()).at("/meta/pagination").toString())
                .isEqualTo("{\"page_size\":1000}");
    }

    @Test
    void answersAWindowByTopicsLatestHourFirstWithinAGroup() throws Exception {
        MetricsApiSimulator simulator = start();

        HttpResponse<String> response =
                post(
                        simulator,
                        query(RETAINED_BYTES, TOPIC)
                                .put(
                                        "intervals",
                                        new JsonArray().add("PT6H/2025-09-10T12:00:00Z")));

        List<TruePoint> points = points(response, RETAINED_BYTES, TOPIC);
        assertThat(points)
                .containsExactlyInAnyOrderElementsOf(truth(simulator, RETAINED_BYTES, TOPIC, 6));
        List<Instant> ofOneTopic =
                points.stream()
                        .filter(point -> point.group().equals("topic-0002"))
                        .map(TruePoint::hour)
                        .toList();
        assertThat(ofOneTopic).hasSizeGreaterThan(1).isSortedAccordingTo((a, b) -> b.compareTo(a));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PT3H/2025-09-10T12:00:00Z",
                "2025-09-10T09:00:00Z/PT3H",
                "2025-09-10T09:00:00Z/2025-09-10T12:00:00Z",
                "2025-09-10T11:00:00+02:00/2025-09-10T12:00:00.000Z"
            })
    void understandsEveryFormOfAnInterval(String interval) throws Exception {
        MetricsApiSimulator simulator = start();

        HttpResponse<String> response =
                post(
                        simulator,
                        query(RECEIVED_BYTES, TOPIC)
                                .put("intervals", new JsonArray().add(interval)));

        assertThat(points(response, RECEIVED_BYTES, TOPIC))
                .containsExactlyInAnyOrderElementsOf(truth(simulator, RECEIVED_BYTES, TOPIC, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {TOPIC, PRINCIPAL})
    void groupsReceivedBytesByEitherLabel(String label) throws Exception {
        MetricsApiSimulator simulator = start();

        HttpResponse<String> response = post(simulator, query(RECEIVED_BYTES, label));

        assertThat(points(response, RECEIVED_BYTES, label))
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(
                        simulator.truth(CLUSTER, RECEIVED_BYTES, label, LAST_HOUR));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 29, 1000})
    void pagesAreCutByGroupsAndTogetherAreTheWhole(int limit) throws Exception {
        MetricsApiSimulator simulator = start();
        JsonObject query =
                query(REQUEST_BYTES, PRINCIPAL)
                        .put("intervals", new JsonArray().add("PT4H/2025-09-10T12:00:00Z"))
                        .put("limit", limit);

        List<TruePoint> all = new ArrayList<>();
        int pages = 0;
        String token = null;
        do {
            HttpResponse<String> response = post(simulator, query, token);
            List<TruePoint> page = points(response, REQUEST_BYTES, PRINCIPAL);
            assertThat(groups(page)).hasSizeBetween(1, limit);
            assertThat(groups(all)).doesNotContainAnyElementsOf(groups(page));
            all.addAll(page);
            token = nextPageToken(response);
            pages++;
        } while (token != null);

        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(truth(simulator, REQUEST_BYTES, PRINCIPAL, 4));
        assertThat(pages).isEqualTo((groups(all).size() + limit - 1) / limit);
    }

    @Test
    void aTokenThatIsNotUrlEncodedIsRefused() throws Exception {
        MetricsApiSimulator simulator = start();
        JsonObject query = query(REQUEST_BYTES, PRINCIPAL).put("limit", 5);
        String token = nextPageToken(post(simulator, query));

        assertThat(token).contains("+", "/");
        HttpResponse<String> response =
                send(request(simulator, PATH + "?page_token=" + token, query.encode()));

        assertError(response, 400, "page_token");
    }

    @Test
    void aTokenOfAnotherQueryIsRefused() throws Exception {
        MetricsApiSimulator simulator = start();
        String token =
                nextPageToken(post(simulator, query(REQUEST_BYTES, PRINCIPAL).put("limit", 5)));

        assertError(post(simulator, query(REQUEST_BYTES, PRINCIPAL), token), 400, "page_token");
        assertError(post(simulator, query(RETAINED_BYTES, TOPIC), token), 400, "page_token");
        assertError(post(simulator, query(REQUEST_BYTES, PRINCIPAL), "x"), 400, "page_token");
        assertError(post(simulator, query(REQUEST_BYTES, PRINCIPAL), ""), 400, "page_token");
    }

    @Test
    void anExpiredCursorIsRefused() throws Exception {
        MetricsApiSimulator simulator = start(describe().cursorLifetime(Duration.ZERO));
        JsonObject query = query(REQUEST_BYTES, PRINCIPAL).put("limit", 5);

        assertError(post(simulator, query, nextPageToken(post(simulator, query))), 400, "expired");
    }

    @Test
    void holdsOnlySettledHoursOfTheLastSevenDays() throws Exception {
        Instant settled = Instant.parse("2025-09-10T12:05:00Z");
        MetricsApiSimulator unsettled = start(describe().clock(fixed(settled.minusMillis(1))));
        MetricsApiSimulator holding = start(describe().clock(fixed(settled)));
        MetricsApiSimulator stillHolding =
                start(describe().clock(fixed(LAST_HOUR.plus(Duration.ofDays(7)))));
        MetricsApiSimulator forgetful =
                start(describe().clock(fixed(LAST_HOUR.plus(Duration.ofDays(7)).plusMillis(1))));

        for (MetricsApiSimulator without : List.of(unsettled, forgetful)) {
            assertThat(without.truth(CLUSTER, REQUEST_BYTES, LAST_HOUR)).isEmpty();
            HttpResponse<String> response = post(without, query(REQUEST_BYTES, PRINCIPAL));
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(points(response, REQUEST_BYTES, PRINCIPAL)).isEmpty();
            assertThat(nextPageToken(response)).isNull();
        }
        for (MetricsApiSimulator with : List.of(holding, stillHolding)) {
            assertThat(
                            points(
                                    post(with, query(REQUEST_BYTES, PRINCIPAL)),
                                    REQUEST_BYTES,
                                    PRINCIPAL))
                    .isNotEmpty();
        }
    }

    @Test
    void theTruthHasWhatIsHardForAClient() {
        MetricsApiSimulator simulator =
                start(MetricsApiSimulator.builder().clock(CLOCK).cluster(CLUSTER, 1000, 1000));
        List<TruePoint> requests = truth(simulator, REQUEST_BYTES, PRINCIPAL, 3);
        List<TruePoint> retained = truth(simulator, RETAINED_BYTES, TOPIC, 1);

        assertThat(groups(requests))
                .hasSize(1000)
                .contains("")
                .anyMatch(name -> name.contains("\""))
                .anyMatch(name -> name.contains("\\"))
                .anyMatch(name -> name.contains("🚀"))
                .anyMatch(name -> name.matches("u-[0-9a-z]{6}"))
                .anyMatch(name -> name.matches("sa-[0-9a-z]{6}"));
        assertThat(requests).hasSizeBetween(2500, 2999);
        assertThat(values(requests))
                .allMatch(value -> value.scale() == 0)
                .anyMatch(value -> value.compareTo(BigDecimal.valueOf(1L << 53)) > 0)
                .anyMatch(value -> value.compareTo(BigDecimal.valueOf(1L << 20)) < 0);
        assertThat(values(retained))
                .anyMatch(value -> value.scale() == 0)
                .anyMatch(value -> value.scale() > 0)
                .allMatch(value -> value.precision() <= 15);
    }

    @Test
    void numbersAndFieldsAreWrittenInEveryWayTheContractAllows() throws Exception {
        MetricsApiSimulator simulator =
                start(MetricsApiSimulator.builder().clock(CLOCK).cluster(CLUSTER, 0, 1000));

        String body = post(simulator, query(RETAINED_BYTES, TOPIC)).body();

        assertThat(body)
                .containsPattern("\"value\":\\d+[,}]")
                .containsPattern("\"value\":\\d+\\.0[,}]")
                .containsPattern("\"value\":\\d+\\.\\d{2,3}[,}]")
                .containsPattern("\"value\":\\d\\.\\d{3}E\\d+[,}]")
                .contains("{\"metric.topic\":", "{\"value\":");
    }

    @Test
    void wrongCredentialsAreRefused() throws Exception {
        MetricsApiSimulator simulator = start(describe().credentials("key", "s:e\"cret"));
        String body = query(REQUEST_BYTES, PRINCIPAL).encode();

        assertError(send(request(simulator, PATH, body)), 401, "Authorization");
        assertError(
                send(
                        HttpRequest.newBuilder(
                                        request(simulator, PATH, body),
                                        (n, v) -> !n.equals("Authorization"))
                                .build()),
                401,
                "Authorization");
        HttpRequest right =
                HttpRequest.newBuilder(request(simulator, PATH, body), (name, value) -> true)
                        .setHeader("Authorization", basic("key", "s:e\"cret"))
                        .build();
        assertThat(send(right).statusCode()).isEqualTo(200);
    }

    @Test
    void onlyTheKnownPathsAndTheirMethodsAreServed() throws Exception {
        MetricsApiSimulator simulator = start();
        String body = query(REQUEST_BYTES, PRINCIPAL).encode();

        assertError(send(request(simulator, "/v1/metrics/cloud/query", body)), 404, "/v1/");
        HttpRequest get =
                HttpRequest.newBuilder(request(simulator, PATH, body), (name, value) -> true)
                        .GET()
                        .build();
        assertError(send(get), 405, "POST");
    }

    @Test
    void listsTheMetricsInPages() throws Exception {
        MetricsApiSimulator simulator = start(describe().rateLimit(8));
        String path = Descriptors.PATH + "?resource_type=kafka&page_size=2";

        HttpResponse<String> first = send(get(simulator, path));
        HttpResponse<String> second = send(get(simulator, path + "&page_token=" + token(first)));
        HttpResponse<String> third = send(get(simulator, path + "&page_token=" + token(second)));

        assertThat(first.headers().allValues("rateLimit-remaining")).containsExactly("15", "7");
        List<String> names = new ArrayList<>();
        for (HttpResponse<String> page : List.of(first, second, third)) {
            JSON.readTree(page.body())
                    .get("data")
                    .forEach(it -> names.add(it.get("name").asText()));
        }
        assertThat(names)
                .hasSize(5)
                .doesNotHaveDuplicates()
                .contains(REQUEST_BYTES, RETAINED_BYTES);
        assertThat(JSON.readTree(first.body()).at("/data/0/labels/0/key").asText())
                .isEqualTo("principal_id");
        assertThat(nextPageToken(third)).isNull();
        String connectors = Descriptors.PATH + "?resource_type=connector";
        assertThat(JSON.readTree(send(get(simulator, connectors)).body()).get("data")).isEmpty();
        assertError(send(get(simulator, Descriptors.PATH + "?page_size=0")), 400, "page_size");
        assertError(send(get(simulator, Descriptors.PATH + "?page_token=x")), 400, "page_token");
        assertError(send(request(simulator, Descriptors.PATH, "{}")), 405, "GET");
        HttpRequest anonymous =
                HttpRequest.newBuilder(
                                get(simulator, Descriptors.PATH),
                                (name, value) -> !name.equals("Authorization"))
                        .build();
        assertError(send(anonymous), 401, "Authorization");
        assertError(send(get(simulator, Descriptors.PATH)), 429, "Too Many Requests");
    }

    @Test
    void severalClustersAreAnsweredByClusterAndLabel() throws Exception {
        MetricsApiSimulator simulator = start(describe().cluster("lkc-another", 7, 5));
        JsonObject query = ofClusters(CLUSTER, "lkc-another").put("limit", 4);

        Map<String, Set<String>> groups = new TreeMap<>();
        List<String> order = new ArrayList<>();
        String token = null;
        do {
            HttpResponse<String> page = post(simulator, query, token);
            JsonNode data = JSON.readTree(page.body()).get("data");
            assertThat(data.size()).isBetween(1, 4);
            for (JsonNode point : data) {
                String cluster = point.get("resource.kafka.id").textValue();
                String group = point.get(PRINCIPAL).textValue();
                order.add(cluster + " " + group);
                assertThat(groups.computeIfAbsent(cluster, it -> new TreeSet<>()).add(group))
                        .isTrue();
            }
            token = nextPageToken(page);
        } while (token != null);

        assertThat(order).isSorted();
        for (String cluster : List.of(CLUSTER, "lkc-another")) {
            assertThat(groups.get(cluster))
                    .isEqualTo(groups(simulator.truth(cluster, REQUEST_BYTES, LAST_HOUR)));
        }
        assertThat(simulator.requests().get(0).clusters()).containsExactly(CLUSTER, "lkc-another");
        assertThat(simulator.requests().get(0).groupBy()).isEqualTo(PRINCIPAL);
        assertError(
                post(simulator, query.copy().put("group_by", new JsonArray().add(PRINCIPAL))),
                400,
                "group_by");
        assertError(post(simulator, ofClusters()), 400, "filter");
    }

    @Test
    void byTheClusterAloneEachHasOnePoint() throws Exception {
        MetricsApiSimulator simulator = start(describe().cluster("lkc-another", 7, 5));
        JsonObject query =
                ofClusters(CLUSTER, "lkc-another")
                        .put("group_by", new JsonArray().add("resource.kafka.id"));

        JsonNode data = JSON.readTree(post(simulator, query).body()).get("data");

        assertThat(data).hasSize(2);
        assertThat(data.get(0).size()).isEqualTo(3);
    }

    @Test
    void withinAGroupTheNewestPointComesFirst() throws Exception {
        JsonObject query = query(REQUEST_BYTES, PRINCIPAL);
        query.put("intervals", new JsonArray().add("PT5H/2025-09-10T12:00:00Z"));

        List<TruePoint> points = points(post(start(), query), REQUEST_BYTES, PRINCIPAL);

        for (String group : groups(points)) {
            assertThat(points.stream().filter(it -> it.group().equals(group)).toList())
                    .isSortedAccordingTo(Comparator.comparing(TruePoint::hour).reversed());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lkc-forbidden", "lkc-theirs"})
    void aFilterWithWhatTheKeyMayNotSeeIsRefusedOrAnsweredWithoutIt(String other) throws Exception {
        MetricsApiSimulator strict =
                start(describe().cluster("lkc-forbidden", 3, 3).forbid("lkc-forbidden"));
        MetricsApiSimulator silent =
                start(
                        describe()
                                .cluster("lkc-forbidden", 3, 3)
                                .forbid("lkc-forbidden")
                                .silentlyMixed());

        assertError(post(strict, ofClusters(CLUSTER, other)), 403, "at least one of your");
        assertThat(
                        points(
                                post(silent, ofClusters(CLUSTER, other)),
                                REQUEST_BYTES,
                                "resource.kafka.id"))
                .isNotEmpty()
                .allMatch(point -> point.group().equals(CLUSTER));
        for (MetricsApiSimulator simulator : List.of(strict, silent)) {
            assertError(post(simulator, ofClusters(other, "lkc-nobodys")), 403, "at least one");
            JsonObject alone = query(REQUEST_BYTES, PRINCIPAL);
            alone.getJsonObject("filter").put("value", other);
            assertError(post(simulator, alone), 403, other);
        }
    }

    private static JsonObject ofClusters(String... clusters) {
        JsonArray filters = new JsonArray();
        for (String cluster : clusters) {
            filters.add(
                    new JsonObject()
                            .put("field", "resource.kafka.id")
                            .put("op", "EQ")
                            .put("value", cluster));
        }
        return query(REQUEST_BYTES, PRINCIPAL)
                .put("group_by", new JsonArray().add("resource.kafka.id").add(PRINCIPAL))
                .put("filter", new JsonObject().put("op", "OR").put("filters", filters));
    }

    private static HttpRequest get(MetricsApiSimulator simulator, String path) {
        return HttpRequest.newBuilder(request(simulator, path, ""), (name, value) -> true)
                .GET()
                .build();
    }

    private static String token(HttpResponse<String> page) throws Exception {
        return URLEncoder.encode(nextPageToken(page), StandardCharsets.UTF_8);
    }

    static Stream<Arguments> invalidQueries() {
        JsonObject aggregation = new JsonObject().put("metric", REQUEST_BYTES);
        return Stream.of(
                invalid("aggregations", query -> query.remove("aggregations")),
                invalid("aggregations", query -> query.put("aggregations", new JsonArray())),
                invalid(
                        "aggregations",
                        query ->
                                query.put(
                                        "aggregations",
                                        new JsonArray().add(aggregation).add(aggregation))),
                invalid(
                        "aggregations[0].metric",
                        query ->
                                query.getJsonArray("aggregations")
                                        .getJsonObject(0)
                                        .put("metric", "x")),
                invalid(
                        "aggregations[0].agg",
                        query ->
                                query.getJsonArray("aggregations")
                                        .getJsonObject(0)
                                        .put("agg", "MAX")),
                invalid("granularity", query -> query.remove("granularity")),
                invalid("granularity", query -> query.put("granularity", "PT5M")),
                invalid("filter", query -> query.remove("filter")),
                invalid("filter", query -> query.getJsonObject("filter").put("op", "GT")),
                invalid(
                        "filter",
                        query -> query.getJsonObject("filter").put("field", "metric.topic")),
                invalid("filter", query -> query.getJsonObject("filter").put("value", 1)),
                invalid("group_by", query -> query.remove("group_by")),
                invalid("group_by", query -> query.put("group_by", new JsonArray().add(TOPIC))),
                invalid("group_by", query -> query.getJsonArray("group_by").add(TOPIC)),
                invalid("intervals", query -> query.remove("intervals")),
                invalid(
                        "intervals",
                        query -> query.getJsonArray("intervals").add(LAST_HOUR_INTERVAL)),
                invalid("intervals", interval("2025-09-10T12:00:00Z")),
                invalid("intervals", interval("PT1H/PT1H")),
                invalid("intervals", interval("PT1H/2025-09-10 12:00")),
                invalid("intervals", interval("PT1H/2025-09-10T12:00:00")),
                invalid("intervals", interval("PT1H/2025-09-10T12:01:00Z")),
                invalid("intervals", interval("PT30M/2025-09-10T12:00:00Z")),
                invalid("intervals", interval("PT0H/2025-09-10T12:00:00Z")),
                invalid("limit", query -> query.put("limit", 0)),
                invalid("limit", query -> query.put("limit", 1001)),
                invalid("limit", query -> query.put("limit", "1000")),
                invalid("format", query -> query.put("format", "GROUPED")),
                invalid("order_by", query -> query.put("order_by", new JsonArray())));
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("invalidQueries")
    void anInvalidQueryIsRefusedWithTheFieldsName(String field, Consumer<JsonObject> change)
            throws Exception {
        MetricsApiSimulator simulator = start();
        JsonObject query = query(REQUEST_BYTES, PRINCIPAL);
        change.accept(query);

        HttpResponse<String> response = post(simulator, query);

        assertError(response, 400, field);
        assertThat(JSON.readTree(response.body()).path("errors")).hasSize(1);
    }

    @Test
    void aClusterThatIsNotOursIsForbidden() throws Exception {
        JsonObject query = query(REQUEST_BYTES, PRINCIPAL);
        query.getJsonObject("filter").put("value", "lkc-theirs");

        assertError(post(start(), query), 403, "lkc-theirs");
    }

    @Test
    void theRateLimitIsAnnouncedAndEnforced() throws Exception {
        MetricsApiSimulator simulator = start(describe().rateLimit(2));
        JsonObject query = query(REQUEST_BYTES, PRINCIPAL);

        HttpResponse<String> first = post(simulator, query);
        HttpResponse<String> second = post(simulator, query);
        HttpResponse<String> third = post(simulator, query);

        assertThat(first.headers().allValues("rateLimit-limit")).containsExactly("4", "2");
        assertThat(first.headers().allValues("rateLimit-remaining")).containsExactly("3", "1");
        assertThat(first.headers().allValues("rateLimit-reset"))
                .hasSize(2)
                .allSatisfy(it -> assertThat(Long.parseLong(it)).isBetween(1L, 60L));
        assertThat(first.headers().firstValue("Retry-After")).isEmpty();
        assertThat(second.headers().allValues("rateLimit-remaining")).containsExactly("2", "0");
        assertError(third, 429, "Too Many Requests");
        assertThat(third.headers().allValues("rateLimit-remaining")).containsExactly("2", "0");
        assertThat(third.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 60L);
    }

    static Stream<Misbehaviour> cuts() {
        return Stream.of(
                Misbehaviour.closeConnection(),
                Misbehaviour.cutBody(),
                Misbehaviour.cutChunkedBody());
    }

    static Stream<Arguments> cutBodies() {
        return Stream.of(
                Arguments.of(Misbehaviour.cutBody(), "Content-Length"),
                Arguments.of(Misbehaviour.cutChunkedBody(), "Transfer-Encoding"));
    }

    @Test
    void misbehavesOnlyForMatchingRequestsAndOnlySoOftenInTheOrderGiven() throws Exception {
        MetricsApiSimulator simulator = start(describe().cluster("lkc-test2", 10, 10));
        RequestMatcher matcher =
                RequestMatcher.cluster(CLUSTER).and(RequestMatcher.metric(REQUEST_BYTES));
        simulator
                .answer(matcher, 2, Misbehaviour.status(500))
                .answer(matcher, 1, Misbehaviour.status(503));
        JsonObject matching = query(REQUEST_BYTES, PRINCIPAL);
        JsonObject otherCluster = query(REQUEST_BYTES, PRINCIPAL);
        otherCluster.getJsonObject("filter").put("value", "lkc-test2");

        post(simulator, otherCluster);
        post(simulator, query(RETAINED_BYTES, TOPIC));
        for (int i = 0; i < 4; i++) {
            post(simulator, matching);
        }

        assertThat(simulator.requests())
                .extracting(ReceivedRequest::status)
                .containsExactly(200, 200, 500, 500, 503, 200);
    }

    private static Buffer buffer(Path file) throws IOException {
        return Buffer.buffer(Files.readAllBytes(file));
    }

    private MetricsApiSimulator start() {
        return start(describe());
    }

    private MetricsApiSimulator start(MetricsApiSimulator.Builder builder) {
        MetricsApiSimulator simulator = builder.start();
        started.add(simulator);
        return simulator;
    }

    private static MetricsApiSimulator.Builder describe() {
        return MetricsApiSimulator.builder()
                .clock(CLOCK)
                .cluster(CLUSTER, 30, 40)
                .withoutRateLimit();
    }

    private static Clock fixed(Instant now) {
        return Clock.fixed(now, ZoneOffset.UTC);
    }

    private HttpResponse<String> post(MetricsApiSimulator simulator, JsonObject query)
            throws Exception {
        return post(simulator, query, null);
    }

    private HttpResponse<String> post(MetricsApiSimulator simulator, JsonObject query, String token)
            throws Exception {
        String parameter =
                token == null
                        ? ""
                        : "?page_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
        return send(request(simulator, PATH + parameter, query.encode()));
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return client.send(request, BodyHandlers.ofString());
    }

    private static HttpRequest request(MetricsApiSimulator simulator, String path, String body) {
        return HttpRequest.newBuilder(URI.create(simulator.baseUri() + path))
                .header(
                        "Authorization",
                        basic(MetricsApiSimulator.DEFAULT_KEY, MetricsApiSimulator.DEFAULT_SECRET))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static String basic(String key, String secret) {
        byte[] credentials = (key + ":" + secret).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    private static JsonObject query(String metric, String label) {
        return new JsonObject()
                .put("aggregations", new JsonArray().add(new JsonObject().put("metric", metric)))
                .put("granularity", "PT1H")
                .put(
                        "filter",
                        new JsonObject()
                                .put("field", "resource.kafka.id")
                                .put("op", "EQ")
                                .put("value", CLUSTER))
                .put("group_by", new JsonArray().add(label))
                .put("intervals", new JsonArray().add(LAST_HOUR_INTERVAL))
                .put("limit", 1000)
                .put("format", "FLAT");
    }

    private static Arguments invalid(String field, Consumer<JsonObject> change) {
        return Arguments.of(field, change);
    }

    private static Consumer<JsonObject> interval(String interval) {
        return query -> query.put("intervals", new JsonArray().add(interval));
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

    private static List<TruePoint> points(
            HttpResponse<String> response, String metric, String label) throws Exception {
        List<TruePoint> points = new ArrayList<>();
        for (JsonNode item : JSON.readTree(response.body()).get("data")) {
            BigDecimal value = item.get("value").decimalValue().stripTrailingZeros();
            points.add(
                    new TruePoint(
                            CLUSTER,
                            metric,
                            Instant.parse(item.get("timestamp").textValue()),
                            item.get(label).textValue(),
                            value.scale() < 0 ? value.setScale(0) : value));
        }
        return points;
    }

    /** The truth of the last so many hours. */
    private static List<TruePoint> truth(
            MetricsApiSimulator simulator, String metric, String label, int hours) {
        return IntStream.range(0, hours)
                .mapToObj(hour -> LAST_HOUR.minus(Duration.ofHours(hour)))
                .flatMap(hour -> simulator.truth(CLUSTER, metric, label, hour).stream())
                .toList();
    }

    private static Set<String> groups(List<TruePoint> points) {
        return points.stream().map(TruePoint::group).collect(Collectors.toSet());
    }

    private static List<BigDecimal> values(List<TruePoint> points) {
        return points.stream().map(TruePoint::value).toList();
    }
}
