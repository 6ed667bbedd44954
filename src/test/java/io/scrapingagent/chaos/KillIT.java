package io.scrapingagent.chaos;

import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.process.JavaProcess;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every record is in the topic once, however often the agent is killed: {@code mvn -Pchaos} kills
 * it 200 times.
 */
class KillIT {

    private static final Logger LOG = LoggerFactory.getLogger(KillIT.class);

    private static final int ROUNDS_PER_CHECK = 10;

    private final Chaos chaos = Chaos.of(KillIT.class);

    @Test
    void killedAgentsLoseAndDoubleNothing() throws Exception {
        kill("kill", chaos.rounds(), "exactly-once", World::assertTruth);
    }

    @Test
    void killedAgentsLoseNothingAtLeastOnce() throws Exception {
        kill("kill-at-least-once", chaos.rounds() / 2, "at-least-once", World::assertNothingLost);
    }

    private void kill(String topic, int rounds, String delivery, Consumer<World> check)
            throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start();
                World world =
                        new World(
                                topic,
                                kafka.bootstrapServers(),
                                MetricsApiSimulator.of("lkc-small", 4, 3)
                                        .cluster("lkc-idle", 0, 0)
                                        .cluster("lkc-large", 60, 30))) {
            world.environment("METRICS_DELIVERY", delivery);
            JavaProcess first = world.startAgent();
            // before its first commit an agent's first hour is the one that is due when it starts
            first.awaitLine(ChaosAgent.CAUGHT_UP);
            first.kill();
            PassingHours.rounds(
                    world,
                    Duration.ofMillis(400),
                    rounds,
                    ROUNDS_PER_CHECK,
                    round -> killOnce(world, round),
                    round -> {
                        JavaProcess last = world.startAgent();
                        world.awaitCaughtUp();
                        last.stop();
                        check.accept(world);
                    });
        }
    }

    private void killOnce(World world, int round) throws InterruptedException {
        world.environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", chaos.oneOf("1", "2", "50"))
                .environment("METRICS_PARALLEL_REQUESTS", chaos.oneOf("1", "2", "4"));
        Aim aim = chaos.oneOf(Aim.values());
        JavaProcess agent = world.startAgent();
        aim.await(agent, chaos);
        agent.kill();
        LOG.info(
                "Round {}: killed at {} after {} lines, {} hours behind",
                round,
                aim,
                agent.output().size(),
                world.hoursBehind());
    }
}
