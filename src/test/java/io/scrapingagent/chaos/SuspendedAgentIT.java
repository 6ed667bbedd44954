package io.scrapingagent.chaos;

import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An agent that stood still in a transaction, until the broker ended it, goes on by itself. */
class SuspendedAgentIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** The broker looks for transactions that take too long every ten seconds. */
    private static final Duration LONGER_THAN_A_TRANSACTION = Duration.ofSeconds(14);

    @Test
    void goesOnWhenItsTransactionWasEnded() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start();
                World world =
                        new World(
                                "suspended",
                                kafka.bootstrapServers(),
                                MetricsApiSimulator.builder()
                                        .withoutRateLimit()
                                        .cluster("lkc-aaa", 60, 30),
                                "lkc-aaa")) {
            world.environment("KAFKA_TRANSACTION_TIMEOUT_MS", "1000");
            JavaProcess agent = world.startAgent();
            world.awaitCaughtUp();
            agent.forgetLines();
            world.hourPasses();
            // the records are sent and acknowledged, the ledger's entries not
            agent.awaitLine(
                    line -> line.contains("Using existing kafka transaction"),
                    "a transaction",
                    LIMIT);
            agent.suspend();
            agent.run(LONGER_THAN_A_TRANSACTION);
            world.hourPasses();

            agent.resume();

            agent.awaitLine(line -> line.contains("Query failed"), "the end of it", LIMIT);
            world.awaitCaughtUp();
            world.assertTruth();
        }
    }
}
