package io.scrapingagent.check;

import io.scrapingagent.api.Query;
import io.scrapingagent.config.Plural;
import io.scrapingagent.config.Settings;
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
 * Asks both sides at once whether a configuration will work, and changes nothing on either. What
 * does not answer within some seconds counts as not working.
 */
public final class Check implements AutoCloseable {

    private static final String ROUTES = "Routes";
    static final String METRICS_API = "Metrics API";
    static final String KAFKA = "Kafka";

    private final Settings settings;
    private final Clock clock;
    private final Duration patience;
    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    task -> {
                        Thread thread = new Thread(task, "check");
                        // a call that does not end must not keep the process
                        thread.setDaemon(true);
                        return thread;
                    });
    private final Side kafka;

    private Check(Settings settings, Clock clock, Duration patience) {
        this.settings = settings;
        this.clock = clock;
        this.patience = patience;
        this.kafka = new Side(KAFKA, new KafkaCheck(settings, patience)::run);
    }

    /**
     * Begins to ask Kafka.
     *
     * @param patience how long both sides may take to answer
     */
    public static Check begin(Settings settings, Clock clock, Duration patience) {
        return new Check(settings, clock, patience);
    }

    /** Returns what to say where the settings are wrong: nothing else can be asked then. */
    public static List<Finding> ofWrongSettings(List<String> problems) {
        List<Finding> findings = new ArrayList<>();
        problems.forEach(it -> findings.add(Finding.failed("Settings", it, null)));
        for (String question : List.of(ROUTES, METRICS_API, KAFKA)) {
            findings.add(Finding.notAsked(question, "the settings are wrong"));
        }
        return findings;
    }

    /** Returns what the settings themselves say. */
    public List<Finding> settings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(
                Finding.ok(
                        "Settings",
                        "%s to topic %s, %s"
                                .formatted(
                                        Plural.of(settings.clusters().size(), "cluster"),
                                        settings.topic(),
                                        settings.delivery())));
        settings.warnings().forEach(it -> findings.add(Finding.warning("Settings", it, null)));
        return findings;
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
     * Asks the Metrics API and waits for both sides.
     *
     * @param queries the queries of the routes; none where these could not be loaded
     * @param lastDue the start of the last hour that is due
     */
    public List<Finding> sides(List<Query> queries, Instant lastDue) {
        Deadline deadline = Deadline.in(patience);
        Side api =
                new Side(
                        METRICS_API,
                        new ApiCheck(settings, queries, lastDue, clock, patience)::run);
        List<Finding> findings = new ArrayList<>(api.findings(deadline));
        findings.addAll(kafka.findings(deadline));
        return findings;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** What one side says. */
    private final class Side {

        private final String name;
        private final List<Finding> found = new CopyOnWriteArrayList<>();
        private final Future<?> end;

        private Side(String name, Questions questions) {
            this.name = name;
            this.end = threads.submit(() -> questions.ask(found));
        }

        private List<Finding> findings(Deadline deadline) {
            try {
                end.get(deadline.leftMs(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                List<Finding> inTime = new ArrayList<>(found);
                inTime.add(
                        Finding.failed(
                                name,
                                "no answer within %d seconds".formatted(patience.toSeconds()),
                                "check DNS, network and firewall, and check again"));
                inTime.add(Finding.notAsked(name + ", all else", "there was no time left"));
                return inTime;
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return found;
        }
    }

    /** Asks one question after another and adds what it finds as it finds it. */
    private interface Questions {
        void ask(List<Finding> findings);
    }
}
