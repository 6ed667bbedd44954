package io.scrapingagent.routes;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.Agent;
import io.scrapingagent.command.RouteReload;
import io.scrapingagent.command.StartException;
import io.scrapingagent.config.Settings;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import io.scrapingagent.simulator.RequestMatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes are replaced while the agent runs, and what it promises holds. */
class RouteReloadTest {

    private static final Path PACKAGED = Path.of("src/main/resources/routes");
    private static final Path KAMELETS = Path.of("src/main/resources/kamelets");
    private static final String QUERIES = "queries.camel.yaml";
    private static final String CLUSTER = "lkc-aaa";

    private static final String FOURTH_QUERY =
            """
                    - to:
                        id: received-bytes
                        description: Received bytes
                        uri: kamelet:confluent-metrics-query
                        parameters:
                          metric: io.confluent.kafka.server/received_bytes
                          groupBy: metric.topic
                          tag: topic
            """;

    private static final String UNREAD = " cannot be read (IOException): let the agent read it";

    @TempDir private Path directory;
    private final TestClock clock = new TestClock(ScrapeFixture.NOW);
    private final LogLines log = new LogLines("io.scrapingagent.command.RouteReload");
    private ScrapeFixture fixture;

    @BeforeEach
    void start() throws Exception {
        begin(Duration.ZERO, "exactly-once");
    }

    private void begin(Duration latency, String delivery) throws Exception {
        fixture = fixture(latency, delivery);
        begin();
    }

    private void begin() throws Exception {
        fixture.startReloading();
        log.await("INFO Routes are reloaded when a file in " + directory);
    }

    private ScrapeFixture fixture(Duration latency, String delivery) {
        return new ScrapeFixture(
                        MetricsApiSimulator.builder()
                                .withoutRateLimit()
                                .latency(latency)
                                .cluster(CLUSTER, 3, 5),
                        CLUSTER,
                        clock,
                        clock)
                .environment("AGENT_ROUTES_DIR", directory.toString())
                .environment("METRICS_DELIVERY", delivery)
                // time enough to save something during a scrape
                .environment("METRICS_PARALLEL_REQUESTS", "1")
                .property("metrics.api.response.timeout.ms", "30000")
                .property("camel.main.shutdownTimeout", "2");
    }

    @AfterEach
    void stop() {
        fixture.close();
        log.close();
    }

    @Test
    void aSavedFileReplacesItsRoutesAndAScrapeTakesWhatIsNew() throws Exception {
        fixture.scrape();

        save(QUERIES, packaged(QUERIES) + FOURTH_QUERY);

        assertThat(log.await("INFO Routes reloaded")).endsWith("reloaded: queries.camel.yaml");
        Scrape second = fixture.scrape();
        assertThat(second.getFailures()).isEmpty();
        assertThat(second.getCompletedQueries()).isEqualTo(4);
        assertThat(second.getRequests()).isEqualTo(1);
        fixture.assertConsumed(truthWithReceivedBytes());
    }

    @Test
    void filesAreAddedAndDeleted() throws Exception {
        save(QUERIES, packaged(QUERIES) + FOURTH_QUERY);
        log.await("INFO Routes reloaded");
        save("extra.camel.yaml", route("extra", "- to: direct:scrape"));
        assertThat(log.await("INFO Routes reloaded")).endsWith(": extra.camel.yaml");

        Files.delete(directory.resolve("extra.camel.yaml"));
        assertThat(log.await("INFO Routes reloaded")).endsWith(": extra.camel.yaml");
        Files.delete(directory.resolve(QUERIES));
        assertThat(log.await("INFO Routes reloaded")).endsWith(": queries.camel.yaml");
        assertThat(fixture.scrape().getCompletedQueries()).isEqualTo(3);
        fixture.assertConsumed(ExpectedRecord.ofHour(fixture.simulator(), HOUR, CLUSTER));
    }

    @Test
    void aKameletIsReloadedToo() throws Exception {
        String name = "confluent-metrics-query.kamelet.yaml";
        String kamelet = Files.readString(KAMELETS.resolve(name));
        save(name, kamelet.replace("'{{tag}}'", "'renamed'"));

        assertThat(log.await("INFO Routes reloaded")).endsWith(": " + name);
        long records = fixture.scrape().getRecords();
        assertThat(records).isPositive();
        await().until(() -> fixture.consumed().size() == records);
        assertThat(fixture.consumed()).allMatch(it -> it.value().contains("\"renamed\":"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "- to: [direct:scrape                          | extra.camel.yaml, line [678]: ",
                "- too: direct:scrape                          | extra.camel.yaml, line [56]: ",
                "- to: nosuch:thing                            | extra.camel.yaml, line [56]: ",
                "- to: direct:scrape?nosuch=1                  | extra.camel.yaml, line [56]: ",
                "- bean: {ref: nosuch}                         | extra.camel.yaml, line [56]: ",
                "- to: kamelet:nosuch                          | extra.camel.yaml, line [56]: ",
                "- setBody: {simple: '${nosuch}'}              | extra.camel.yaml, line [56]: ",
                "- to: '{{no.such.property}}'                  | extra.camel.yaml, line [56]: ",
                "- to: kamelet:confluent-metrics-query         | extra.camel.yaml, line [56]: ",
            })
    void aBrokenFileIsReportedWithItsLine(String step, String place) throws Exception {
        save("extra.camel.yaml", route("extra", step));

        assertThat(log.await("WARN Routes not reloaded, those before go on: "))
                .containsPattern("file:" + directory + "/" + place);
    }

    @Test
    void afterABrokenFileTheRoutesBeforeGoOnAndAMendedOneIsTaken() throws Exception {
        save("extra.camel.yaml", route("extra", "- to: nosuch:thing"));
        log.await("WARN Routes not reloaded, those before go on: ");
        assertRunning();

        save("extra.camel.yaml", route("extra", "- to: direct:scrape"));
        assertThat(log.await("INFO Routes reloaded")).endsWith(": extra.camel.yaml");
    }

    @Test
    void aBrokenEditThatIsTakenBackReloadsNothing() throws Exception {
        save("extra.camel.yaml", route("extra", "- to: nosuch:thing"));
        log.await("WARN Routes not reloaded, those before go on: ");

        Files.delete(directory.resolve("extra.camel.yaml"));

        log.await("INFO Routes not reloaded, they are those that run");
        assertThat(log.lines()).noneMatch(it -> it.startsWith("INFO Routes reloaded"));
        assertRunning();
    }

    @Test
    void aRouteOfTheSameIdAsAnotherIsReported() throws Exception {
        save("extra.camel.yaml", route("queries", "- to: direct:scrape"));

        assertThat(log.await("WARN Routes not reloaded, those before go on: "))
                .contains("extra.camel.yaml, line 1", "Duplicate route ids detected: queries");
        assertRunning();
    }

    @Test
    void anEmptiedFileIsReported() throws Exception {
        save(QUERIES, "");

        assertThat(log.await("WARN Routes not reloaded, those before go on: "))
                .contains(directory.resolve(QUERIES).toString());
        assertRunning();
    }

    @Test
    void aFileThatCannotBeReadIsReportedOnce() throws Exception {
        Path file = unreadable();

        assertThat(log.await("WARN Routes not reloaded, those before go on: "))
                .endsWith(": " + file + UNREAD);
        // for as long as it takes to look at the files several times
        await().during(Duration.ofSeconds(1)).until(() -> log.lines().isEmpty());
        Files.delete(file);
        save(QUERIES, packaged(QUERIES) + FOURTH_QUERY);
        log.await("INFO Routes reloaded: queries.camel.yaml");
    }

    @Test
    void noAgentStartsWithAFileThatCannotBeRead() throws Exception {
        Settings settings = fixture.settings();
        fixture.close();
        String said = "The agent cannot start: " + unreadable() + UNREAD;

        try (Agent agent = Agent.idle(settings, clock, Map.of());
                RouteReload reload = new RouteReload(directory, () -> agent)) {
            assertThatThrownBy(reload::start).isInstanceOf(StartException.class).hasMessage(said);
            assertThatThrownBy(agent::start).isInstanceOf(StartException.class).hasMessage(said);
        }
        // the test's directory is deleted without a warning of its own
        Files.delete(directory.resolve("extra.camel.yaml"));
    }

    /** For root too, who may read any file. */
    private Path unreadable() throws IOException {
        return Files.createSymbolicLink(
                directory.resolve("extra.camel.yaml"), Path.of("/proc/self/mem"));
    }

    /** This shows only when the route is started, when those before are stopped already. */
    @Test
    void routesThatCannotBeStartedAreTakenBack() throws Exception {
        save(QUERIES, route("queries", "- stop: {}").replace("direct:extra", "direct:hours"));

        assertThat(log.await("WARN Routes not reloaded, those before go on: "))
                .contains("Multiple consumers for the same endpoint is not allowed");
        assertRunning();
    }

    /** Its step is another one then, whose producer must not fence that of the one before. */
    @ParameterizedTest
    @ValueSource(strings = {"exactly-once", "at-least-once"})
    void publishingGoesOnWithTheStepThatIsReloaded(String delivery) throws Exception {
        fixture.close();
        begin(Duration.ZERO, delivery);
        fixture.scrape();
        List<ExpectedRecord> truth =
                new ArrayList<>(ExpectedRecord.ofHour(fixture.simulator(), HOUR, CLUSTER));
        String publish = packaged("publish.camel.yaml");
        for (int hour = 1; hour <= 2; hour++) {
            save("publish.camel.yaml", publish.replace("Metrics topic", "Topic, " + hour));
            assertThat(log.await("INFO Routes reloaded")).endsWith(": publish.camel.yaml");
            clock.forward(Duration.ofHours(1));

            assertThat(fixture.scrape().getFailures()).isEmpty();

            truth.addAll(
                    ExpectedRecord.ofHour(
                            fixture.simulator(), HOUR.plus(Duration.ofHours(hour)), CLUSTER));
            fixture.assertConsumed(truth);
        }
    }

    @Test
    void theNextAgentFetchesWhatTheOneBeforeDidNot() throws Exception {
        fixture.close();
        begin(Duration.ofSeconds(1), "exactly-once");
        CompletableFuture<Scrape> underWay = fixture.scrapeUnderWay();

        save(QUERIES, packaged(QUERIES) + FOURTH_QUERY);

        log.await("INFO Routes reloaded: queries.camel.yaml");
        assertThat(underWay).isDone();
        assertThat(fixture.scrape().getFailures()).isEmpty();
        fixture.assertConsumed(truthWithReceivedBytes());
    }

    @Test
    void aStopDoesNotWaitForAReload() throws Exception {
        fixture.simulator().answerAlways(RequestMatcher.any(), Misbehaviour.hang());
        fixture.scrapeUnderWay();
        save(QUERIES, packaged(QUERIES) + FOURTH_QUERY);
        CamelContext context = fixture.agent().camelContext();

        fixture.close();

        assertThat(context.isStopped()).isTrue();
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void aReloadThatAStopPreventsIsNotReported() throws Exception {
        fixture.simulator().answerAlways(RequestMatcher.any(), Misbehaviour.hang());
        fixture.scrapeUnderWay();
        CamelContext context = fixture.agent().camelContext();
        save(QUERIES, packaged(QUERIES) + FOURTH_QUERY);
        // the scrape that hangs keeps the reload here for as long as a stop may take
        await().until(context::isStopping);

        fixture.close();

        assertThat(log.lines()).isEmpty();
    }

    private void assertRunning() throws Exception {
        Scrape scrape = fixture.scrape();
        assertThat(scrape.getFailures()).isEmpty();
        assertThat(scrape.getCompletedQueries()).isEqualTo(3);
        fixture.assertConsumed(ExpectedRecord.ofHour(fixture.simulator(), HOUR, CLUSTER));
    }

    private List<ExpectedRecord> truthWithReceivedBytes() {
        List<ExpectedRecord> truth =
                new ArrayList<>(ExpectedRecord.ofHour(fixture.simulator(), HOUR, CLUSTER));
        truth.addAll(
                ExpectedRecord.ofQuery(
                        fixture.simulator(), HOUR, CLUSTER, ExpectedRecord.RECEIVED_BYTES));
        return truth;
    }

    /** As many editors do: the new file takes the place of the old one. */
    private void save(String name, String text) throws IOException {
        Path other = Files.writeString(directory.resolve("." + name + ".swp"), text);
        Files.move(other, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private static String packaged(String name) throws IOException {
        return Files.readString(PACKAGED.resolve(name));
    }

    private static String route(String id, String step) {
        return """
        - route:
            id: %s
            from:
              uri: direct:extra
              steps:
                %s
        """
                .formatted(id, step);
    }
}
