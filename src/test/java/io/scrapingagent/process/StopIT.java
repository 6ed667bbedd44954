package io.scrapingagent.process;

import static io.scrapingagent.simulator.Misbehaviour.closeConnection;
import static io.scrapingagent.simulator.Misbehaviour.hang;
import static io.scrapingagent.simulator.Misbehaviour.tooManyRequests;
import static io.scrapingagent.simulator.RequestMatcher.firstPage;
import static io.scrapingagent.simulator.RequestMatcher.laterPage;
import static io.scrapingagent.simulator.RequestMatcher.metric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import io.scrapingagent.simulator.RequestMatcher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIGTERM: the window in hand is finished or left out as a whole, and the process ends soon. */
class StopIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** What a JVM that was ended by SIGTERM returns: 128 and the signal's number. */
    private static final int TERMINATED = 143;

    private static final String CLUSTER = "lkc-aaa";
    private static final RequestMatcher REQUEST_BYTES = metric(ExpectedRecord.REQUEST_BYTES);

    private final List<ProcessFixture> fixtures = new ArrayList<>();

    @AfterEach
    void end() throws IOException {
        for (ProcessFixture fixture : fixtures) {
            fixture.close();
        }
    }

    /** All at once, because each may take all of the time, which is 20 seconds by default. */
    @Test
    void endsInTimeWhateverTheApiDoes() throws Exception {
        List<Misbehaviour> misbehaviours =
                List.of(hang(), tooManyRequests(Duration.ofMinutes(10)), closeConnection());
        List<AgentProcess> agents = new ArrayList<>();
        for (Misbehaviour misbehaviour : misbehaviours) {
            ProcessFixture fixture = fixture(Duration.ZERO);
            fixture.simulator().answerAlways(REQUEST_BYTES.and(laterPage()), misbehaviour);
            agents.add(fixture.environment("CAMEL_MAIN_SHUTDOWN_TIMEOUT", "2").start());
        }
        for (ProcessFixture fixture : fixtures) {
            awaitRequest(fixture, laterPage());
        }
        ProcessFixture paced = fixture(Duration.ZERO);
        AgentProcess once =
                paced.environment("CAMEL_MAIN_SHUTDOWN_TIMEOUT", "2")
                        .environment("CONFLUENT_METRICS_REQUESTS_PER_MINUTE", "1")
                        .start("once");
        agents.add(once);
        awaitRequest(paced, firstPage());

        agents.forEach(AgentProcess::terminate);

        for (AgentProcess agent : agents) {
            assertThat(agent.exitCode(LIMIT)).isEqualTo(TERMINATED);
            assertThat(agent.stackTraces()).isEmpty();
            assertThat(agent.output())
                    .noneMatch(line -> line.contains("Redelivery not allowed"))
                    .noneMatch(line -> line.matches(".* Default\\w+ - .*"));
        }
        assertThat(once.output())
                .filteredOn(line -> line.endsWith("Stopped before the scrape ended"))
                .hasSize(1);
        for (ProcessFixture fixture : fixtures) {
            // the other windows go on while this one waits
            assertThat(fixture.consumed())
                    .noneMatch(record -> record.key().contains("_request_bytes:"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "once"})
    void finishesTheWindowInHandAndBeginsNoOther(String command) throws Exception {
        ProcessFixture fixture = fixture(Duration.ofSeconds(1));
        AgentProcess agent = command.isEmpty() ? fixture.start() : fixture.start(command);
        awaitRequest(fixture, firstPage());

        agent.terminate();

        assertThat(agent.exitCode(LIMIT)).isEqualTo(TERMINATED);
        fixture.assertConsumed(
                ExpectedRecord.ofQuery(
                        fixture.simulator(),
                        ProcessFixture.hour(agent),
                        CLUSTER,
                        ExpectedRecord.REQUEST_BYTES));
        assertThat(agent.stackTraces()).isEmpty();
        assertThat(fixture.simulator().requests()).hasSize(2).allMatch(REQUEST_BYTES);
    }

    private ProcessFixture fixture(Duration latency) {
        ProcessFixture fixture =
                new ProcessFixture(MetricsApiSimulator.of(CLUSTER, 1200, 3).latency(latency));
        // one window in hand
        fixture.environment("METRICS_PARALLEL_REQUESTS", "1");
        fixtures.add(fixture);
        return fixture;
    }

    private static void awaitRequest(ProcessFixture fixture, RequestMatcher matcher) {
        // three agents start at once, on whatever machine
        await().atMost(Duration.ofMinutes(2))
                .until(() -> fixture.simulator().requests().stream().anyMatch(matcher));
    }
}
