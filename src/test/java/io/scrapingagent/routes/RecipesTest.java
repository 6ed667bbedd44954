package io.scrapingagent.routes;

import static io.scrapingagent.routes.ExpectedRecord.RECEIVED_BYTES;
import static io.scrapingagent.routes.ExpectedRecord.RETAINED_BYTES;
import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static io.scrapingagent.simulator.RequestMatcher.metric;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpServer;
import io.scrapingagent.command.StartException;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.Ledger.Entry;
import io.scrapingagent.ledger.LedgerTopic;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The recipes of {@code docs/routes.md}, taken from the document and run. */
class RecipesTest {

    private static final String CLUSTER = "lkc-aaa";

    private static final int NO_CONTENT = 204;

    private static final String TAKEN =
            "The exchange property `tags` must be name=value,… with other names than cluster_id and"
                    + " principal: team=finops,principal=me";

    @TempDir private Path directory;
    @AutoClose private ScrapeFixture fixture;

    @BeforeEach
    void start() {
        fixture =
                new ScrapeFixture(MetricsApiSimulator.of(CLUSTER, 3, 40))
                        .environment("AGENT_ROUTES_DIR", directory.toString());
    }

    @Test
    void addAMetric() throws Exception {
        Recipe.under("Add a metric").into(directory);

        List<ExpectedRecord> truth = scrapeTwice(4);

        for (int hour = 0; hour < 2; hour++) {
            truth.addAll(
                    ExpectedRecord.ofQuery(
                            fixture.simulator(),
                            HOUR.plus(Duration.ofHours(hour)),
                            CLUSTER,
                            RECEIVED_BYTES));
        }
        assertPublished(truth);
    }

    @Test
    void addAConstantTagToEveryRecord() throws Exception {
        Recipe.under("Add a constant tag to every record").into(directory);

        String tags = ",\"team\":\"finops\",\"stage\":\"prod\"";
        List<ExpectedRecord> truth =
                withValues(
                        scrapeTwice(3),
                        it -> it.value().replace("},\"timestamp\"", tags + "},\"timestamp\""));

        assertPublished(truth);
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

        assertPublished(truth);
        TruthCheck.assertConsumed(second, truth);
    }

    @Test
    void sendACopyOfEachRecordToAServer() throws Exception {
        List<String> received = Collections.synchronizedList(new ArrayList<>());
        HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        server.createContext(
                "/records",
                request -> {
                    received.add(new String(request.getRequestBody().readAllBytes(), UTF_8));
                    request.sendResponseHeaders(NO_CONTENT, -1);
                });
        server.start();
        try {
            Recipe.under("Send copies to a file or an HTTP server")
                    .with(":8000", ":" + server.getAddress().getPort())
                    .into(directory);

            List<ExpectedRecord> truth = scrapeTwice(3);

            assertPublished(truth);
            assertThat(received)
                    .containsExactlyInAnyOrderElementsOf(
                            truth.stream().map(ExpectedRecord::value).toList());
        } finally {
            server.stop(0);
        }
    }

    /** To the ledger both are the same, and which one published an hour would be left to chance. */
    @ParameterizedTest
    @CsvSource({"lkc-aaa, lkc-bbb, false", "lkc-aaa, lkc-aaa, true", "lkc-aaa, '', true"})
    void aMetricThatIsAddedWithAnotherTagIsRefused(String some, String others, boolean refused)
            throws Exception {
        fixture.close();
        fixture =
                new ScrapeFixture(MetricsApiSimulator.of(CLUSTER, 3, 40).cluster("lkc-bbb", 3, 40))
                        .environment("AGENT_ROUTES_DIR", directory.toString());
        String only = "\n                    clusters: '%s'";
        Recipe step = Recipe.under("Add a metric");
        step.with("tag: topic", "tag: topic" + only.formatted(some)).into(directory);
        Files.writeString(
                directory.resolve(step.file()),
                step.with("id: received", "id: also-received")
                        .with("tag: topic", "tag: name" + only.formatted(others))
                        .steps(),
                StandardOpenOption.APPEND);

        if (refused) {
            assertThatThrownBy(fixture::scrape)
                    .isInstanceOf(StartException.class)
                    .hasMessageEndingWith("take one of the steps out");
        } else {
            assertThat(fixture.scrapeAll().getCompletedQueries()).isEqualTo(2 * 3 + 2);
        }
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
        fixture.assertPublished("lkc-aaa 0");
    }

    @Test
    void dropANoisyTopic() throws Exception {
        String noisy = fixture.simulator().truth(CLUSTER, RETAINED_BYTES, HOUR).get(0).group();
        Recipe.under("Drop a noisy topic").with("'tmp-.*'", "'" + noisy + "'").into(directory);

        List<ExpectedRecord> all = scrapeTwice(3);

        List<ExpectedRecord> truth =
                all.stream().filter(it -> !it.key().endsWith("retained_bytes:" + noisy)).toList();
        assertThat(truth).hasSizeLessThan(all.size());
        assertPublished(truth);
    }

    @Test
    void publishAnotherFormat() throws Exception {
        Recipe.under("Publish another format").into(directory);

        assertPublished(withValues(scrapeTwice(3), RecipesTest::csv));
    }

    /** Scrapes an hour and then the next, and returns what the packaged routes would publish. */
    private List<ExpectedRecord> scrapeTwice(int queries) throws Exception {
        for (int hour = 0; hour < 2; hour++) {
            assertThat(fixture.scrapeAll().getCompletedQueries()).isEqualTo(queries);
            fixture.pass(1);
        }
        return fixture.truth("lkc-aaa 0-1");
    }

    private static List<ExpectedRecord> withValues(
            List<ExpectedRecord> records, Function<ExpectedRecord, String> value) {
        return records.stream()
                .map(it -> new ExpectedRecord(it.key(), value.apply(it), it.timestamp()))
                .toList();
    }

    private void assertPublished(List<ExpectedRecord> truth) throws Exception {
        fixture.assertConsumed(truth);
        assertThat(ledgerRecords()).isEqualTo(truth.size());
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
