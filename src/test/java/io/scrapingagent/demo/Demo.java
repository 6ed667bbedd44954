package io.scrapingagent.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.scrapingagent.Agent;
import io.scrapingagent.config.Settings;
import io.scrapingagent.ledger.Hours;
import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.routes.TruthCheck;
import io.scrapingagent.scrape.Scrape;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.LoggerFactory;

/**
 * The agent at work with nothing installed: the real routes between a simulated Metrics API and a
 * real broker, both in this JVM.
 *
 * <p>It scrapes at once, tells what came of it and stays on schedule until Ctrl-C. With {@code
 * -Ddemo.once=true} it ends after the first scrape, with exit code 1 if a query failed or a
 * consumer did not read what the simulator holds.
 */
public final class Demo implements AutoCloseable {

    private static final String ONCE = "demo.once";

    private final Surroundings surroundings;
    private final Settings settings;
    private final Agent agent;
    private final Clock clock;
    private final Hours hours;

    private Demo(Clock clock, boolean scheduled) throws Exception {
        this.clock = clock;
        surroundings = Surroundings.start(clock);
        settings = surroundings.settings();
        hours =
                new Hours(
                        clock, Duration.ofMinutes(settings.minuteToScrapeAt()), Duration.ofDays(7));
        // the demo asks for the first scrape itself, to tell what came of it
        agent = new Agent(settings, clock, scheduled, Map.of("agent.catch.up.delay.ms", "600000"));
    }

    /** Runs the demo; ends the process, with exit code 0 or 1, if it was asked to run once. */
    public static void main(String[] arguments) throws Exception {
        boolean once = Boolean.getBoolean(ONCE);
        quieten();
        try {
            Demo demo = new Demo(Clock.systemUTC(), !once);
            // Ctrl-C and the end of a single run take the same way out
            Runtime.getRuntime().addShutdownHook(new Thread(demo::close, "end-of-demo"));
            boolean good = demo.scrape(once);
            if (once) {
                System.exit(good ? 0 : 1);
            }
        } catch (Exception e) {
            System.err.println("The demo failed: " + e);
            System.exit(1);
        }
        Thread.currentThread().join();
    }

    /** Keeps the broker out of the agent's log, where no broker would be in production. */
    static void quieten() {
        for (String name : List.of("kafka", "org.apache.kafka", "state.change.logger")) {
            ((Logger) LoggerFactory.getLogger(name)).setLevel(Level.ERROR);
        }
    }

    private boolean scrape(boolean once) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Account account = new Account(out, settings, surroundings);
        account.introduce();
        agent.start();
        Scrape scrape = agent.scrape();
        long hour = scrape.getLastDue().toEpochMilli();
        List<ConsumerRecord<String, String>> read =
                surroundings.read().stream().filter(it -> it.timestamp() == hour).toList();
        List<String> differences =
                TruthCheck.differences(
                        surroundings.truth(scrape.getLastDue()), ExpectedRecord.of(read));
        account.tell(scrape, read, differences);
        if (!once) {
            account.lookAhead(clock.instant(), hours.nextDue());
        }
        return scrape.getFailures().isEmpty() && !read.isEmpty() && differences.isEmpty();
    }

    /** Stops the agent, then what it talked to. */
    @Override
    public void close() {
        agent.close();
        surroundings.close();
    }
}
