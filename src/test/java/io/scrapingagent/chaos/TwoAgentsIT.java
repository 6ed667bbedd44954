package io.scrapingagent.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.process.JavaProcess;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Two agents with the same settings: one publishes, the other says so and stops scraping. */
class TwoAgentsIT {

    private static final String ANOTHER = "Another agent";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static EmbeddedKafka kafka;

    private final World world;

    TwoAgentsIT(TestInfo test) throws Exception {
        world =
                new World(
                        "two-agents-" + test.getTestMethod().orElseThrow().getName(),
                        kafka.bootstrapServers(),
                        MetricsApiSimulator.builder()
                                .withoutRateLimit()
                                .cluster("lkc-aaa", 60, 30)
                                .cluster("lkc-bbb", 4, 3),
                        "lkc-aaa",
                        "lkc-bbb");
    }

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.builder().start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void startedAtTheSameTime() throws Exception {
        List<JavaProcess> agents = List.of(world.startAgent(), world.startAgent());

        await().atMost(LIMIT).until(() -> agents.stream().filter(this::gaveUp).count() == 1);
        letHoursPass();
        assertThat(agents).filteredOn(this::gaveUp).hasSize(1);
        agents.stream().filter(this::gaveUp).forEach(this::assertScrapesNoMore);
    }

    /** As when a machine is suspended, or a pod's node is cut off and comes back. */
    @Test
    void theFirstStandsStillInATransactionAndComesBack() throws Exception {
        JavaProcess first = world.startAgent();
        world.awaitCaughtUp();
        first.forgetLines();
        world.hourPasses();
        first.awaitLine("Sending message");
        first.suspend();
        JavaProcess second = world.startAgent();
        world.awaitCaughtUp();

        first.resume();

        first.awaitLine(ANOTHER);
        letHoursPass();
        assertThat(gaveUp(second)).isFalse();
        assertScrapesNoMore(first);
    }

    private void letHoursPass() {
        for (int i = 0; i < 5; i++) {
            world.hourPasses();
            world.awaitCaughtUp();
        }
        world.assertTruth();
    }

    private boolean gaveUp(JavaProcess agent) {
        return agent.output().stream().anyMatch(line -> line.contains(ANOTHER));
    }

    private void assertScrapesNoMore(JavaProcess agent) {
        List<String> lines = agent.output();
        int gaveUp =
                lines.indexOf(
                        lines.stream()
                                .filter(line -> line.contains("Scrape failed: " + ANOTHER))
                                .findFirst()
                                .orElseThrow());
        assertThat(lines.subList(gaveUp, lines.size()))
                .filteredOn(line -> line.contains("Scrape finished"))
                .isNotEmpty()
                .allMatch(line -> line.contains(" 0 requests"));
    }
}
