package io.scrapingagent.chaos;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets hours pass in a world, one after another, as long as it is not too far behind: what the API
 * no longer keeps is lost, and that is not what these tests are about.
 */
final class PassingHours implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PassingHours.class);
    private static final int MOST_BEHIND = 30;

    private final World world;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();
    private boolean stopped;

    /** What happens in a round. */
    interface Step {
        void run(int round) throws Exception;
    }

    private PassingHours(World world, Duration pace) {
        this.world = world;
        ticker.scheduleWithFixedDelay(
                this::tick, pace.toMillis(), pace.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Runs rounds while hours pass.
     *
     * @param perCheck after so many rounds, and after the last, time stands still for a check, so
     *     that a failure is found near its cause
     */
    static void rounds(
            World world, Duration pace, int rounds, int perCheck, Step disturbance, Step check)
            throws Exception {
        try (PassingHours hours = new PassingHours(world, pace)) {
            for (int round = 1; round <= rounds; round++) {
                disturbance.run(round);
                if (round % perCheck == 0 || round == rounds) {
                    hours.stop(true);
                    check.run(round);
                    LOG.info("Round {}: {} records are right", round, world.truthSize());
                    hours.stop(false);
                }
            }
        }
    }

    /** No hour passes after this returns, until it is told otherwise. */
    private synchronized void stop(boolean stop) {
        stopped = stop;
    }

    private synchronized void tick() {
        if (!stopped && world.hoursBehind() < MOST_BEHIND) {
            world.hourPasses();
        }
    }

    @Override
    public void close() {
        ticker.shutdownNow();
    }
}
