package io.scrapingagent.routes;

import static io.scrapingagent.routes.ExpectedRecord.RECEIVED_BYTES;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes are replaced while the agent runs, and what it promises holds. */
class RouteReloadTest {

    private static final Path RESOURCES = Path.of("src/main/resources");
    private static final String QUERIES = "queries.camel.yaml";
    private static final String EXTRA = "extra.camel.yaml";

    private static final String UNREAD = " cannot be read (IOException): let the agent read it";

    @TempDir private Path directory;
    @AutoClose private final LogLines log = new LogLines("io.scrapingagent.command.RouteReload");
    @AutoClose private ScrapeFixture fixture;

    @BeforeEach
    void start() throws Exception {
        start(Duration.ZERO, "exactly-once");
    }

    private void start(Duration latency, String delivery) throws Exception {
        fixture =
                new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 3, 5).latency(latency))
                        .environment("AGENT_ROUTES_DIR", directory.toString())
                        .environment("METRICS_DELIVERY", delivery)
                        // time enough to save something during a scrape
                        .environment("METRICS_PARALLEL_REQUESTS", "1")
                        .property("metrics.api.response.timeout.ms", "30000")
                        .property("camel.main.shutdownTimeout", "2");
        fixture.startReloading();
        log.await("INFO Routes are reloaded when a file in " + directory);
    }

    @Test
    void filesAreAddedAndDeleted() throws Exception {
        save(QUERIES, Recipe.under("Add a metric").text());
        awaitReloaded(QUERIES);
        save(EXTRA, route("extra", "- to: direct:scrape"));
        awaitReloaded(EXTRA);

        Files.delete(directory.resolve(EXTRA));
        awaitReloaded(EXTRA);
        Files.delete(directory.resolve(QUERIES));
        awaitReloaded(QUERIES);
        assertRunning();
    }

    @Test
    void aKameletIsReloadedToo() throws Exception {
        String name = "confluent-metrics-query.kamelet.yaml";
        save(name, packaged("kamelets", name).replace("'{{tag}}'", "'renamed'"));

        awaitReloaded(name);
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
                "- log: {message: a, message: b}               | extra.camel.yaml, line 6: found duplicate key message",
                "- log: {message: \u0000}                     | extra.camel.yaml: save it as UTF-8",
                "- log: {message: {{metrics.topic}}}           | extra.camel.yaml: .* Put quotes around",
                "- log: {id: request, message: a}              | extra.camel.yaml, line [56]: .* Duplicate id detected: request",
                "- to: kamelet:confluent-metrics-query?metric=m&groupby=l | extra.camel.yaml, line [56]: the Kamelet .* no parameter groupby, but clusters, ",
            })
    void aBrokenFileIsReportedWithItsLine(String step, String place) throws Exception {
        save(EXTRA, route("extra", step));

        assertThat(awaitRefused()).containsPattern("file:" + directory + "/" + place);
    }

    @Test
    void aBrokenEditThatIsTakenBackReloadsNothing() throws Exception {
        save(EXTRA, route("extra", "- to: nosuch:thing"));
        awaitRefused();

        Files.delete(directory.resolve(EXTRA));

        log.await("INFO Routes not reloaded, they are those that run");
        assertThat(log.lines()).noneMatch(it -> it.startsWith("INFO Routes reloaded"));
        assertRunning();
    }

    @Test
    void aRouteOfTheSameIdAsAnotherIsReported() throws Exception {
        save(EXTRA, route("queries", "- to: direct:scrape"));

        assertThat(awaitRefused())
                .contains(
                        "extra.camel.yaml, line 1",
                        "Duplicate route ids detected: queries",
                        "only by the same name");
        assertRunning();
    }

    @Test
    void anEmptiedFileIsReported() throws Exception {
        save(QUERIES, "");

        assertThat(awaitRefused()).contains(directory.resolve(QUERIES).toString());
        assertRunning();
    }

    @Test
    void aFileThatIsNoListOfRoutesIsReported() throws Exception {
        save(EXTRA, "route: {id: extra, from: {uri: direct:extra, steps: [{log: a}]}}");

        assertThat(awaitRefused()).contains(EXTRA + ", line 1: this is no list: ");
    }

    @Test
    void aFileThatCannotBeReadIsReportedOnce() throws Exception {
        Path file = unreadable();

        assertThat(awaitRefused()).endsWith(": " + file + UNREAD);
        // for as long as it takes to look at the files several times
        await().during(Duration.ofSeconds(1)).until(() -> log.lines().isEmpty());
        Files.delete(file);
        save(QUERIES, Recipe.under("Add a metric").text());
        awaitReloaded(QUERIES);
    }

    @Test
    void aDirectoryThatWasRemovedIsNoMatterOfRights() throws Exception {
        Files.delete(directory);

        assertThat(awaitRefused()).endsWith(": " + directory + " is not there: put it back");
        Files.createDirectory(directory);
    }

    @Test
    void noAgentStartsWithAFileThatCannotBeRead() throws Exception {
        Settings settings = fixture.settings();
        fixture.close();
        String said = "The agent cannot start: " + unreadable() + UNREAD;

        try (Agent agent = Agent.idle(settings, fixture.clock(), Map.of());
                RouteReload reload = new RouteReload(directory, () -> agent)) {
            assertThatThrownBy(reload::start).isInstanceOf(StartException.class).hasMessage(said);
            assertThatThrownBy(agent::start).isInstanceOf(StartException.class).hasMessage(said);
        }
        // the test's directory is deleted without a warning of its own
        Files.delete(directory.resolve(EXTRA));
    }

    /** For root too, who may read any file. */
    private Path unreadable() throws IOException {
        return Files.createSymbolicLink(directory.resolve(EXTRA), Path.of("/proc/self/mem"));
    }

    /** This shows only when the route is started, when those before are stopped already. */
    @Test
    void routesThatCannotBeStartedAreTakenBack() throws Exception {
        save(QUERIES, route("queries", "- stop: {}").replace("direct:extra", "direct:hours"));

        assertThat(awaitRefused())
                .contains("Multiple consumers for the same endpoint is not allowed");
        assertRunning();
    }

    /** Its step is another one then, whose producer must not fence that of the one before. */
    @ParameterizedTest
    @ValueSource(strings = {"exactly-once", "at-least-once"})
    void publishingGoesOnWithTheStepThatIsReloaded(String delivery) throws Exception {
        fixture.close();
        start(Duration.ZERO, delivery);
        fixture.scrape();
        String name = "publish.camel.yaml";
        for (int hour = 1; hour <= 2; hour++) {
            save(name, packaged("routes", name).replace("Metrics topic", "Topic, " + hour));
            awaitReloaded(name);
            fixture.scrapeNext(1);

            fixture.assertPublished("lkc-aaa 0-" + hour);
        }
    }

    @Test
    void theNextAgentFetchesWhatTheOneBeforeDidNot() throws Exception {
        fixture.close();
        start(Duration.ofSeconds(1), "exactly-once");
        CompletableFuture<Scrape> underWay = fixture.scrapeUnderWay();

        save(QUERIES, Recipe.under("Add a metric").text());

        awaitReloaded(QUERIES);
        assertThat(underWay).isDone();
        fixture.scrapeAll();
        assertPublishedWithReceivedBytes();
    }

    @Test
    void aStopDoesNotWaitForAReload() throws Exception {
        fixture.simulator().answerAlways(RequestMatcher.any(), Misbehaviour.hang());
        fixture.scrapeUnderWay();
        save(QUERIES, Recipe.under("Add a metric").text());
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
        save(QUERIES, Recipe.under("Add a metric").text());
        // the scrape that hangs keeps the reload here for as long as a stop may take
        await().until(context::isStopping);

        fixture.close();

        assertThat(log.lines()).isEmpty();
    }

    private void awaitReloaded(String file) {
        assertThat(log.await("INFO Routes reloaded")).endsWith(": " + file);
    }

    private String awaitRefused() {
        return log.await("WARN Routes not reloaded, the previous routes still run: ");
    }

    private void assertRunning() throws Exception {
        assertThat(fixture.scrapeAll().getCompletedQueries()).isEqualTo(3);
        fixture.assertPublished("lkc-aaa 0");
    }

    private void assertPublishedWithReceivedBytes() {
        List<ExpectedRecord> truth = fixture.truth("lkc-aaa 0");
        truth.addAll(ExpectedRecord.ofQuery(fixture.simulator(), HOUR, "lkc-aaa", RECEIVED_BYTES));
        fixture.assertConsumed(truth);
    }

    /** As many editors do: the new file takes the place of the old one. */
    private void save(String name, String text) throws IOException {
        Path other = Files.writeString(directory.resolve("." + name + ".swp"), text);
        Files.move(other, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private static String packaged(String directory, String name) throws IOException {
        return Files.readString(RESOURCES.resolve(directory).resolve(name));
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
