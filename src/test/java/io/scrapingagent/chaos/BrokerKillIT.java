package io.scrapingagent.chaos;

import io.scrapingagent.process.JavaProcess;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every record is in the topic once, however often the broker is killed, stopped or stands still;
 * the agent is never restarted.
 */
class BrokerKillIT {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerKillIT.class);
    private static final Duration MOMENT = Duration.ofSeconds(20);
    private static final int ROUNDS_PER_CHECK = 5;

    private final Chaos chaos = Chaos.of(BrokerKillIT.class);
    @TempDir private Path directory;

    /** What happens to the broker. */
    private enum Outage {
        KILLED,
        STOPPED,
        STANDING_STILL
    }

    @Test
    void outagesLoseAndDoubleNothing() throws Exception {
        Path log = Files.createDirectories(Path.of("target", "chaos")).resolve("broker.log");
        try (BrokerProcess broker = new BrokerProcess(directory.resolve("data"), log);
                World world = world(broker)) {
            JavaProcess agent = world.startAgent();
            agent.awaitLine(ChaosAgent.CAUGHT_UP);
            PassingHours.rounds(
                    world,
                    Duration.ofMillis(400),
                    chaos.rounds(),
                    ROUNDS_PER_CHECK,
                    round -> disturb(broker, agent, round),
                    round -> world.awaitTruth());
        }
    }

    private static World world(BrokerProcess broker) throws Exception {
        return new World(
                        "broker",
                        broker.bootstrapServers(),
                        MetricsApiSimulator.of("lkc-small", 4, 3).cluster("lkc-large", 60, 30))
                .environment("KAFKA_MAX_BLOCK_MS", "2000")
                .environment("KAFKA_REQUEST_TIMEOUT_MS", "1000")
                .environment("KAFKA_DELIVERY_TIMEOUT_MS", "2000")
                .environment("KAFKA_TRANSACTION_TIMEOUT_MS", "4000")
                .environment("KAFKA_RECONNECT_BACKOFF_MAX_MS", "200");
    }

    private void disturb(BrokerProcess broker, JavaProcess agent, int round) throws Exception {
        awaitMoment(agent);
        Outage outage = chaos.oneOf(Outage.values());
        Duration length = chaos.millis(0, 6000);
        switch (outage) {
            case KILLED -> broker.process().kill();
            case STOPPED -> broker.process().stop();
            case STANDING_STILL -> broker.process().suspend();
        }
        agent.run(length);
        if (outage == Outage.STANDING_STILL) {
            broker.process().resume();
        } else {
            broker.start();
        }
        LOG.info("Round {}: broker {} for {} ms or more", round, outage, length.toMillis());
    }

    private void awaitMoment(JavaProcess agent) throws InterruptedException {
        agent.forgetLines();
        Predicate<String> commit = line -> line.contains("Commit kafka transaction");
        Predicate<String> sending = line -> line.contains("Sending message to topic");
        switch (chaos.between(0, 2)) {
            case 0 -> agent.run(chaos.millis(0, 3000));
            case 1 -> agent.awaitLines(commit, chaos.between(1, 10), MOMENT);
            default -> agent.awaitLines(sending, chaos.between(1, 500), MOMENT);
        }
    }
}
