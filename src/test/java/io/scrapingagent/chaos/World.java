package io.scrapingagent.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.TestSettings;
import io.scrapingagent.kafka.KafkaState;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.kafka.TopicReader;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.LedgerTopic;
import io.scrapingagent.process.JavaProcess;
import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.routes.TruthCheck;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A simulated API in which hours pass when the test says so, a topic, and agent processes between
 * the two. Keeps the truth of each hour, which the API forgets after seven days.
 */
final class World implements AutoCloseable {

    /** Ten minutes past the hour, so that the hour before is due at once. */
    private static final Instant BEGIN = Instant.parse("2025-09-02T02:10:00Z");

    private static final Duration HOUR = Duration.ofHours(1);
    private static final int PARTITIONS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final String brokers;
    private final String topic;
    private final List<String> clusters;
    private final Path directory;
    private final SteeredClock clock;
    private final MetricsApiSimulator simulator;
    private final Map<String, String> environment;
    private final List<ExpectedRecord> truth = new ArrayList<>();
    private final Map<String, Integer> truthByHour = new HashMap<>();
    private final List<JavaProcess> processes = new ArrayList<>();
    private volatile Instant caughtUp = Instant.EPOCH;

    /**
     * Makes the topic and starts the simulator.
     *
     * @param name of the topic, and of the directory for what the processes print
     * @param brokers the broker's address
     */
    World(String name, String brokers, MetricsApiSimulator.Builder simulator) throws Exception {
        this.brokers = brokers;
        this.topic = name;
        this.clusters = simulator.clusterIds();
        this.directory = Files.createDirectories(Path.of("target", "chaos", name));
        Files.deleteIfExists(log());
        this.clock = new SteeredClock(clockFile());
        clock.set(BEGIN);
        this.simulator = simulator.clock(clock).start();
        TestKafka.createTopic(brokers, topic, PARTITIONS, TestKafka.KEEP);
        environment =
                TestSettings.environment(
                        this.simulator.baseUri(), String.join(",", clusters), brokers, topic);
        environment.put("CONFLUENT_METRICS_REQUESTS_PER_MINUTE", "100000");
        environment.put("METRICS_API_RETRY_DELAY_MS", "5");
        environment.put("METRICS_API_RETRY_MAX_DELAY_MS", "50");
        environment.put("METRICS_API_RESPONSE_TIMEOUT_MS", "1000");
        environment.put("METRICS_API_RATE_LIMIT_MAX_WAIT_MS", "20");
        recordTruth();
    }

    /** Sets a variable of the agents to come. */
    World environment(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    MetricsApiSimulator simulator() {
        return simulator;
    }

    /** The file that has all that the processes of this world print. */
    Path log() {
        return directory.resolve("processes.log");
    }

    /** Lets an hour pass: one more is due. */
    synchronized void hourPasses() {
        clock.forward(HOUR);
        recordTruth();
    }

    /** Returns how many hours are due that no agent has said to be published. */
    long hoursBehind() {
        return Duration.between(caughtUp, lastDue()).toHours();
    }

    Instant lastDue() {
        return clock.instant()
                .minus(Duration.ofMinutes(5).plus(HOUR))
                .truncatedTo(ChronoUnit.HOURS);
    }

    /** Starts an agent process. */
    JavaProcess startAgent() {
        return startAgent(Map.of());
    }

    /** Starts an agent process with variables of its own. */
    JavaProcess startAgent(Map<String, String> own, String... moreOptions) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.putAll(own);
        List<String> options = new ArrayList<>(JavaProcess.QUICK_START);
        options.add("-Xmx256m");
        options.addAll(List.of(moreOptions));
        JavaProcess process =
                JavaProcess.start(
                        ChaosAgent.class,
                        ClassPath.agent(),
                        options,
                        variables,
                        log(),
                        this::listen,
                        clockFile().toString());
        processes.add(process);
        return process;
    }

    /** Waits until an agent says that it has published every hour that is due now. */
    void awaitCaughtUp() {
        await().alias("all hours up to " + lastDue() + "; see " + log())
                .atMost(PATIENCE)
                .until(() -> hoursBehind() <= 0);
    }

    /** Waits until an agent has published every hour that is due, and checks what it published. */
    void awaitTruth() {
        awaitCaughtUp();
        assertTruth();
    }

    /** Waits until the ledger has every hour of every cluster, whoever published it. */
    void awaitLedger() {
        await().alias("the ledger; see " + log())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                // the agents make the topic
                .ignoreException(UnknownTopicOrPartitionException.class)
                .until(() -> ledger().equals(truthByHour));
    }

    /** Waits until so many hours are due, the first included. */
    void awaitHours(int hours) {
        Instant last = BEGIN.truncatedTo(ChronoUnit.HOURS).plus(HOUR.multipliedBy(hours - 2));
        await().atMost(PATIENCE).until(() -> !lastDue().isBefore(last));
    }

    /**
     * Checks that a read_committed consumer reads every due hour's records, each once, and that the
     * ledger says so.
     */
    void assertTruth() {
        assertTruth(line -> true);
    }

    /** Checks that every due hour's records were published, some of them more than once maybe. */
    void assertNothingLost() {
        assertTruth(line -> !line.startsWith("doubled"));
    }

    private void assertTruth(Predicate<String> wrong) {
        assertThat(differences())
                .as("differences from the truth; see %s", log())
                .filteredOn(wrong)
                .isEmpty();
        assertThat(ledger()).as("the ledger; see %s", log()).isEqualTo(truthByHour);
    }

    private List<String> differences() {
        awaitNoOpenTransaction();
        List<ExpectedRecord> expected;
        synchronized (this) {
            expected = List.copyOf(truth);
        }
        List<ExpectedRecord> read = ExpectedRecord.of(new TopicReader(brokers).readAll(topic));
        return TruthCheck.differences(expected, read);
    }

    /** Returns how many records there are of each hour, as the ledger has it. */
    private Map<String, Integer> ledger() {
        Ledger ledger = new Ledger(cluster -> true);
        new LedgerTopic(topic + "-ledger", Map.of("bootstrap.servers", brokers), PATIENCE)
                .readInto(ledger);
        Map<String, Integer> records = new HashMap<>();
        for (var known : ledger.all().entrySet()) {
            String cluster = known.getKey().cluster();
            String metric = known.getKey().metric();
            known.getValue()
                    .forEach((h, it) -> records.put(name(cluster, metric, h), it.records()));
        }
        return records;
    }

    private static String name(String cluster, String metric, Instant hour) {
        return cluster + " " + metric + " " + hour;
    }

    synchronized int truthSize() {
        return truth.size();
    }

    @Override
    public void close() {
        processes.forEach(JavaProcess::close);
        simulator.close();
    }

    private void recordTruth() {
        for (String cluster : clusters) {
            for (String metric : ExpectedRecord.METRICS) {
                List<ExpectedRecord> records =
                        ExpectedRecord.ofQuery(simulator, lastDue(), cluster, metric);
                truth.addAll(records);
                truthByHour.put(name(cluster, metric, lastDue()), records.size());
            }
        }
    }

    private void listen(String line) {
        if (line.startsWith(ChaosAgent.CAUGHT_UP)) {
            Instant hour = Instant.parse(line.substring(ChaosAgent.CAUGHT_UP.length()));
            caughtUp = hour.isAfter(caughtUp) ? hour : caughtUp;
        }
    }

    private Path clockFile() {
        return directory.resolve("clock");
    }

    /** What a read_committed consumer reads ends where the oldest open transaction begins. */
    void awaitNoOpenTransaction() {
        await().alias("no open transaction")
                .atMost(PATIENCE)
                .until(
                        () ->
                                KafkaState.of(brokers).producers().entrySet().stream()
                                        .filter(it -> it.getKey().contains(topic))
                                        .allMatch(
                                                it ->
                                                        it.getValue()
                                                                .matches(".* (Empty|Complete.+)")));
    }
}
