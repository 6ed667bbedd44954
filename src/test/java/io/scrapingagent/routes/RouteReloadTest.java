package io.scrapingagent.routes;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import io.scrapingagent.simulator.RequestMatcher;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.component.timer.TimerComponent;
import org.apache.camel.component.timer.TimerConsumer;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quartz.JobKey;
import org.quartz.impl.matchers.GroupMatcher;

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
        fixture.agent();
        log.await("INFO Routes are reloaded when a file in " + directory);
    }

    private void beginScheduled() throws Exception {
        fixture.close();
        fixture = fixture(Duration.ZERO, "exactly-once").scheduled();
        begin();
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
                .property("camel.main.shutdownTimeout", "2")
                .reloading();
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

        assertThat(log.await("INFO Routes reloaded"))
                .endsWith("reloaded: queries.camel.yaml: replaced queries");
        Scrape second = fixture.scrape();
        assertThat(second.getFailures()).isEmpty();
        assertThat(second.getCompletedQueries()).isEqualTo(4);
        assertThat(second.getRequests()).isEqualTo(1);
        fixture.assertConsumed(truthWithReceivedBytes());
    }

    /** What holds for all routes is in no file: a reload must not take it away. */
    @Test
    void aQueryThatFailsAfterAReloadIsStillOneLine() throws Exception {
        save(QUERIES, packaged(QUERIES) + FOURTH_QUERY);
        log.await("INFO Routes reloaded");
        fixture.simulator().answerAlways(RequestMatcher.any(), Misbehaviour.status(400));

        try (LogLines camel = new LogLines("org.apache.camel")) {
            assertThat(fixture.scrape().getFailures()).isNotEmpty();
            assertThat(camel.lines()).isEmpty();
        }
    }

    @Test
    void filesAreAddedAndDeleted() throws Exception {
        save(QUERIES, packaged(QUERIES) + FOURTH_QUERY);
        log.await("INFO Routes reloaded");
        save("extra.camel.yaml", route("extra", "- to: direct:scrape"));
        assertThat(log.await("INFO Routes reloaded")).endsWith("extra.camel.yaml: added extra");

        save("extra.camel.yaml", route("other", "- to: direct:scrape"));
        assertThat(log.await("INFO Routes reloaded"))
                .endsWith("extra.camel.yaml: added other, removed extra");

        Files.delete(directory.resolve("extra.camel.yaml"));
        assertThat(log.await("INFO Routes reloaded")).endsWith("extra.camel.yaml: removed other");
        Files.delete(directory.resolve(QUERIES));
        assertThat(log.await("INFO Routes reloaded"))
                .endsWith("queries.camel.yaml: replaced queries");
        assertThat(fixture.scrape().getCompletedQueries()).isEqualTo(3);
        fixture.assertConsumed(ExpectedRecord.ofHour(fixture.simulator(), HOUR, CLUSTER));
    }

    @Test
    void aKameletIsReloadedToo() throws Exception {
        String name = "confluent-metrics-query.kamelet.yaml";
        String kamelet = Files.readString(KAMELETS.resolve(name));
        save(name, kamelet.replace("'{{tag}}'", "'renamed'"));

        assertThat(log.await("INFO Routes reloaded"))
                .endsWith(name + ": replaced confluent-metrics-query");
        long records = fixture.scrape().getRecords();
        assertThat(records).isPositive();
        await().until(() -> fixture.consumed().size() == records);
        assertThat(fixture.consumed()).allMatch(it -> it.value().contains("\"renamed\":"));
    }

    @Test
    void aCommentAloneReloadsNothing() throws Exception {
        save(QUERIES, "# mine\n" + packaged(QUERIES));

        log.await("INFO Routes not reloaded: nothing changed in them");
    }

    /** Quartz's schedulers are shared by name, also by the agent that tries what is saved. */
    @Test
    void whatIsNotReloadedLeavesTheSchedule() throws Exception {
        beginScheduled();

        save(QUERIES, "# mine\n" + packaged(QUERIES));

        log.await("INFO Routes not reloaded: nothing changed in them");
        QuartzComponent quartz =
                fixture.agent().camelContext().getComponent("quartz", QuartzComponent.class);
        assertThat(quartz.getScheduler().getJobKeys(GroupMatcher.anyJobGroup()))
                .extracting(JobKey::getName)
                .containsExactly("hourly");
    }

    @Test
    void whatBeginsSomethingStartsLast() throws Exception {
        beginScheduled();
        List<String> started = new CopyOnWriteArrayList<>();
        fixture.agent()
                .camelContext()
                .getManagementStrategy()
                .addEventNotifier(
                        new SimpleEventNotifierSupport() {
                            @Override
                            public void notify(CamelEvent event) {
                                if (event instanceof CamelEvent.RouteStartedEvent route) {
                                    started.add(route.getRoute().getRouteId());
                                }
                            }
                        });

        save(QUERIES, packaged(QUERIES) + FOURTH_QUERY);

        log.await("INFO Routes reloaded");
        assertThat(started).hasSizeGreaterThan(3).contains("queries");
        assertThat(started.subList(started.size() - 3, started.size()))
                .containsExactlyInAnyOrder("schedule", "catch-up", "ownership");
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
        assertThat(log.await("INFO Routes reloaded")).endsWith("extra.camel.yaml: added extra");
    }

    @Test
    void aRouteOfTheSameIdAsAnotherIsReported() throws Exception {
        save("extra.camel.yaml", route("queries", "- to: direct:scrape"));

        assertThat(log.await("WARN Routes not reloaded, those before go on: "))
                .contains("extra.camel.yaml, line 1", "Duplicate route ids detected: queries");
        assertRunning();
    }

    @Test
    void aKameletWithoutStepsIsReported() throws Exception {
        String name = "confluent-metrics-query.kamelet.yaml";
        save(name, Files.readString(KAMELETS.resolve(name)).replace("  template:", "  templat:"));

        assertThat(log.await("WARN Routes not reloaded, those before go on: "))
                .endsWith(name + ": a Kamelet has its steps in spec.template, this one has none");
        assertRunning();
    }

    @Test
    void anEmptiedFileIsReported() throws Exception {
        save(QUERIES, "");

        assertThat(log.await("WARN Routes not reloaded, those before go on: "))
                .contains(directory.resolve(QUERIES).toString());
        assertRunning();
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
            assertThat(log.await("INFO Routes reloaded")).endsWith(": replaced kafka");
            clock.forward(Duration.ofHours(1));

            assertThat(fixture.scrape().getFailures()).isEmpty();

            truth.addAll(
                    ExpectedRecord.ofHour(
                            fixture.simulator(), HOUR.plus(Duration.ofHours(hour)), CLUSTER));
            fixture.assertConsumed(truth);
        }
    }

    @Test
    void aScrapeUnderWayEndsWithTheRoutesThatItBeganWith() throws Exception {
        fixture.close();
        begin(Duration.ofSeconds(1), "exactly-once");
        CompletableFuture<Scrape> underWay = fixture.scrapeUnderWay();

        save(QUERIES, packaged(QUERIES) + FOURTH_QUERY);

        assertThat(log.await("INFO Routes are reloaded when what is under way has ended: "))
                .endsWith("queries.camel.yaml: replaced queries");
        assertThat(underWay).isNotDone();
        log.await("INFO Routes reloaded: queries.camel.yaml: replaced queries");
        Scrape first = underWay.join();
        assertThat(first.getFailures()).isEmpty();
        assertThat(first.getCompletedQueries()).isEqualTo(3);
        assertThat(fixture.scrape().getCompletedQueries()).isEqualTo(4);
        fixture.assertConsumed(truthWithReceivedBytes());
    }

    @Test
    void whatIsSavedWhileAReloadWaitsIsLookedAtAtOnce() throws Exception {
        fixture.close();
        begin(Duration.ofSeconds(2), "exactly-once");
        CompletableFuture<Scrape> underWay = fixture.scrapeUnderWay();
        save(QUERIES, packaged(QUERIES) + FOURTH_QUERY);
        log.await("INFO Routes are reloaded when what is under way has ended: ");

        save(QUERIES, packaged(QUERIES) + "        - broken: {}\n");

        assertThat(log.await("WARN Routes not reloaded, those before go on: "))
                .contains("queries.camel.yaml, line 4");
        assertThat(underWay).isNotDone();
        save(QUERIES, packaged(QUERIES) + FOURTH_QUERY);
        log.await("INFO Routes are reloaded when what is under way has ended: ");
        log.await("INFO Routes reloaded: queries.camel.yaml: replaced queries");
        assertThat(underWay.join().getCompletedQueries()).isEqualTo(3);
        assertThat(fixture.scrape().getCompletedQueries()).isEqualTo(4);
    }

    /** The wait may be long, and somebody may want to see what the agent waits for. */
    @Test
    void theStatusPageIsThereWhileAReloadWaits() throws Exception {
        fixture.close();
        fixture =
                fixture(Duration.ZERO, "exactly-once")
                        .property("agent.catch.up.delay.ms", "3600000")
                        .scheduled();
        begin();
        fixture.simulator().answerAlways(RequestMatcher.any(), Misbehaviour.hang());
        fixture.scrapeUnderWay();
        save(QUERIES, packaged(QUERIES) + FOURTH_QUERY);
        log.await("INFO Routes are reloaded when what is under way has ended: ");

        HttpResponse<String> page =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(fixture.management()).build(),
                                BodyHandlers.ofString());

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<dt>Last scrape</dt><dd>under way");
    }

    /** A tick is lost that comes before its consumer has started, as one does on a busy machine. */
    @Test
    void aScrapeFollowsHoweverEarlyTheTimerTicks() throws Exception {
        beginScheduled();
        fixture.assertConsumed(ExpectedRecord.ofHour(fixture.simulator(), HOUR, CLUSTER));
        CamelContext context = fixture.agent().camelContext();
        context.removeComponent("timer");
        context.addComponent("timer", new EarlyTimers());

        save(QUERIES, packaged(QUERIES) + FOURTH_QUERY);

        log.await("INFO Routes reloaded");
        fixture.assertConsumed(truthWithReceivedBytes());
    }

    @Test
    void aStopDoesNotWaitForAReload() throws Exception {
        fixture.simulator().answerAlways(RequestMatcher.any(), Misbehaviour.hang());
        fixture.scrapeUnderWay();
        save(QUERIES, packaged(QUERIES) + FOURTH_QUERY);
        log.await("INFO Routes are reloaded when what is under way has ended: ");
        CamelContext context = fixture.agent().camelContext();

        fixture.close();

        assertThat(context.isStopped()).isTrue();
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

    /** What is to tick at once does so before the call that asks for it returns. */
    private static final class EarlyTimers extends TimerComponent {

        @Override
        public Timer getTimer(TimerConsumer consumer) {
            return new Timer(true) {
                @Override
                public void schedule(TimerTask task, long delay, long period) {
                    if (delay == 0) {
                        task.run();
                    }
                    super.schedule(task, delay == 0 ? period : delay, period);
                }
            };
        }
    }
}
