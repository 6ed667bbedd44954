package io.scrapingagent.routes;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.Ledger.Entry;
import io.scrapingagent.ledger.LedgerTopic;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import io.scrapingagent.simulator.RequestMatcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes of {@code docs/routes.md}, taken from the document and run. */
class RecipesTest {

    private static final String CLUSTER = "lkc-aaa";

    private static final String TAKEN =
            "Constant tags are name=value,… with other names than cluster_id and principal:"
                    + " team=finops,principal=me";

    @TempDir private Path directory;
    private final TestClock clock = new TestClock(ScrapeFixture.NOW);
    private ScrapeFixture fixture;

    @BeforeEach
    void start() {
        fixture =
                new ScrapeFixture(
                                MetricsApiSimulator.builder()
                                        .withoutRateLimit()
                                        .cluster(CLUSTER, 3, 40),
                                CLUSTER,
                                clock,
                                clock)
                        .environment("AGENT_ROUTES_DIR", directory.toString());
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void addAMetric() throws Exception {
        Recipe.under("Add a metric").into(directory);

        List<ExpectedRecord> truth = new ArrayList<>(scrapeTwice(4));

        for (int hour = 0; hour < 2; hour++) {
            truth.addAll(
                    ExpectedRecord.ofQuery(
                            fixture.simulator(),
                            HOUR.plus(Duration.ofHours(hour)),
                            CLUSTER,
                            ExpectedRecord.RECEIVED_BYTES));
        }
        fixture.assertConsumed(truth);
        assertThat(ledgerRecords()).isEqualTo(truth.size());
    }

    @Test
    void addAConstantTagToEveryRecord() throws Exception {
        Recipe.under("Add a constant tag to every record").into(directory);

        List<ExpectedRecord> truth =
                scrapeTwice(3).stream()
                        .map(
                                it ->
                                        new ExpectedRecord(
                                                it.key(),
                                                it.value()
                                                        .replace(
                                                                "},\"timestamp\"",
                                                                ",\"team\":\"finops\",\"stage\":\"prod\"},\"timestamp\""),
                                                it.timestamp()))
                        .toList();

        fixture.assertConsumed(truth);
        assertThat(ledgerRecords()).isEqualTo(truth.size());
    }

    @Test
    void tagsThatAreNoneFailTheirQueriesAndNoOther() throws Exception {
        Recipe.under("Add a constant tag to every record")
                .with("stage=prod", "principal=me")
                .into(directory);

        Scrape scrape = fixture.scrape();

        assertThat(scrape.getFailures())
                .extracting(Scrape.FailedQuery::metric, Scrape.FailedQuery::reason)
                .containsExactly(tuple("request_bytes", TAKEN), tuple("response_bytes", TAKEN));
        assertThat(scrape.getCompletedQueries()).isEqualTo(1);
    }

    @Test
    void sendACopyToASecondTopic() throws Exception {
        String second = TestKafka.uniqueTopic("chargeback");
        Recipe.under("Send a copy to a second topic")
                .with("'chargeback'", "'" + second + "'")
                .into(directory);
        TestKafka.createTopic(second, 2);

        List<ExpectedRecord> truth = scrapeTwice(3);

        fixture.assertConsumed(truth);
        await().untilAsserted(
                        () ->
                                assertThat(
                                                TruthCheck.differences(
                                                        truth,
                                                        ExpectedRecord.of(
                                                                TestKafka.reader()
                                                                        .readAll(second))))
                                        .isEmpty());
        assertThat(ledgerRecords()).isEqualTo(truth.size());
    }

    /** To the ledger both are the same, and which one published an hour would be left to chance. */
    @Test
    void aMetricThatIsAddedWithAnotherTagIsRefused() throws Exception {
        Recipe.under("Add a metric")
                .with("received_bytes", "retained_bytes")
                .with("tag: topic", "tag: name")
                .into(directory);
        fixture.simulator()
                .answer(
                        RequestMatcher.metric(ExpectedRecord.RETAINED_BYTES),
                        1,
                        Misbehaviour.status(403));

        assertThat(fixture.scrape().getFailures())
                .extracting(Scrape.FailedQuery::reason)
                .hasSize(2)
                .anyMatch(it -> it.contains("403"))
                .anyMatch(it -> it.contains("with another tag than name"));
        assertThat(fixture.scrape().getFailures())
                .singleElement()
                .satisfies(it -> assertThat(it.reason()).contains("take one of the steps out"));
        fixture.assertConsumed(ExpectedRecord.ofHour(fixture.simulator(), HOUR, CLUSTER));
    }

    /** The second topic's records are refused, so those of the first are not committed either. */
    @Test
    void aCopyThatFailsLeavesTheHourOpen() throws Exception {
        Recipe recipe =
                Recipe.under("Send a copy to a second topic").with("'chargeback'", "'not a topic'");
        recipe.into(directory);

        Scrape failed = fixture.scrape();

        assertThat(failed.getFailures()).hasSize(3);
        assertThat(fixture.consumed()).isEmpty();
        fixture.restart();
        Files.delete(directory.resolve(recipe.file()));
        fixture.scrape();
        fixture.assertConsumed(ExpectedRecord.ofHour(fixture.simulator(), HOUR, CLUSTER));
    }

    @Test
    void dropANoisyTopic() throws Exception {
        String noisy =
                fixture.simulator()
                        .truth(CLUSTER, ExpectedRecord.RETAINED_BYTES, HOUR)
                        .get(0)
                        .group();
        Recipe.under("Drop a noisy topic").with("'tmp-.*'", "'" + noisy + "'").into(directory);

        List<ExpectedRecord> all = scrapeTwice(3);

        List<ExpectedRecord> truth =
                all.stream()
                        .filter(
                                it ->
                                        !it.key()
                                                .equals(
                                                        "confluent_kafka_server_retained_bytes:"
                                                                + noisy))
                        .toList();
        assertThat(truth).hasSizeLessThan(all.size());
        fixture.assertConsumed(truth);
        assertThat(ledgerRecords()).isEqualTo(truth.size());
    }

    @Test
    void publishAnotherFormat() throws Exception {
        Recipe.under("Publish another format").into(directory);

        List<ExpectedRecord> truth =
                scrapeTwice(3).stream()
                        .map(it -> new ExpectedRecord(it.key(), csv(it), it.timestamp()))
                        .toList();

        fixture.assertConsumed(truth);
        assertThat(ledgerRecords()).isEqualTo(truth.size());
    }

    /** Scrapes an hour and then the next, and returns what the packaged routes would publish. */
    private List<ExpectedRecord> scrapeTwice(int queries) throws Exception {
        List<ExpectedRecord> truth = new ArrayList<>();
        for (int hour = 0; hour < 2; hour++) {
            Scrape scrape = fixture.scrape();
            assertThat(scrape.getFailures()).isEmpty();
            assertThat(scrape.getCompletedQueries()).isEqualTo(queries);
            truth.addAll(
                    ExpectedRecord.ofHour(
                            fixture.simulator(), HOUR.plus(Duration.ofHours(hour)), CLUSTER));
            clock.forward(Duration.ofHours(1));
        }
        return truth;
    }

    private int ledgerRecords() throws Exception {
        Ledger ledger = new Ledger(cluster -> true);
        new LedgerTopic(
                        fixture.settings().ledgerTopic(),
                        fixture.settings().kafka(),
                        Duration.ofSeconds(20))
                .readInto(ledger);
        return ledger.all().values().stream()
                .flatMap(hours -> hours.values().stream())
                .mapToInt(Entry::records)
                .sum();
    }

    /**
     * Of a record like {"fields":{"value":1},"name":"…","tags":{"cluster_id":"…","topic":"…"},…}.
     */
    private static String csv(ExpectedRecord record) {
        String value = record.value().replaceAll(".*\"value\":([^}]+)}.*", "$1");
        String metric = record.key().replaceAll("confluent_kafka_server_([^:]+):.*", "$1");
        String group = record.key().substring(record.key().indexOf(':') + 1);
        return "%s,%s,%s,\"%s\",%s"
                .formatted(Instant.ofEpochMilli(record.timestamp()), CLUSTER, metric, group, value);
    }
}
