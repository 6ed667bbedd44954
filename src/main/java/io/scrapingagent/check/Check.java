package io.scrapingagent.check;

import io.scrapingagent.api.Query;
import io.scrapingagent.config.Plural;
import io.scrapingagent.config.Settings;
import io.scrapingagent.scrape.FailureReason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Says whether a configuration will work. It asks the Metrics API and Kafka at once and changes
 * nothing there. What does not answer within some seconds counts as not working.
 */
public final class Check {

    static final String METRICS_API = "Metrics API";
    static final String KAFKA = "Kafka";
    private static final String ROUTES = "Routes";
    private static final String SETTINGS = "Settings";

    private Check() {}

    /** Returns what to say where the settings are wrong: nothing else can be asked then. */
    public static List<Finding> ofWrongSettings(List<String> problems) {
        List<Finding> findings = new ArrayList<>();
        problems.forEach(it -> findings.add(Finding.failed(SETTINGS, it, null)));
        findings.add(Finding.notAsked("All else", "the settings are wrong"));
        return findings;
    }

    /** Returns what the settings themselves say. */
    public static List<Finding> ofSettings(Settings settings) {
        List<Finding> findings = new ArrayList<>();
        findings.add(
                Finding.ok(
                        SETTINGS,
                        "%s to topic %s, %s"
                                .formatted(
                                        resources(settings),
                                        settings.topic(),
                                        settings.delivery())));
        settings.warnings().forEach(it -> findings.add(Finding.warning(SETTINGS, it, null)));
        return findings;
    }

    private static String resources(Settings settings) {
        List<String> resources = new ArrayList<>();
        settings.resources()
                .forEach(
                        (type, list) -> {
                            String what = type.equals(Query.KAFKA) ? "cluster" : type;
                            resources.add(
                                    list.isDiscovered()
                                            ? "each %s that is listed".formatted(what)
                                            : Plural.of(list.ids().size(), what));
                        });
        return String.join(", ", resources);
    }

    /** Returns what to say of the routes' queries. */
    public static Finding ofRoutes(List<Query> queries) {
        return queries.isEmpty()
                ? Finding.failed(
                        ROUTES,
                        "no step is a kamelet:confluent-metrics-query, so nothing is scraped",
                        "see AGENT_ROUTES_DIR, and add one for each metric")
                : Finding.ok(ROUTES, Plural.of(queries.size(), "query"));
    }

    /**
     * Returns what to say where the routes cannot be loaded.
     *
     * @param reason a sentence that says where and why
     */
    public static Finding ofBrokenRoutes(String reason) {
        return Finding.failed(ROUTES, reason, "mend the file, see AGENT_ROUTES_DIR");
    }

    /**
     * Asks the Metrics API and Kafka.
     *
     * @param queries the queries of the routes; none where these could not be loaded
     * @param lastDue the start of the last hour that is due
     * @param patience how long both sides may take to answer
     */
    public static List<Finding> ofBothSides(
            Settings settings,
            List<Query> queries,
            Instant lastDue,
            Clock clock,
            Duration patience) {
        // a side that does not end in time has said some things already
        List<Finding> api = new CopyOnWriteArrayList<>();
        List<Finding> kafka = new CopyOnWriteArrayList<>();
        Runnable askApi =
                () -> {
                    try (ApiRequests requests = new ApiRequests(settings.api(), patience)) {
                        new ApiCheck(settings, queries, lastDue, clock, requests, api).run();
                    }
                };
        Runnable askKafka = () -> new KafkaCheck(settings, patience, kafka).run();
        ExecutorService threads = Executors.newCachedThreadPool(Check::daemon);
        try {
            long end = System.nanoTime() + patience.toNanos();
            Future<?> apiEnds = threads.submit(askApi);
            Future<?> kafkaEnds = threads.submit(askKafka);
            List<Finding> findings = inTime(METRICS_API, api, apiEnds, end, patience);
            findings.addAll(inTime(KAFKA, kafka, kafkaEnds, end, patience));
            return findings;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            // interrupts a side that ran out of time; only now: its findings are copied, so it
            // cannot add its interruption to them
            threads.shutdownNow();
        }
    }

    private static List<Finding> inTime(
            String side, List<Finding> found, Future<?> asked, long end, Duration patience)
            throws InterruptedException {
        try {
            asked.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            // an unexpected exception; as a finding, so that the other side's are still printed
            found.add(Finding.failed(side, FailureReason.of(e)));
        } catch (TimeoutException e) {
            List<Finding> findings = new ArrayList<>(found);
            findings.add(
                    Finding.failed(
                            side,
                            "no answer within %d seconds".formatted(patience.toSeconds()),
                            "check DNS, network and firewall, and check again"));
            findings.add(Finding.allElseNotAsked(side, "there was no time left"));
            return findings;
        }
        return new ArrayList<>(found);
    }

    /** A call that does not end must not keep the process. */
    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "check");
        thread.setDaemon(true);
        return thread;
    }
}
