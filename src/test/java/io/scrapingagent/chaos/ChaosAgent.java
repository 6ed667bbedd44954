package io.scrapingagent.chaos;

import io.scrapingagent.Agent;
import io.scrapingagent.TestSettings;
import io.scrapingagent.config.InvalidSettingsException;
import io.scrapingagent.scrape.Scrape;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The agent as a process whose time a test steers. It scrapes again and again instead of once an
 * hour, and stops when its standard input ends: the test closed it, or is no more.
 */
public final class ChaosAgent {

    /** Begins a line that ends with the last hour up to which no gap is left. */
    static final String CAUGHT_UP = "caught up to ";

    /** Begins the names of system properties that are properties of the agent. */
    static final String PROPERTY = "chaos.agent.";

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
        try (Agent agent =
                agent(
                        System.getenv(),
                        properties(),
                        new SteeredClock(Path.of(arguments[0])),
                        false)) {
            agent.start();
            do {
                Scrape scrape = agent.scrape();
                if (scrape.getFailures().isEmpty()) {
                    System.out.println(CAUGHT_UP + scrape.getLastDue());
                }
            } while (!stop.await(PAUSE_MS, TimeUnit.MILLISECONDS));
        }
    }

    /** Makes an agent of an environment, and of properties that win over it. */
    static Agent agent(
            Map<String, String> environment,
            Map<String, String> properties,
            Clock clock,
            boolean scheduled)
            throws InvalidSettingsException {
        return new Agent(TestSettings.of(environment), clock, scheduled, properties);
    }

    private static Map<String, String> properties() {
        return System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PROPERTY))
                .collect(
                        Collectors.toMap(
                                name -> name.substring(PROPERTY.length()), System::getProperty));
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
