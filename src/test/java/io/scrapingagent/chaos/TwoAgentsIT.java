package io.scrapingagent.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.Agent;
import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.process.JavaProcess;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two agents with the same settings, and agents that stand still and come back. */
class TwoAgentsIT {

    private static final String ANOTHER = "Another agent";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String TRANSACTION_MS = "3000";
    private static final String IN_TRANSACTION = "in a transaction of retained_bytes";
    private static final String NEXT_ROUTE = "- route:\n    id: kafka\n";

    /** Ends the route of a transaction: one query's stays open for long enough to be met in it. */
    private static final String LINGER =
            """
                    - filter:
                        simple: "${exchangeProperty.window.query.shortName} == 'retained_bytes'"
                        steps:
                          - log:
                              logName: io.scrapingagent.scrape
                              message: "%s"
                          - delay:
                              constant: 2000
            """
                    .formatted(IN_TRANSACTION);

    @AutoClose private static EmbeddedKafka kafka;

    @AutoClose private World world;

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.builder().start();
    }

    @BeforeEach
    void start() throws Exception {
        world =
                new World(
                        TestKafka.uniqueTopic("two-agents"),
                        kafka.bootstrapServers(),
                        MetricsApiSimulator.of("lkc-aaa", 60, 30).cluster("lkc-bbb", 4, 3));
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

    /** Alone: the broker ends its transaction meanwhile. */
    @Test
    void oneThatStoodStillInATransactionGoesOnByItself(@TempDir Path routes) throws Exception {
        lingerInTransactions(routes);
        world.environment("KAFKA_TRANSACTION_TIMEOUT_MS", TRANSACTION_MS);
        world.environment("AGENT_ROUTES_DIR", routes.toString());
        JavaProcess agent = world.startAgent();
        agent.awaitLine(IN_TRANSACTION);
        agent.suspend();
        world.awaitNoOpenTransaction();
        world.hourPasses();

        agent.resume();

        agent.awaitLine("Query failed");
        world.awaitTruth();
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

    private static void lingerInTransactions(Path routes) throws IOException {
        String packaged;
        try (InputStream in = Agent.class.getResourceAsStream("/routes/publish.camel.yaml")) {
            packaged = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(packaged).containsOnlyOnce(NEXT_ROUTE);
        Files.writeString(
                routes.resolve("publish.camel.yaml"),
                packaged.replace(NEXT_ROUTE, LINGER + NEXT_ROUTE));
    }
}
