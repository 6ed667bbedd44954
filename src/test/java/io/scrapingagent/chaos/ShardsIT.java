package io.scrapingagent.chaos;

import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.process.JavaProcess;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Every record is in the topic once, whichever shard is killed and however many there are. Each
 * round kills one of them; then their number changes from five to three, or back, while those of
 * the former layout run on. Too long for the suite, where {@code SharedTopicTest} changes the
 * number between agents of one process.
 */
@EnabledIfSystemProperty(named = "chaos.rounds", matches = "\\d+")
class ShardsIT {

    private static final int ROUNDS_PER_LAYOUT = 5;
    private static final String[] CLUSTERS =
            IntStream.range(0, 15).mapToObj(it -> "lkc-" + it).toArray(String[]::new);

    private final Chaos chaos = Chaos.of(ShardsIT.class);
    private final List<JavaProcess> shards = new ArrayList<>();

    @Test
    void shardsThatAreKilledAndCountedAnewLoseAndDoubleNothing() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start();
                World world =
                        new World(
                                "shards",
                                kafka.bootstrapServers(),
                                MetricsApiSimulator.of(CLUSTERS, 4, 3))) {
            changeTo(5, world);
            // before its first commit a shard's first hour is the one that is due when it starts
            world.awaitLedger();
            PassingHours.rounds(
                    world,
                    Duration.ofSeconds(1),
                    chaos.rounds(),
                    ROUNDS_PER_LAYOUT,
                    round -> {
                        killOne(world);
                        if (round % ROUNDS_PER_LAYOUT == 0) {
                            changeTo(shards.size() == 5 ? 3 : 5, world);
                        }
                    },
                    round -> {
                        world.awaitLedger();
                        world.assertTruth();
                    });
        }
    }

    private void killOne(World world) throws InterruptedException {
        int one = chaos.between(0, shards.size() - 1);
        shards.get(one).kill();
        JavaProcess successor = start(one, shards.size(), world);
        shards.set(one, successor);
        chaos.oneOf(Aim.ANY_TIME, Aim.FIRST_STEPS, Aim.CAUGHT_UP).await(successor, chaos);
    }

    /** Each new one is started while some of the former layout still run, as a rollout does. */
    private void changeTo(int count, World world) throws InterruptedException {
        List<JavaProcess> former = List.copyOf(shards);
        shards.clear();
        for (int i = 0; i < count; i++) {
            shards.add(start(i, count, world));
            if (i < former.size()) {
                shards.get(i).run(chaos.millis(0, 3000));
                former.get(i).kill();
            }
        }
        for (JavaProcess left : former) {
            left.kill();
        }
    }

    private static JavaProcess start(int index, int count, World world) {
        return world.startAgent(
                Map.of("AGENT_SHARD", (index + 1) + "/" + count),
                // so that five of them leave each other some of the processor
                "-D" + ChaosAgent.PAUSE + "=300");
    }
}
