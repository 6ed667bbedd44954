package io.scrapingagent.routes;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import io.scrapingagent.simulator.RequestMatcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no longer listed is not given up before its hours are published. */
class RetirementTest {

    private static final RequestMatcher BBB = RequestMatcher.cluster("lkc-bbb");
    private static final String RETIRED = "INFO Retired of kafka: lkc-bbb.";

    @TempDir private Path directory;
    private final TestClock clock = new TestClock(ScrapeFixture.NOW);
    private final LogLines log = new LogLines("io.scrapingagent.scrape");
    private final ScrapeFixture fixture =
            new ScrapeFixture(
                            MetricsApiSimulator.builder()
                                    .withoutRateLimit()
                                    .cluster("lkc-aaa", 2, 2)
                                    .cluster("lkc-bbb", 3, 3),
                            "auto",
                            clock,
                            clock)
                    .property("metrics.api.retries", "1")
                    // a transaction that is given up ends so soon
                    .environment("KAFKA_TRANSACTION_TIMEOUT_MS", "1000");

    @AfterEach
    void stop() {
        fixture.close();
        log.close();
    }

    /** As with `once`: each scrape is a process of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"exactly-once", "at-least-once"})
    void hoursOfWhatWasGoneBeforeARestartAreFetched(String delivery) throws Exception {
        fixture.environment("METRICS_DELIVERY", delivery);
        scrape();
        vanish();
        fixture.restart();
        clock.forward(Duration.ofHours(3));
        scrape();

        fixture.assertConsumed(hours("lkc-aaa 0-3", "lkc-bbb 0-1"));
        log.await(RETIRED);
    }

    @Test
    void withoutALedgerItIsRetiredAfterItsLastHour() throws Exception {
        fixture.environment("METRICS_DELIVERY", "stateless");
        scrape();
        fixture.simulator().vanish("lkc-bbb");
        for (int hour = 1; hour <= 3; hour++) {
            clock.forward(Duration.ofHours(1));
            scrape();
        }

        fixture.assertConsumed(hours("lkc-aaa 0-3", "lkc-bbb 0-2"));
        log.await(RETIRED);
    }

    @Test
    void anOutageOfTheApiDoesNotRetire() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "1");
        scrape();
        vanish();
        fixture.simulator().answerAlways(BBB, Misbehaviour.unavailable(503));
        clock.forward(Duration.ofHours(2));
        assertThat(fixture.scrape().getFailures()).isNotEmpty();
        clock.forward(Duration.ofHours(1));
        assertThat(fixture.scrape().getFailures()).isNotEmpty();
        assertNotRetired();

        fixture.simulator().behave();
        scrape();
        fixture.assertConsumed(hours("lkc-aaa 0-3", "lkc-bbb 0-1"));
        log.await(RETIRED);
    }

    /** An outage that is longer than the Metrics API keeps hours. */
    @Test
    void hoursThatAreLostAreNamedBeforeItIsRetired() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "1")
                .environment("METRICS_API_RETENTION_HOURS", "4");
        scrape();
        vanish();
        fixture.simulator().answerAlways(BBB, Misbehaviour.unavailable(503));
        for (int hour = 0; hour < 8; hour++) {
            clock.forward(Duration.ofHours(1));
            fixture.scrape();
        }

        assertThat(log.await("WARN Lost for good: lkc-bbb")).contains("2025-09-02T02:00Z");
        log.await(RETIRED);
    }

    @Test
    void recordsThatKafkaRefusesDoNotRetire() throws Exception {
        fixture.simulator().appear("lkc-ccc", 1, 1);
        fixture.environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "1");
        scrape();
        vanish();
        clock.forward(Duration.ofHours(1));
        limit(150);
        assertThat(fixture.scrape().getFailures()).isNotEmpty();
        assertNotRetired();

        limit(1_000_000);
        clock.forward(Duration.ofHours(1));
        scrape();
        fixture.assertConsumed(hours("lkc-aaa 0-2", "lkc-bbb 0-1", "lkc-ccc 0-2"));
        log.await(RETIRED);
    }

    /** The producer that Kafka failed is replaced before the note of another is written. */
    @Test
    void oneIsRetiredWhileKafkaRefusesAnothersRecords() throws Exception {
        String big = "lkc-" + "z".repeat(200);
        fixture.simulator().appear(big, 1, 1);
        fixture.environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "1")
                .environment("METRICS_PARALLEL_REQUESTS", "1");
        scrape();
        vanish();
        limit(400);
        // batches are no larger than that from the start on
        fixture.restart();
        clock.forward(Duration.ofHours(1));

        Scrape scrape = fixture.scrape();

        assertThat(scrape.getFailures())
                .isNotEmpty()
                .allSatisfy(it -> assertThat(it.cluster()).isEqualTo(big));
        log.await(RETIRED);
    }

    @Test
    void anAnswerWithoutWhatTheKeyMayNotSeeRetiresOnlyThat() throws Exception {
        scrape();
        fixture.simulator().delete("lkc-bbb");
        clock.forward(Duration.ofHours(2));
        scrape();

        fixture.assertConsumed(hours("lkc-aaa 0-2", "lkc-bbb 0-0"));
        log.await(RETIRED);
        assertThat(log.lines()).noneMatch(it -> it.startsWith("WARN"));
    }

    @Test
    void whatIsBackWithinTheHourGoesOn() throws Exception {
        scrape();
        vanish();
        fixture.simulator().relist("lkc-bbb");
        clock.forward(Duration.ofMinutes(10));
        scrape();
        clock.forward(Duration.ofHours(3));
        scrape();

        fixture.assertConsumed(hours("lkc-aaa 0-3", "lkc-bbb 0-3"));
        assertNotRetired();
    }

    @Test
    void whatVanishesWhileTheAgentIsDaysBehindIsCaughtUpWith() throws Exception {
        scrape();
        fixture.simulator().answerAlways(RequestMatcher.any(), Misbehaviour.unavailable(503));
        clock.forward(Duration.ofHours(30));
        fixture.scrape();
        fixture.simulator().behave();
        fixture.simulator().vanish("lkc-bbb");
        clock.forward(Duration.ofHours(20));
        scrape();
        clock.forward(Duration.ofHours(2));
        scrape();

        fixture.assertConsumed(hours("lkc-aaa 0-52", "lkc-bbb 0-51"));
        log.await(RETIRED);
    }

    /** The ledger has forgotten it: it is as good as new. */
    @Test
    void whatIsListedAgainAfterItWasForgottenIsNew() throws Exception {
        fixture.environment("METRICS_API_RETENTION_HOURS", "3");
        scrape();
        vanish();
        clock.forward(Duration.ofHours(2));
        scrape();
        log.await(RETIRED);
        clock.forward(Duration.ofDays(20));
        scrape();
        clock.forward(Duration.ofDays(20));
        fixture.simulator().relist("lkc-bbb");
        fixture.simulator().forgetRequests();
        scrape();

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
                            parameters:
                              metric: io.confluent.kafka.server/request_bytes
                              groupBy: metric.principal_id
                              tag: principal
                        - filter:
                            simple: "${exchangeProperty.batch.hour} contains 'never'"
                            steps:
                              - to:
                                  uri: kamelet:confluent-metrics-query
                                  parameters:
                                    metric: io.confluent.kafka.server/response_bytes
                                    groupBy: metric.principal_id
                                    tag: principal
                        - to:
                            uri: kamelet:confluent-metrics-query
                            parameters:
                              metric: io.confluent.kafka.server/retained_bytes
                              groupBy: metric.topic
                              tag: topic
                              clusters: lkc-bbb
                """);
        fixture.environment("AGENT_ROUTES_DIR", directory.toString());
        scrape();
        fixture.simulator().appear("lkc-new", 1, 1);
        vanish();
        clock.forward(Duration.ofHours(3));
        scrape();
        log.await(RETIRED);
        clock.forward(Duration.ofHours(1));
        Scrape last = fixture.scrape();

        assertThat(last.getFailures()).isEmpty();
        assertThat(last.getCompletedQueries()).isEqualTo(2);
        assertThat(fixture.simulator().requests())
                .noneMatch(it -> it.body().contains("response_bytes"))
                .noneMatch(
                        it ->
                                it.body().contains("retained_bytes")
                                        && !it.body().contains("lkc-bbb"));
    }

    private void scrape() throws Exception {
        assertThat(fixture.scrape().getFailures()).isEmpty();
    }

    /** A scrape notes that the list lacks it, in the hour after the last due one. */
    private void vanish() throws Exception {
        fixture.simulator().vanish("lkc-bbb");
        clock.forward(Duration.ofMinutes(6));
        scrape();
        log.await("INFO No longer listed of kafka: lkc-bbb");
    }

    private void assertNotRetired() {
        assertThat(log.lines()).noneMatch(it -> it.startsWith("INFO Retired"));
    }

    /** Returns what was published of some clusters: {@code lkc-aaa 0-3} are its first 4 hours. */
    private List<ExpectedRecord> hours(String... clusters) {
        List<ExpectedRecord> records = new ArrayList<>();
        for (String cluster : clusters) {
            String[] parts = cluster.split("[ -](?=\\d)");
            IntStream.rangeClosed(Integer.parseInt(parts[1]), Integer.parseInt(parts[2]))
                    .mapToObj(hour -> HOUR.plus(Duration.ofHours(hour)))
                    .forEach(
                            hour ->
                                    records.addAll(
                                            ExpectedRecord.ofHour(
                                                    fixture.simulator(), hour, parts[0])));
        }
        return records;
    }

    private void limit(int maxMessageBytes) throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", TestKafka.bootstrapServers()))) {
            ConfigEntry limit =
                    new ConfigEntry("max.message.bytes", Integer.toString(maxMessageBytes));
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.TOPIC, fixture.topic()),
                                    List.of(new AlterConfigOp(limit, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }
}
