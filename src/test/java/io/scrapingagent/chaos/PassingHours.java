package io.scrapingagent.chaos;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Lets hours pass in a world, one after another, as long as it is not too far behind: what the API
 * no longer keeps is lost, and that is not what these tests are about.
 */
final class PassingHours implements AutoCloseable {

    private static final int MOST_BEHIND = 30;

    private final World world;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();
    private boolean stopped;

    PassingHours(World world, Duration pace) {
        this.world = world;
        ticker.scheduleWithFixedDelay(
                this::tick, pace.toMillis(), pace.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Stops the time: no hour passes after this returns. */
    synchronized void stop() {
        stopped = true;
    }

    synchronized void goOn() {
        stopped = false;
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
