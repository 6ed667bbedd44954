package io.scrapingagent.chaos;

import io.scrapingagent.Agent;
import io.scrapingagent.TestSettings;
import io.scrapingagent.config.Settings;
import io.scrapingagent.scrape.Scrape;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The agent as a process whose time a test steers. It scrapes again and again instead of once an
 * hour, and stops when its standard input ends: the test closed it, or is no more.
 */
public final class ChaosAgent {

    /** Begins a line that ends with the last hour up to which no gap is left. */
    static final String CAUGHT_UP = "caught up to ";

    /** The property of the pause between two scrapes, in ms. */
    static final String PAUSE = "chaos.pause.ms";

    private static final long PAUSE_MS = Long.getLong(PAUSE, 10);

    private ChaosAgent() {}

    /**
     * Runs the agent.
     *
     * @param arguments the clock's file
     */
    public static void main(String[] arguments) throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        Thread input = new Thread(() -> awaitEnd(stop), "input");
        input.setDaemon(true);
        input.start();
        Settings settings = TestSettings.of(System.getenv());
        Clock clock = new SteeredClock(Path.of(arguments[0]));
        try (Agent agent = new Agent(settings, clock, false, Map.of())) {
            agent.start();
            do {
                Scrape scrape = agent.scrape();
                if (scrape.getFailures().isEmpty()) {
                    System.out.println(CAUGHT_UP + scrape.getLastDue());
                }
            } while (!stop.await(PAUSE_MS, TimeUnit.MILLISECONDS));
        }
    }

    private static void awaitEnd(CountDownLatch stop) {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
            stop.countDown();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
