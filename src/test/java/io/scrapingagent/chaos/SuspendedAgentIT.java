package io.scrapingagent.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.Agent;
import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.process.JavaProcess;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that stood still in a transaction, until the broker ended it, goes on by itself. */
class SuspendedAgentIT {

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

    @TempDir private Path routes;

    @Test
    void goesOnWhenItsTransactionWasEnded() throws Exception {
        lingerInTransactions();
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start();
                World world =
                        new World(
                                "suspended",
                                kafka.bootstrapServers(),
                                MetricsApiSimulator.builder()
                                        .withoutRateLimit()
                                        .cluster("lkc-aaa", 60, 30),
                                "lkc-aaa")) {
            world.environment("KAFKA_TRANSACTION_TIMEOUT_MS", TRANSACTION_MS);
            world.environment("AGENT_ROUTES_DIR", routes.toString());
            JavaProcess agent = world.startAgent();
            agent.awaitLine(IN_TRANSACTION);
            agent.suspend();
            world.awaitNoOpenTransaction();
            world.hourPasses();

            agent.resume();

            agent.awaitLine("Query failed");
            world.awaitCaughtUp();
            world.assertTruth();
        }
    }

    private void lingerInTransactions() throws IOException {
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
