package io.scrapingagent.status;

import static io.scrapingagent.routes.ExpectedRecord.REQUEST_BYTES;
import static io.scrapingagent.routes.ExpectedRecord.RESPONSE_BYTES;
import static io.scrapingagent.routes.ExpectedRecord.RETAINED_BYTES;
import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static io.scrapingagent.simulator.Misbehaviour.closeConnection;
import static io.scrapingagent.simulator.Misbehaviour.notFound;
import static io.scrapingagent.simulator.Misbehaviour.rewrite;
import static io.scrapingagent.simulator.Misbehaviour.status;
import static io.scrapingagent.simulator.Misbehaviour.tooManyRequests;
import static io.scrapingagent.simulator.Misbehaviour.unavailable;
import static io.scrapingagent.simulator.RequestMatcher.any;
import static io.scrapingagent.simulator.RequestMatcher.cluster;
import static io.scrapingagent.simulator.RequestMatcher.metric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.routes.ScrapeFixture;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.RequestMatcher;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus reads of a running agent. */
class MetricsTest {

    private static final String PREFIX = "confluent_scraping_agent_";
    private static final Map<String, String> QUERIES =
            Map.of(
                    REQUEST_BYTES, "metric.principal_id",
                    RESPONSE_BYTES, "metric.principal_id",
                    RETAINED_BYTES, "metric.topic");

    private final ScrapeFixture fixture =
            new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 4, 3).cluster("lkc-bbb", 2, 5))
                    // scrapes when the test says so
                    .property("agent.schedule", "false")
                    .scheduled();

    @AfterEach
    void end() {
        fixture.close();
    }

    @Test
    void beginsWithZeroForEachQueryOfEachCluster() throws Exception {
        fixture.agent();

        Map<String, Double> metrics = fixture.management().metrics();

        for (String cluster : List.of("lkc-aaa", "lkc-bbb")) {
            for (String metric : QUERIES.keySet()) {
                assertThat(metrics)
                        .containsEntry(series("records_published_total", cluster, metric), 0.0)
                        .containsEntry(series("gaps_closed_total", cluster, metric), 0.0)
                        .containsEntry(series("query_failures_total", cluster, metric), 0.0)
                        .containsEntry(series("lost_hours", cluster, metric), 0.0)
                        // the last hour is due
                        .containsEntry(series("hours_behind", cluster, metric), 1.0);
            }
        }
        for (String status : List.of("200", "404", "429", "5xx", "error", "other")) {
            assertThat(metrics).containsEntry(requests(status), 0.0);
        }
        assertThat(metrics)
                .containsEntry(PREFIX + "last_successful_scrape_timestamp_seconds", 0.0)
                .containsEntry(PREFIX + "kafka_usable", 0.0)
                .containsEntry(PREFIX + "fenced", 0.0)
                .containsEntry(
                        PREFIX + "next_due_timestamp_seconds",
                        (double) HOUR.plus(Duration.ofMinutes(125)).getEpochSecond());
    }

    /** Whoever leaves a query out for a cluster does not want to be told of it for ever. */
    @Test
    void speaksOfWhatTheRoutesReach(@TempDir Path directory) throws Exception {
        Files.writeString(
                directory.resolve("queries.camel.yaml"),
                """
                - route:
                    id: queries
                    from:
                      uri: direct:queries
                      steps:
                        - to:
                            uri: kamelet:confluent-metrics-query
                            parameters: {metric: io.confluent.kafka.server/request_bytes,
                              groupBy: metric.principal_id, tag: principal, clusters: lkc-bbb}
                        - to:
                            uri: kamelet:by-topic
                            parameters: {metric: io.confluent.kafka.server/retained_bytes}
                """);
        Files.writeString(
                directory.resolve("by-topic.kamelet.yaml"),
                """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata: {name: by-topic}
                spec:
                  definition: {title: By topic, properties: {metric: {type: string}}}
                  template:
                    from:
                      uri: kamelet:source
                      steps:
                        - to:
                            uri: kamelet:confluent-metrics-query
                            parameters: {metric: "{{metric}}", groupBy: metric.topic, tag: topic}
                """);
        fixture.environment("AGENT_ROUTES_DIR", directory.toString());

        fixture.scrapeAll();

        fixture.pass(1);
        assertThat(fixture.management().metrics().entrySet())
                .filteredOn(it -> it.getKey().startsWith(PREFIX + "hours_behind{"))
                .containsOnly(
                        entry(series("hours_behind", "lkc-bbb", REQUEST_BYTES), 1.0),
                        entry(series("hours_behind", "lkc-aaa", RETAINED_BYTES), 1.0),
                        entry(series("hours_behind", "lkc-bbb", RETAINED_BYTES), 1.0));
    }

    @Test
    void countsWhatAScrapeDoes() throws Exception {
        RequestMatcher refused = cluster("lkc-bbb").and(metric(RETAINED_BYTES));
        RequestMatcher troubled = cluster("lkc-aaa").and(metric(REQUEST_BYTES));
        fixture.simulator()
                .answer(troubled, 1, unavailable(503))
                .answer(troubled, 1, closeConnection())
                .answer(troubled, 1, tooManyRequests(Duration.ofSeconds(1)))
                .answer(troubled, 1, notFound())
                .answerAlways(refused, status(403));
        fixture.environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "1");

        Scrape scrape = fixture.scrape();

        Map<String, Double> metrics = fixture.management().metrics();
        assertThat(metrics)
                .containsEntry(requests("200"), 4.0)
                .containsEntry(requests("404"), 1.0)
                .containsEntry(requests("403"), 1.0)
                .containsEntry(requests("429"), 1.0)
                .containsEntry(requests("5xx"), 1.0)
                .containsEntry(requests("error"), 1.0);
        assertThat(scrape.getRequests()).isEqualTo(9);
        // as long as metrics.api.rate.limit.max.wait.ms allows
        assertThat(metrics)
                .containsEntry(PREFIX + "rate_limit_wait_seconds_count", 1.0)
                .containsEntry(PREFIX + "rate_limit_wait_seconds_sum", 0.05);
        assertThat(metrics)
                // what was not found has no points
                .containsEntry(published("lkc-aaa", REQUEST_BYTES), 0.0)
                .containsEntry(published("lkc-bbb", REQUEST_BYTES), truth("lkc-bbb", REQUEST_BYTES))
                .containsEntry(
                        published("lkc-aaa", RETAINED_BYTES), truth("lkc-aaa", RETAINED_BYTES))
                .containsEntry(published("lkc-bbb", RETAINED_BYTES), 0.0);
        for (String metric : List.of(REQUEST_BYTES, RETAINED_BYTES)) {
            assertThat(metrics)
                    .containsEntry(series("gaps_closed_total", "lkc-aaa", metric), 1.0)
                    .containsEntry(series("hours_behind", "lkc-aaa", metric), 0.0);
        }
        String refusedQuery = RETAINED_BYTES;
        assertThat(metrics)
                .containsEntry(series("hours_behind", "lkc-bbb", refusedQuery), 1.0)
                .containsEntry(series("query_failures_total", "lkc-bbb", refusedQuery), 1.0)
                .containsEntry(duration("count", "failure"), 1.0)
                .containsEntry(PREFIX + "last_successful_scrape_timestamp_seconds", 0.0)
                .containsEntry(PREFIX + "kafka_usable", 1.0);
        assertThat(metrics.get(duration("sum", "failure"))).isPositive();

        fixture.simulator().behave();
        fixture.scrape();

        assertThat(fixture.management().metrics())
                .containsEntry(series("hours_behind", "lkc-bbb", refusedQuery), 0.0)
                .containsEntry(duration("count", "success"), 1.0)
                .containsEntry(
                        PREFIX + "last_successful_scrape_timestamp_seconds",
                        (double) ScrapeFixture.NOW.getEpochSecond());
    }

    @Test
    void kafkaIsNotUsableAgainBeforeItTookSomething() throws Exception {
        String topic = TestKafka.uniqueTopic("refusing");
        // no record is as young
        TestKafka.createTopic(topic, 1, Map.of("message.timestamp.before.max.ms", "1000"));
        fixture.environment("METRICS_TOPIC", topic);
        assertThat(fixture.scrape().getFailures())
                .hasSize(6)
                .allSatisfy(
                        it ->
                                assertThat(it.reason())
                                        .startsWith("Kafka failed: ")
                                        .contains("Set message.timestamp.before.max.ms of"));
        assertThat(fixture.management().metrics()).containsEntry(PREFIX + "kafka_usable", 0.0);

        fixture.simulator().answerAlways(any(), unavailable(503));
        fixture.scrape();

        assertThat(fixture.management().metrics()).containsEntry(PREFIX + "kafka_usable", 0.0);
    }

    /** Before it is noted in the ledger and after that. */
    @Test
    void countsTheHoursThatAreLost() throws Exception {
        fixture.environment("METRICS_API_RETENTION_HOURS", "4");
        fixture.scrape();
        fixture.pass(10);

        String behind = series("hours_behind", "lkc-aaa", REQUEST_BYTES);
        String lost = series("lost_hours", "lkc-aaa", REQUEST_BYTES);
        assertThat(fixture.management().metrics())
                .containsEntry(behind, 3.0)
                .containsEntry(lost, 7.0);

        fixture.scrape();

        assertThat(fixture.management().metrics())
                .containsEntry(behind, 0.0)
                .containsEntry(lost, 7.0);
    }

    @Test
    void hasNoMoreSeriesWhateverTheApiAnswers() throws Exception {
        fixture.scrape();
        Set<String> before = series();
        Set<String> routes =
                fixture.agent().camelContext().getRoutes().stream()
                        .map(route -> route.getRouteId())
                        .collect(Collectors.toCollection(HashSet::new));
        routes.add("");

        for (int status : List.of(201, 299, 302, 418, 451, 511, 599)) {
            fixture.simulator().answer(cluster("lkc-bbb"), 1, status(status));
        }
        fixture.simulator().answerAlways(cluster("lkc-aaa"), rewrite(MetricsTest::renameGroups));
        for (int i = 0; i < 5; i++) {
            fixture.pass(1);
            fixture.scrape();
        }

        assertThat(fixture.consumed()).anyMatch(record -> record.key().contains("hostile"));
        assertThat(series()).isEqualTo(before);
        assertThat(fixture.management().metrics().keySet())
                .noneMatch(it -> it.contains("hostile"))
                .filteredOn(it -> it.contains("routeId=\""))
                .isNotEmpty()
                .allMatch(it -> routes.contains(it.replaceAll(".*routeId=\"([^\"]*)\".*", "$1")));
    }

    private static JsonObject renameGroups(JsonObject answer) {
        answer.getJsonArray("data")
                .forEach(
                        point -> {
                            JsonObject labels = (JsonObject) point;
                            for (String label : Set.copyOf(labels.fieldNames())) {
                                if (label.startsWith("metric.")) {
                                    labels.put(label, "hostile\"} 1\n" + UUID.randomUUID());
                                }
                            }
                        });
        return answer;
    }

    private Set<String> series() throws Exception {
        return fixture.management().metrics().keySet().stream()
                .filter(name -> name.startsWith(PREFIX))
                .collect(Collectors.toSet());
    }

    private double truth(String cluster, String metric) {
        return ExpectedRecord.ofQuery(fixture.simulator(), HOUR, cluster, metric).size();
    }

    private static String published(String cluster, String metric) {
        return series("records_published_total", cluster, metric);
    }

    private static String series(String name, String cluster, String metric) {
        return PREFIX
                + name
                + "{cluster=\"%s\",group_by=\"%s\",metric=\"%s\"}"
                        .formatted(cluster, QUERIES.get(metric), metric);
    }

    private static String requests(String status) {
        return PREFIX + "requests_total{status=\"" + status + "\"}";
    }

    private static String duration(String part, String outcome) {
        return PREFIX + "scrape_duration_seconds_" + part + "{outcome=\"" + outcome + "\"}";
    }
}
