package io.scrapingagent.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.Ports;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A step that somebody added loses records: their author is told, and the hour stays open. */
class RouteMistakesTest {

    private static final Path PACKAGED = Path.of("src/main/resources/routes/publish.camel.yaml");
    private static final String RECORD = "              ";
    private static final String ROUTE = "        ";

    @TempDir private Path directory;
    @AutoClose private ScrapeFixture fixture;

    @BeforeEach
    void start() {
        fixture =
                new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 3, 4))
                        .environment("AGENT_ROUTES_DIR", directory.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "- setBody: {simple: '${null}'}",
                "- setBody: {simple: '${map()}'}",
                "- removeHeaders: {pattern: '*'}",
                "- removeHeader: {name: kafka.OVERRIDE_TIMESTAMP}",
            })
    void aRecordWithoutItsPartsIsRefused(String step) throws Exception {
        add("records", "last step", RECORD + step);

        assertRefused("After a step of the routes a record has no ");
    }

    /** Camel gives the parts of a split the records' own headers. */
    @Test
    void headersThatAreRemovedFromACopyAreMissed() throws Exception {
        add(
                "publish",
                "first step",
                """
                        - split:
                            simple: "${body}"
                            steps:
                              - removeHeaders: {pattern: 'kafka.*'}
                              - to: log:copy?level=DEBUG
                """
                        .stripTrailing());

        assertRefused("After a step of the routes a record has no ");
    }

    @Test
    void aTransactionThatIsLeftOutIsMissed() throws Exception {
        disable("send-records");

        assertRefused("The routes did not commit what `publish` was given: ");
    }

    /** Else they would be published again by each scrape. */
    @Test
    void recordsWithoutTheirEntriesAreRefused() throws Exception {
        disable("first");

        assertRefused("The routes sent records without their ledger entries: ");
    }

    @Test
    void aFailureThatIsCaughtIsMissed() throws Exception {
        String publish = Files.readString(PACKAGED);
        int steps = publish.indexOf("        - bean:");
        int next = publish.indexOf("- route:", steps);
        String failing =
                ROUTE
                        + "- throwException: {message: no, exceptionType: java.lang.Exception}\n"
                        + publish.substring(steps, next);
        String tried =
                ROUTE
                        + "- doTry:\n            steps:\n"
                        + failing.indent(6)
                        + "            doCatch: [{exception: [java.lang.Exception], steps: []}]\n";
        Files.writeString(
                directory.resolve("publish.camel.yaml"),
                publish.substring(0, steps) + tried + publish.substring(next));

        assertRefused("The routes did not commit what `publish` was given: ");
    }

    /** It is no failure of the Metrics API, and ends no scrape. */
    @Test
    void aDestinationOfOnesOwnThatIsAwayIsNamed() throws Exception {
        String away = "127.0.0.1:" + Ports.free();
        add(
                "publish",
                "first step",
                ROUTE + "- split: {simple: '${body}', steps: [to: 'http://" + away + "/']}");

        assertRefused(
                "A step of the routes after the fetch failed: HttpHostConnectException: Connect to"
                        + " http://"
                        + away);
    }

    @Test
    void aRecordThatIsStillAPointIsRefused() throws Exception {
        add("records", "in place of record-value", RECORD + "- stop: {}");

        assertRefused("After a step of the routes a record has no ");
    }

    @Test
    void theEndOfARecordsStepsIsNotThatOfItsWindow() throws Exception {
        add("records", "last step", RECORD + "- stop: {}");

        fixture.scrapeAll();
        fixture.assertPublished("lkc-aaa 0");
    }

    /** What a server that answers 204 leaves as the body. */
    @Test
    void anEmptyAnswerInPlaceOfTheRecordsIsRefused() throws Exception {
        add(
                "records",
                "last step",
                ROUTE
                        + "- setBody: {constant: ''}\n"
                        + ROUTE
                        + "- convertBodyTo: {type: 'byte[]'}");

        assertRefused("A step of the routes took records out after they were made, or ");
    }

    /** What a server answers that has nothing to say. */
    @Test
    void anEmptyListInPlaceOfTheRecordsIsRefused() throws Exception {
        add("records", "last step", ROUTE + "- setBody: {simple: '${list()}'}");

        assertRefused("A step of the routes took records out after they were made, or ");
    }

    @Test
    void recordsThatAreTakenOutAfterTheyWereCountedAreMissed() throws Exception {
        add("publish", "first step", ROUTE + "- setBody: {simple: '${list()}'}");

        assertRefused("A step of the routes took records out after they were made, or ");
    }

    @Test
    void routesWithoutAStepForKafkaAreCalledThat() throws Exception {
        String publish = Files.readString(PACKAGED);
        Files.writeString(
                directory.resolve("publish.camel.yaml"),
                publish.substring(0, publish.lastIndexOf("        - to:"))
                        + "        - to: log:dry-run\n");

        assertThat(fixture.scrape().getFailures())
                .singleElement()
                .satisfies(it -> assertThat(it.reason()).contains("no step that sends to Kafka"));
    }

    @Test
    void aWindowThatEndsUnpublishedFails() throws Exception {
        add("publish", "first step", ROUTE + "- stop: {}");

        assertRefused("A step of the routes ended the window before it was published: ");
    }

    private void add(String route, String place, String steps) throws Exception {
        new Recipe(route + ".camel.yaml", place, steps + "\n").into(directory);
    }

    /** Disables a step of the route publish, as Kaoto does. */
    private void disable(String id) throws Exception {
        Files.writeString(
                directory.resolve("publish.camel.yaml"),
                Files.readString(PACKAGED)
                        .replace("id: " + id, "id: " + id + "\n                  disabled: true"));
    }

    private void assertRefused(String why) throws Exception {
        Scrape scrape = fixture.scrape();
        assertThat(scrape.getFailures()).hasSize(3).allMatch(it -> it.reason().startsWith(why));
        assertThat(fixture.consumed()).isEmpty();
        fixture.restart();
        for (String route : new String[] {"records", "publish"}) {
            Files.deleteIfExists(directory.resolve(route + ".camel.yaml"));
        }
        fixture.scrapeAll();
        fixture.assertPublished("lkc-aaa 0");
    }
}
