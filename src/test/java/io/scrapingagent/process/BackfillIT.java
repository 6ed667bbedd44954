package io.scrapingagent.process;

import static io.scrapingagent.routes.ExpectedRecord.RESPONSE_BYTES;
import static io.scrapingagent.simulator.Misbehaviour.hang;
import static io.scrapingagent.simulator.RequestMatcher.metric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.RequestMatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** {@code java -jar confluent-scraping-agent.jar backfill}. */
class BackfillIT {

    private static final int USAGE = 2;
    private static final int TERMINATED = 143;

    @AutoClose
    private final ProcessFixture fixture =
            new ProcessFixture(MetricsApiSimulator.of("lkc-aaa", 5, 4).cluster("lkc-bbb", 3, 3));

    private final Instant lastDue = fixture.settle();

    @Test
    void goesOnWhereItWasStoppedAndFetchesNothingTwice() throws Exception {
        RequestMatcher hanging =
                metric(RESPONSE_BYTES)
                        .and(request -> request.interval().endsWith("/" + hoursBefore(1)));
        fixture.environment("CAMEL_MAIN_SHUTDOWN_TIMEOUT", "1")
                .simulator()
                .answerAlways(hanging, hang());
        AgentProcess stopped = fixture.start(backfill(hoursBefore(5), lastDue));
        stopped.awaitLine(progressOf(3));
        await().until(() -> fixture.simulator().requests().stream().anyMatch(hanging));

        stopped.terminate();
        assertThat(stopped.exitCode()).isEqualTo(TERMINATED);
        assertThat(stopped.stackTraces()).isEmpty();
        stopped.awaitLine("Stopped before the scrape ended");
        fixture.simulator().behave();

        // it ends with the last hour that is due
        Instant future = lastDue.plus(Duration.ofHours(30));
        AgentProcess again = fixture.run(0, backfill(hoursBefore(5), future));

        fixture.assertConsumed(truth(hoursBefore(5), 6, "lkc-aaa", "lkc-bbb"));
        assertThat(again.output().get(0))
                .contains(" WARN ")
                .endsWith("--to=%s: not due yet; ends with %s".formatted(future, lastDue));
        assertThat(progress(again)).endsWith(progressOf(6));
        int records = fixture.consumed().size();
        fixture.simulator().forgetRequests();
        // a request for the list is none for an hour
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "auto");

        AgentProcess last = fixture.run(0, backfill(hoursBefore(5), lastDue));

        assertThat(fixture.consumed()).hasSize(records);
        assertThat(fixture.simulator().requests()).allMatch(it -> it.path().contains("discovery"));
        assertThat(progress(last))
                .containsExactly(
                        "Nothing to fetch: the ledger has all hours from %s to %s"
                                .formatted(hoursBefore(5), lastDue));
    }

    @Test
    void fetchesOneClusterFromTheFirstHourThatTheApiHas() throws Exception {
        // the simulator keeps more, so that the next hour may begin meanwhile
        fixture.environment("METRICS_API_RETENTION_HOURS", "30");

        AgentProcess backfill =
                fixture.run(0, backfill(hoursBefore(40), hoursBefore(26), "--cluster", "lkc-bbb"));

        assertThat(backfill.awaitLine("Scrape started")).endsWith(", 1 cluster");
        String said =
                "--from=%s: not available any more, the Metrics API keeps 30 hours; begins with "
                        .formatted(hoursBefore(40));
        String line = backfill.output().get(0);
        assertThat(line).contains(" WARN ", said);
        Instant first = Instant.parse(line.substring(line.indexOf(said) + said.length()));
        assertThat(first).isBetween(hoursBefore(29), hoursBefore(26));
        int hours = (int) Duration.between(first, hoursBefore(25)).toHours();
        fixture.assertConsumed(truth(first, hours, "lkc-bbb"));
    }

    @Test
    void saysThatNothingAsksForACluster() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CONNECTOR_ID_LIST", "lcc-1");

        AgentProcess backfill =
                fixture.run(1, backfill(hoursBefore(1), lastDue, "--cluster", "lcc-1,lkc-bbb"));

        assertThat(backfill.awaitLine("lcc-1: "))
                .contains(" ERROR ")
                .endsWith("--cluster=lcc-1: no step of the routes asks for it");
        assertThat(progress(backfill)).noneMatch(it -> it.startsWith("Nothing to fetch"));
        fixture.assertConsumed(truth(hoursBefore(1), 2, "lkc-bbb"));
    }

    @Test
    void saysThatNoIdIsThisAgents() throws Exception {
        // both ids are in other shards
        fixture.environment("AGENT_SHARD", "1/2");

        AgentProcess backfill = fixture.run(0, backfill(hoursBefore(1), lastDue));

        assertThat(progress(backfill))
                .containsExactly(
                        "Nothing to fetch: no step of the routes asks for an id of this agent");
        assertThat(fixture.simulator().requests()).isEmpty();
    }

    @Test
    void refusesWhatItCannotFetch() throws Exception {
        assertRefused(
                backfill(hoursBefore(200), hoursBefore(190)),
                "--from=%s --to=%s: allowed are hours from "
                        .formatted(hoursBefore(200), hoursBefore(190)));
        Instant future = lastDue.plus(Duration.ofHours(1));
        assertRefused(
                backfill(future, future),
                "--from=%s --to=%s: allowed are hours from ".formatted(future, future));
        assertRefused(
                backfill(hoursBefore(1), lastDue, "--cluster", "lkc-ccc"),
                "--cluster=lkc-ccc: allowed are the ids of CONFLUENT_METRICS_*_ID_LIST that this"
                        + " agent scrapes, lkc-aaa,lkc-bbb");
        assertThat(fixture.simulator().requests()).isEmpty();
    }

    private void assertRefused(String[] arguments, String message) throws Exception {
        assertThat(fixture.run(USAGE, arguments).output())
                .singleElement()
                .asString()
                .startsWith(message);
    }

    private static String[] backfill(Instant from, Instant to, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of("backfill", "--from", from.toString(), "--to", to.toString()));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    /** The lines that are not the log's. */
    private static List<String> progress(AgentProcess backfill) {
        return backfill.output().stream()
                .filter(line -> !line.matches("\\S+ (INFO|WARN|ERROR) .*"))
                .toList();
    }

    private String progressOf(int hour) {
        return "%s: %d of 6 hours".formatted(hoursBefore(6 - hour), hour);
    }

    private Instant hoursBefore(int hours) {
        return lastDue.minus(Duration.ofHours(hours));
    }

    private List<ExpectedRecord> truth(Instant first, int hours, String... clusters) {
        List<ExpectedRecord> truth = new ArrayList<>();
        for (int i = 0; i < hours; i++) {
            truth.addAll(
                    ExpectedRecord.ofHour(
                            fixture.simulator(), first.plus(Duration.ofHours(i)), clusters));
        }
        return truth;
    }
}
