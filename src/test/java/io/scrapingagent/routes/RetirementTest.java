package io.scrapingagent.routes;

import static io.scrapingagent.simulator.Misbehaviour.unavailable;
import static io.scrapingagent.simulator.RequestMatcher.any;
import static io.scrapingagent.simulator.RequestMatcher.cluster;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.RequestMatcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no longer listed is not given up before its hours are published. */
class RetirementTest {

    private static final RequestMatcher BBB = cluster("lkc-bbb");
    private static final String RETIRED = "INFO Retired of kafka: lkc-bbb.";

    @TempDir private Path directory;
    @AutoClose private final LogLines log = new LogLines("io.scrapingagent.scrape");

    @AutoClose
    private final ScrapeFixture fixture =
            new ScrapeFixture(
                            MetricsApiSimulator.of("lkc-aaa", 2, 2).cluster("lkc-bbb", 3, 3),
                            "auto")
                    .property("metrics.api.retries", "1")
                    // a transaction that is given up ends so soon
                    .environment("KAFKA_TRANSACTION_TIMEOUT_MS", "1000");

    /** As with `once`: each scrape is a process of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"exactly-once", "at-least-once"})
    void hoursOfWhatWasGoneBeforeARestartAreFetched(String delivery) throws Exception {
        fixture.environment("METRICS_DELIVERY", delivery);
        fixture.scrapeAll();
        vanish();
        fixture.restart();
        fixture.pass(3);
        fixture.scrapeAll();

        fixture.assertPublished("lkc-aaa 0-3", "lkc-bbb 0-1");
        log.await(RETIRED);
    }

    @Test
    void withoutALedgerItIsRetiredAfterItsLastHour() throws Exception {
        fixture.environment("METRICS_DELIVERY", "stateless");
        fixture.scrapeAll();
        fixture.simulator().vanish("lkc-bbb");
        fixture.scrapeNext(3);

        fixture.assertPublished("lkc-aaa 0-3", "lkc-bbb 0-2");
        log.await(RETIRED);
    }

    @Test
    void anOutageOfTheApiDoesNotRetire() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "1");
        fixture.scrapeAll();
        vanish();
        fixture.simulator().answerAlways(BBB, unavailable(503));
        fixture.pass(2);
        assertThat(fixture.scrape().getFailures()).isNotEmpty();
        fixture.pass(1);
        assertThat(fixture.scrape().getFailures()).isNotEmpty();
        assertNotRetired();

        fixture.simulator().behave();
        fixture.scrapeAll();
        fixture.assertPublished("lkc-aaa 0-3", "lkc-bbb 0-1");
        log.await(RETIRED);
    }

    /** An outage that is longer than the Metrics API keeps hours. */
    @Test
    void hoursThatAreLostAreNamedBeforeItIsRetired() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "1")
                .environment("METRICS_API_RETENTION_HOURS", "4");
        fixture.scrapeAll();
        vanish();
        fixture.simulator().answerAlways(BBB, unavailable(503));
        for (int hour = 0; hour < 8; hour++) {
            fixture.pass(1);
            fixture.scrape();
        }

        assertThat(log.await("WARN Lost for good: lkc-bbb")).contains("2025-09-02T02:00Z");
        log.await(RETIRED);
    }

    @Test
    void recordsThatKafkaRefusesDoNotRetire() throws Exception {
        fixture.simulator().appear("lkc-ccc", 1, 1);
        fixture.environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "1");
        fixture.scrapeAll();
        vanish();
        fixture.pass(1);
        limit(150);
        assertThat(fixture.scrape().getFailures()).isNotEmpty();
        assertNotRetired();

        limit(1_000_000);
        fixture.scrapeNext(1);
        fixture.assertPublished("lkc-aaa 0-2", "lkc-bbb 0-1", "lkc-ccc 0-2");
        log.await(RETIRED);
    }

    /** The producer that Kafka failed is replaced before the note of another is written. */
    @Test
    void oneIsRetiredWhileKafkaRefusesAnothersRecords() throws Exception {
        String big = "lkc-" + "z".repeat(200);
        fixture.simulator().appear(big, 1, 1);
        fixture.environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "1")
                .environment("METRICS_PARALLEL_REQUESTS", "1");
        fixture.scrapeAll();
        vanish();
        limit(400);
        // batches are no larger than that from the start on
        fixture.restart();
        fixture.pass(1);

        Scrape scrape = fixture.scrape();

        assertThat(scrape.getFailures())
                .isNotEmpty()
                .allSatisfy(it -> assertThat(it.cluster()).isEqualTo(big));
        log.await(RETIRED);
    }

    @Test
    void whatIsBackWithinTheHourGoesOn() throws Exception {
        fixture.scrapeAll();
        vanish();
        fixture.simulator().relist("lkc-bbb");
        fixture.pass(Duration.ofMinutes(10));
        fixture.scrapeAll();
        fixture.pass(3);
        fixture.scrapeAll();

        fixture.assertPublished("lkc-aaa 0-3", "lkc-bbb 0-3");
        assertNotRetired();
    }

    @Test
    void whatVanishesWhileTheAgentIsDaysBehindIsCaughtUpWith() throws Exception {
        fixture.scrapeAll();
        fixture.simulator().answerAlways(any(), unavailable(503));
        fixture.pass(30);
        fixture.scrape();
        fixture.simulator().behave();
        fixture.simulator().vanish("lkc-bbb");
        fixture.pass(20);
        fixture.scrapeAll();
        fixture.pass(2);
        fixture.scrapeAll();

        fixture.assertPublished("lkc-aaa 0-52", "lkc-bbb 0-51");
        log.await(RETIRED);
    }

    /** The ledger has forgotten it: it is as good as new. */
    @Test
    void whatIsListedAgainAfterItWasForgottenIsNew() throws Exception {
        fixture.environment("METRICS_API_RETENTION_HOURS", "3");
        fixture.scrapeAll();
        vanish();
        fixture.pass(2);
        fixture.scrapeAll();
        log.await(RETIRED);
        fixture.pass(Duration.ofDays(20));
        fixture.scrapeAll();
        fixture.pass(Duration.ofDays(20));
        fixture.simulator().relist("lkc-bbb");
        fixture.simulator().forgetRequests();
        fixture.scrapeAll();

        assertThat(log.lines()).noneMatch(it -> it.matches("WARN Lost for good: .*lkc-bbb.*"));
        assertThat(fixture.simulator().requests())
                .filteredOn(it -> it.clusters().contains("lkc-bbb"))
                .hasSize(3);
    }

    @Test
    void whatARouteSkipsStaysSkippedAndDoesNotKeepItFromRetiring() throws Exception {
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
                              groupBy: metric.principal_id, tag: principal}
                        - filter:
                            simple: "${exchangeProperty.batch.hour} contains 'never'"
                            steps:
                              - to:
                                  uri: kamelet:confluent-metrics-query
                                  parameters: {metric: io.confluent.kafka.server/response_bytes,
                                    groupBy: metric.principal_id, tag: principal}
                        - to:
                            uri: kamelet:confluent-metrics-query
                            parameters: {metric: io.confluent.kafka.server/retained_bytes,
                              groupBy: metric.topic, tag: topic, clusters: lkc-bbb}
                """);
        fixture.environment("AGENT_ROUTES_DIR", directory.toString());
        fixture.scrapeAll();
        fixture.simulator().appear("lkc-new", 1, 1);
        vanish();
        fixture.pass(3);
        fixture.scrapeAll();
        log.await(RETIRED);
        fixture.pass(1);
        Scrape last = fixture.scrapeAll();
        assertThat(last.getCompletedQueries()).isEqualTo(2);
        assertThat(fixture.simulator().requests())
                .noneMatch(it -> it.body().contains("response_bytes"))
                .noneMatch(
                        it ->
                                it.body().contains("retained_bytes")
                                        && !it.body().contains("lkc-bbb"));
    }

    /** A scrape notes that the list lacks it, in the hour after the last due one. */
    private void vanish() throws Exception {
        fixture.simulator().vanish("lkc-bbb");
        fixture.pass(Duration.ofMinutes(6));
        fixture.scrapeAll();
        log.await("INFO No longer listed of kafka: lkc-bbb");
    }

    private void assertNotRetired() {
        assertThat(log.lines()).noneMatch(it -> it.startsWith("INFO Retired"));
    }

    private void limit(int maxMessageBytes) {
        TestKafka.limitBatches(fixture.topic(), maxMessageBytes);
    }
}
