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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every record is in the topic once, whichever shard is killed and however many there are. Each
 * round kills one of them; then their number changes from five to three, or back, while those of
 * the former layout run on. Too long for the suite, where {@code ShardsTest} changes the number
 * between agents of one process.
 */
@EnabledIfSystemProperty(named = "chaos.rounds", matches = "\\d+")
class ShardsIT {

    private static final Logger LOG = LoggerFactory.getLogger(ShardsIT.class);
    private static final int ROUNDS_PER_LAYOUT = 5;
    private static final String[] CLUSTERS =
            IntStream.range(0, 15).mapToObj(it -> "lkc-" + it).toArray(String[]::new);

    private final Chaos chaos = Chaos.of(ShardsIT.class);
    private final List<JavaProcess> shards = new ArrayList<>();

    @Test
    void shardsThatAreKilledAndCountedAnewLoseAndDoubleNothing() throws Exception {
        MetricsApiSimulator.Builder simulator = MetricsApiSimulator.builder().withoutRateLimit();
        for (String cluster : CLUSTERS) {
            simulator.cluster(cluster, 4, 3);
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start();
                World world = new World("shards", kafka.bootstrapServers(), simulator, CLUSTERS)) {
            changeTo(5, world);
            // before its first commit a shard's first hour is the one that is due when it starts
            world.awaitLedger();
            try (PassingHours hours = new PassingHours(world, Duration.ofSeconds(1))) {
                for (int round = 1; round <= chaos.rounds(); round++) {
                    killOne(world);
                    if (round % ROUNDS_PER_LAYOUT == 0 || round == chaos.rounds()) {
                        changeTo(shards.size() == 5 ? 3 : 5, world);
                        hours.stop();
                        world.awaitLedger();
                        world.assertTruth();
                        LOG.info(
                                "Round {}: {} records by {} shards",
                                round,
                                world.truthSize(),
                                shards.size());
                        hours.goOn();
                    }
                }
            }
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
