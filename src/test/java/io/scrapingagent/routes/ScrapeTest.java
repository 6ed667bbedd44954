package io.scrapingagent.routes;

import static io.scrapingagent.routes.ExpectedRecord.REQUEST_BYTES;
import static io.scrapingagent.routes.ExpectedRecord.RESPONSE_BYTES;
import static io.scrapingagent.routes.ExpectedRecord.RETAINED_BYTES;
import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static io.scrapingagent.simulator.Misbehaviour.hang;
import static io.scrapingagent.simulator.Misbehaviour.status;
import static io.scrapingagent.simulator.RequestMatcher.cluster;
import static io.scrapingagent.simulator.RequestMatcher.metric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.scrape.ScrapeSteps;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.ReceivedRequest;
import io.scrapingagent.simulator.RequestMatcher;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** What a scrape asks for and publishes. */
class ScrapeTest {

    @Test
    void publishesARecordForEachPointOfEachQueryOfEachCluster() throws Exception {
        try (ScrapeFixture fixture =
                new ScrapeFixture(
                        MetricsApiSimulator.of("lkc-aaa", 7, 5).cluster("lkc-bbb", 3, 11))) {
            Scrape scrape = fixture.scrape();

            fixture.assertPublished("lkc-aaa 0", "lkc-bbb 0");
            assertThat(scrape.getFailures()).isEmpty();
            assertThat(scrape.getCompletedQueries()).isEqualTo(6);
            assertThat(scrape.getRecords()).isEqualTo(fixture.consumed().size());
            assertThat(scrape.getRequests()).isEqualTo(3);
            assertThat(fixture.consumed())
                    .allSatisfy(record -> assertThat(record.headers().toArray()).isEmpty());
        }
    }

    @Test
    void asksAsTheApiDescribes() throws Exception {
        try (ScrapeFixture fixture = new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 1, 1))) {
            fixture.scrape();

            assertThat(fixture.simulator().requests())
                    .extracting(ReceivedRequest::body)
                    .containsExactlyInAnyOrder(
                            body("request_bytes", "metric.principal_id"),
                            body("response_bytes", "metric.principal_id"),
                            body("retained_bytes", "metric.topic"));
            assertThat(fixture.simulator().requests())
                    .allSatisfy(
                            request -> {
                                assertThat(request.method()).isEqualTo("POST");
                                assertThat(request.path()).isEqualTo("/v2/metrics/cloud/query");
                                assertThat(request.header("Accept")).contains("application/json");
                                assertThat(request.header("Content-Type"))
                                        .contains("application/json");
                            });
        }
    }

    /** It would wait for the scrape, and then find nothing to do. */
    @Test
    void noCatchUpIsWorthWhileDuringAScrape() throws Exception {
        try (ScrapeFixture fixture = new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 1, 1))) {
            ScrapeSteps scrapes =
                    fixture.agent()
                            .camelContext()
                            .getRegistry()
                            .lookupByNameAndType("scrapes", ScrapeSteps.class);
            List<Boolean> during = new CopyOnWriteArrayList<>();
            RequestMatcher looking =
                    request -> {
                        during.add(scrapes.isIncomplete());
                        return false;
                    };
            fixture.simulator().answerAlways(looking, hang());
            assertThat(scrapes.isIncomplete()).isTrue();

            fixture.scrapeAll();

            assertThat(during).isNotEmpty().containsOnly(false);
        }
    }

    @Test
    void namesThePrincipalsTagAsSet() throws Exception {
        try (ScrapeFixture fixture =
                new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 2, 1))
                        .environment("METRICS_PRINCIPAL_TAG", "principal_id")) {
            long records = fixture.scrape().getRecords();

            await().until(() -> fixture.consumed().size() == records);
            ObjectMapper json = new ObjectMapper();
            for (ConsumerRecord<String, String> record : fixture.consumed()) {
                JsonNode tags = json.readTree(record.value()).get("tags");
                boolean byTopic = record.key().contains("retained_bytes");
                assertThat(tags.fieldNames())
                        .toIterable()
                        .containsExactly("cluster_id", byTopic ? "topic" : "principal_id");
            }
        }
    }

    /** A failure stays inside its cluster and query. */
    @Test
    void theOtherClustersArePublishedAndTheSummarySaysWhatIsMissingAndWhy() throws Exception {
        try (ScrapeFixture fixture =
                new ScrapeFixture(
                                MetricsApiSimulator.of("lkc-one", 5, 5)
                                        .cluster("lkc-two", 5, 5)
                                        .cluster("lkc-three", 5, 5)
                                        .cluster("lkc-four", 5, 5)
                                        .cluster("lkc-five", 5, 5))
                        .environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "1")
                        .property("metrics.api.retries", "1")) {
            fixture.simulator()
                    .answerAlways(cluster("lkc-two"), status(403, "not for you"))
                    .answerAlways(cluster("lkc-four").and(metric(RETAINED_BYTES)), hang());

            Scrape scrape = fixture.scrape();

            List<ExpectedRecord> published =
                    fixture.truth("lkc-one 0", "lkc-three 0", "lkc-five 0");
            for (String metric : List.of(REQUEST_BYTES, RESPONSE_BYTES)) {
                published.addAll(
                        ExpectedRecord.ofQuery(fixture.simulator(), HOUR, "lkc-four", metric));
            }
            fixture.assertConsumed(published);
            assertThat(scrape.getSummary()).contains("5 clusters, 11 queries ok, 4 failed");
            assertThat(scrape.getFailures())
                    .extracting(Scrape.FailedQuery::cluster)
                    .containsExactly("lkc-four", "lkc-two", "lkc-two", "lkc-two");
        }
    }

    @Test
    void routesSeeWhatTheSettingsMadeOfAVariableAndNotTheVariable() throws Exception {
        System.setProperty("metrics.topic", "elsewhere");
        System.setProperty("confluent.metrics.host", "http://127.0.0.1:9/");
        try (ScrapeFixture fixture = new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 2, 2))) {
            fixture.scrape();

            fixture.assertPublished("lkc-aaa 0");
        } finally {
            System.clearProperty("metrics.topic");
            System.clearProperty("confluent.metrics.host");
        }
    }

    private static String body(String metric, String groupBy) {
        return ("{\"aggregations\":[{\"metric\":\"io.confluent.kafka.server/%s\"}],"
                        + "\"granularity\":\"PT1H\",\"filter\":{\"field\":\"resource.kafka.id\","
                        + "\"op\":\"EQ\",\"value\":\"lkc-aaa\"},\"group_by\":[\"%s\"],"
                        + "\"intervals\":[\"PT1H/2025-09-02T02:00:00Z\"],"
                        + "\"limit\":1000,\"format\":\"FLAT\"}")
                .formatted(metric, groupBy);
    }
}
