package io.scrapingagent.chaos;

import java.time.Duration;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens at random, from a seed that is printed: {@code -Dchaos.seed=…} gives the same plan
 * again, though processes and networks never keep the same time. {@code -Dchaos.rounds=…} says how
 * often.
 */
final class Chaos {

    private static final Logger LOG = LoggerFactory.getLogger(Chaos.class);
    private static final int ROUNDS = 2;

    private final Random random;
    private final int rounds;

    private Chaos(Random random, int rounds) {
        this.random = random;
        this.rounds = rounds;
    }

    /** Prints seed and rounds. */
    static Chaos of(Class<?> test) {
        long seed = Long.getLong("chaos.seed", new Random().nextInt(1_000_000));
        int rounds = Integer.getInteger("chaos.rounds", ROUNDS);
        LOG.info("{}: -Dchaos.rounds={} -Dchaos.seed={}", test.getSimpleName(), rounds, seed);
        return new Chaos(new Random(seed), rounds);
    }

    Random random() {
        return random;
    }

    int rounds() {
        return rounds;
    }

    /** Returns a whole number of these bounds, which are included. */
    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    /** Returns some milliseconds. */
    Duration millis(int least, int most) {
        return Duration.ofMillis(between(least, most));
    }

    @SafeVarargs
    final <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
