package io.scrapingagent.routes;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.ReceivedRequest;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** A scrape in which nothing goes wrong. */
class ScrapeTest {

    @Test
    void publishesARecordForEachPointOfEachQueryOfEachCluster() throws Exception {
        try (ScrapeFixture fixture =
                new ScrapeFixture(
                        MetricsApiSimulator.builder()
                                .withoutRateLimit()
                                .cluster("lkc-aaa", 7, 5)
                                .cluster("lkc-bbb", 3, 11),
                        "lkc-aaa,lkc-bbb")) {
            Scrape scrape = fixture.scrape();

            fixture.assertConsumed(
                    ExpectedRecord.ofHour(fixture.simulator(), HOUR, "lkc-aaa", "lkc-bbb"));
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
        try (ScrapeFixture fixture =
                new ScrapeFixture(
                        MetricsApiSimulator.builder().withoutRateLimit().cluster("lkc-aaa", 1, 1),
                        "lkc-aaa")) {
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
                            });
        }
    }

    @Test
    void namesThePrincipalsTagAsSet() throws Exception {
        try (ScrapeFixture fixture =
                new ScrapeFixture(
                                MetricsApiSimulator.builder()
                                        .withoutRateLimit()
                                        .cluster("lkc-aaa", 2, 1),
                                "lkc-aaa")
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

    private static String body(String metric, String groupBy) {
        return ("{\"aggregations\":[{\"metric\":\"io.confluent.kafka.server/%s\"}],"
                        + "\"granularity\":\"PT1H\",\"filter\":{\"field\":\"resource.kafka.id\","
                        + "\"op\":\"EQ\",\"value\":\"lkc-aaa\"},\"group_by\":[\"%s\"],"
                        + "\"intervals\":[\"PT1H/2025-09-02T02:00:00Z\"],"
                        + "\"limit\":1000,\"format\":\"FLAT\"}")
                .formatted(metric, groupBy);
    }
}
