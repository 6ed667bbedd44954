package io.scrapingagent.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.TestSettings;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.ledger.Hours;
import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.routes.TruthCheck;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;

/** The jar as a process between an API simulator and the real broker, in real time. */
public final class ProcessFixture implements AutoCloseable {

    private static final Pattern SCRAPED_HOUR = Pattern.compile("hour (\\S+)Z,");

    private final Path directory = temporaryDirectory();
    private final MetricsApiSimulator simulator;
    private final String topic = TestKafka.uniqueTopic("process");
    private final Map<String, String> environment;
    private final List<AgentProcess> processes = new ArrayList<>();

    /** Scrapes all clusters of a simulator, which this fixture closes in the end. */
    public ProcessFixture(MetricsApiSimulator.Builder simulator) {
        this(simulator, String.join(",", simulator.clusterIds()));
    }

    /** Starts the simulator and makes a topic and an empty working directory. */
    public ProcessFixture(MetricsApiSimulator.Builder simulator, String clusters) {
        this.simulator = simulator.start();
        TestKafka.createTopic(topic, 3);
        environment =
                TestSettings.environment(
                        this.simulator.baseUri(), clusters, TestKafka.bootstrapServers(), topic);
    }

    /** Sets a variable of the processes to come. */
    public ProcessFixture environment(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Leaves a variable out of the environment of the processes to come. */
    public ProcessFixture without(String variable) {
        environment.remove(variable);
        return this;
    }

    /** The API that the processes ask. */
    public MetricsApiSimulator simulator() {
        return simulator;
    }

    /** Starts the jar; the fixture ends it when it is closed. */
    public AgentProcess start(String... arguments) throws IOException {
        return run(AgentProcess.command(arguments));
    }

    /** As {@link #start}, with a command that runs the jar in one way or another. */
    public AgentProcess run(List<String> command) throws IOException {
        AgentProcess process = AgentProcess.run(directory, environment, command);
        processes.add(process);
        return process;
    }

    /** Runs the jar until it ends by itself, with this exit code. */
    public AgentProcess run(int exitCode, String... arguments) throws Exception {
        AgentProcess process = start(arguments);
        assertThat(process.exitCode()).as("%s", process.output()).isEqualTo(exitCode);
        return process;
    }

    /**
     * Puts the minute at which hours become due half an hour away, and returns the start of the
     * last hour that is due: what one process does is then still so for the next.
     */
    public Instant settle() {
        LocalTime now = LocalTime.now(ZoneOffset.UTC);
        int minute = now.getMinute() >= 5 && now.getMinute() < 35 ? 5 : 35;
        environment("MINUTE_TO_SCRAPE_AT", Integer.toString(minute));
        return new Hours(Clock.systemUTC(), Duration.ofMinutes(minute), Duration.ZERO).lastDue();
    }

    /** The processes' working directory. */
    public Path directory() {
        return directory;
    }

    /** The topic that the processes publish to. */
    public String topic() {
        return topic;
    }

    /** Returns what a consumer reads from the topic. */
    public List<ConsumerRecord<String, String>> consumed() {
        return TestKafka.reader().readAll(topic);
    }

    /** Checks that a consumer reads these records, each once, and no other. */
    public void assertConsumed(List<ExpectedRecord> truth) {
        TruthCheck.assertConsumed(topic, truth);
    }

    /** Checks that a consumer reads what a process had to publish of its hour, and no more. */
    public void assertPublished(AgentProcess process, String... clusters) throws Exception {
        assertConsumed(ExpectedRecord.ofHour(simulator, hour(process), clusters));
    }

    /** Returns which hour the process scraped, as its log says. */
    public static Instant hour(AgentProcess process) throws InterruptedException {
        Matcher hour = SCRAPED_HOUR.matcher(process.awaitLine("Scrape started"));
        assertThat(hour.find()).isTrue();
        return Instant.parse(hour.group(1) + ":00Z");
    }

    @Override
    public void close() throws IOException {
        processes.forEach(AgentProcess::close);
        simulator.close();
        Utils.delete(directory.toFile());
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("process");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
