package io.scrapingagent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import io.scrapingagent.simulator.RequestMatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code java -jar confluent-scraping-agent.jar backfill}. */
class BackfillIT {

    private static final int USAGE = 2;
    private static final int TERMINATED = 143;

    @RegisterExtension
    private final ProcessFixture fixture =
            new ProcessFixture(
                    MetricsApiSimulator.builder()
                            .withoutRateLimit()
                            .cluster("lkc-aaa", 5, 4)
                            .cluster("lkc-bbb", 3, 3),
                    "lkc-aaa,lkc-bbb");

    private final Instant lastDue = fixture.settle();

    @Test
    void fetchesTheHoursOnceAndSaysSo() throws Exception {
        AgentProcess first = backfill(hoursBefore(5), lastDue);

        assertThat(first.exitCode()).isZero();
        fixture.assertConsumed(truth(hoursBefore(5), 6, "lkc-aaa", "lkc-bbb"));
        assertThat(progress(first)).isEqualTo(progressOf(1, 6));
        assertThat(first.stackTraces()).isEmpty();
        int records = fixture.consumed().size();
        fixture.simulator().forgetRequests();

        AgentProcess second = backfill(hoursBefore(5), lastDue);

        assertThat(second.exitCode()).isZero();
        assertThat(fixture.consumed()).hasSize(records);
        assertThat(fixture.simulator().requests()).isEmpty();
        assertThat(progress(second))
                .containsExactly(
                        "Nothing to fetch: the ledger has all hours from %s to %s"
                                .formatted(hoursBefore(5), lastDue));
    }

    @Test
    void goesOnWhereItWasStopped() throws Exception {
        RequestMatcher hanging = window(ExpectedRecord.RESPONSE_BYTES, hoursBefore(1));
        fixture.environment("CAMEL_MAIN_SHUTDOWN_TIMEOUT", "1")
                .simulator()
                .answerAlways(hanging, Misbehaviour.hang());
        AgentProcess stopped = backfill(hoursBefore(5), lastDue);
        stopped.awaitLine(progressOf(3, 3).get(0));
        await().until(() -> fixture.simulator().requests().stream().anyMatch(hanging));

        stopped.terminate();
        assertThat(stopped.exitCode()).isEqualTo(TERMINATED);
        assertThat(stopped.stackTraces()).isEmpty();
        stopped.awaitLine("Stopped before the scrape ended");
        fixture.simulator().behave();

        AgentProcess again = backfill(hoursBefore(5), lastDue);

        assertThat(again.exitCode()).isZero();
        fixture.assertConsumed(truth(hoursBefore(5), 6, "lkc-aaa", "lkc-bbb"));
        assertThat(progress(again)).endsWith(progressOf(6, 6).get(0));
    }

    @Test
    void fetchesOneClusterAlone() throws Exception {
        AgentProcess backfill =
                backfill(hoursBefore(1), lastDue, "--cluster", "lkc-bbb", "--cluster", "lkc-bbb");

        assertThat(backfill.exitCode()).isZero();
        assertThat(backfill.awaitLine("Scrape started")).endsWith(", 1 cluster");
        fixture.assertConsumed(truth(hoursBefore(1), 2, "lkc-bbb"));

        AgentProcess unknown = backfill(hoursBefore(1), lastDue, "--cluster", "lkc-ccc");

        assertThat(unknown.exitCode()).isEqualTo(USAGE);
        assertThat(unknown.output())
                .containsExactly(
                        "--cluster=lkc-ccc: allowed are those of CONFLUENT_METRICS_CLUSTER_ID_LIST,"
                                + " lkc-aaa,lkc-bbb");
    }

    @Test
    void endsWithTheLastDueHour() throws Exception {
        Instant future = lastDue.plus(Duration.ofHours(30));

        AgentProcess backfill = backfill(hoursBefore(1), future);

        assertThat(backfill.exitCode()).isZero();
        fixture.assertConsumed(truth(hoursBefore(1), 2, "lkc-aaa", "lkc-bbb"));
        assertThat(backfill.output().get(0))
                .contains(" WARN ")
                .endsWith("--to=%s: not due yet; ends with %s".formatted(future, lastDue));

        AgentProcess beyond = backfill(lastDue.plus(Duration.ofHours(1)), future);

        assertThat(beyond.exitCode()).isEqualTo(USAGE);
        assertThat(beyond.output())
                .singleElement()
                .asString()
                .startsWith("--from=" + lastDue.plus(Duration.ofHours(1)))
                .endsWith(" to %s, the earlier first".formatted(lastDue));
    }

    @Test
    void beginsWithTheFirstHourThatTheApiHas() throws Exception {
        // the simulator keeps more, so that the next hour may begin meanwhile
        fixture.environment("METRICS_API_RETENTION_HOURS", "30");

        AgentProcess backfill = backfill(hoursBefore(40), hoursBefore(26));

        assertThat(backfill.exitCode()).isZero();
        String said =
                "--from=%s: not available any more, the Metrics API keeps 30 hours; begins with "
                        .formatted(hoursBefore(40));
        String line = backfill.output().get(0);
        assertThat(line).contains(" WARN ", said);
        Instant first = Instant.parse(line.substring(line.indexOf(said) + said.length()));
        assertThat(first).isBetween(hoursBefore(29), hoursBefore(26));
        int hours = (int) Duration.between(first, hoursBefore(25)).toHours();
        fixture.assertConsumed(truth(first, hours, "lkc-aaa", "lkc-bbb"));
    }

    @Test
    void refusesHoursOfWhichTheApiHasNone() throws Exception {
        AgentProcess tooOld = backfill(hoursBefore(200), hoursBefore(190));

        assertThat(tooOld.exitCode()).isEqualTo(USAGE);
        assertThat(tooOld.output())
                .singleElement()
                .asString()
                .startsWith("--from=%s --to=%s".formatted(hoursBefore(200), hoursBefore(190)))
                .contains(": allowed are hours from ");
        assertThat(fixture.consumed()).isEmpty();
    }

    private static RequestMatcher window(String metric, Instant end) {
        return RequestMatcher.cluster("lkc-aaa")
                .and(RequestMatcher.metric(metric))
                .and(request -> request.interval().endsWith("/" + end));
    }

    private AgentProcess backfill(Instant from, Instant to, String... more) throws Exception {
        List<String> arguments =
                new ArrayList<>(
                        List.of("backfill", "--from", from.toString(), "--to", to.toString()));
        arguments.addAll(List.of(more));
        return fixture.start(arguments.toArray(String[]::new));
    }

    /** The lines that are not the log's. */
    private static List<String> progress(AgentProcess backfill) {
        return backfill.output().stream()
                .filter(line -> !line.matches("\\S+ (INFO|WARN|ERROR) .*"))
                .toList();
    }

    private List<String> progressOf(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(it -> "%s: %d of 6 hours".formatted(hoursBefore(6 - it), it))
                .toList();
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
