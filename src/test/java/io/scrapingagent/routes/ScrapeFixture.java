package io.scrapingagent.routes;

import static java.lang.Integer.parseInt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.Agent;
import io.scrapingagent.TestSettings;
import io.scrapingagent.command.RouteReload;
import io.scrapingagent.command.StartException;
import io.scrapingagent.config.Settings;
import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.kafka.TopicReader;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.scrape.Scrape.FailedQuery;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.status.ManagementClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The real routes between an API simulator and the real broker, at a fixed time. */
public final class ScrapeFixture implements AutoCloseable {

    /** Ten minutes past the hour: 01:00 is the last hour that is due. */
    public static final Instant NOW = Instant.parse("2025-09-02T02:10:00Z");

    /** The last hour that is due. */
    public static final Instant HOUR = Instant.parse("2025-09-02T01:00:00Z");

    private final MetricsApiSimulator simulator;
    private final String topic = TestKafka.uniqueTopic("metrics");
    private final Map<String, String> environment;
    private final Map<String, String> properties = new HashMap<>();
    private final TestClock apiClock;
    private final TestClock clock;
    private String brokers = TestKafka.bootstrapServers();
    private boolean scheduled;
    private RouteReload reload;
    private CompletableFuture<Void> watch = CompletableFuture.completedFuture(null);
    private Agent agent;

    /** Scrapes all clusters of a simulator, which this fixture closes in the end. */
    public ScrapeFixture(MetricsApiSimulator.Builder simulator) {
        this(simulator, String.join(",", simulator.clusterIds()));
    }

    /** Scrapes these clusters. */
    public ScrapeFixture(MetricsApiSimulator.Builder simulator, String clusters) {
        this(simulator, clusters, new TestClock(NOW));
    }

    /** Scrapes these clusters by a clock that others have, too. */
    ScrapeFixture(MetricsApiSimulator.Builder simulator, String clusters, TestClock clock) {
        this(simulator, clusters, clock, clock);
    }

    /** Scrapes these clusters with clocks of its own for the Metrics API and for the agent. */
    public ScrapeFixture(
            MetricsApiSimulator.Builder simulator,
            String clusters,
            TestClock apiClock,
            TestClock agentClock) {
        this.simulator = simulator.clock(apiClock).start();
        this.apiClock = apiClock;
        this.clock = agentClock;
        TestKafka.createTopic(topic, 3);
        environment = TestSettings.environment(this.simulator.baseUri(), clusters, brokers, topic);
        environment.put("CONFLUENT_METRICS_REQUESTS_PER_MINUTE", "10000");
        properties.put("metrics.api.retry.delay.ms", "1");
        properties.put("metrics.api.retry.max.delay.ms", "2");
        properties.put("metrics.api.response.timeout.ms", "1000");
        properties.put("metrics.api.rate.limit.max.wait.ms", "50");
    }

    /** Sets a variable; before the first scrape. */
    public ScrapeFixture environment(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Publishes to, and reads from, a broker of the test's own; before the first scrape. */
    public ScrapeFixture at(EmbeddedKafka kafka) {
        brokers = kafka.bootstrapServers();
        return environment("KAFKA_BOOTSTRAP_SERVERS", brokers);
    }

    /** As {@link #at}, with a login. */
    public ScrapeFixture login(
            EmbeddedKafka kafka, String mechanism, String user, String password) {
        return at(kafka)
                .environment("KAFKA_BOOTSTRAP_SERVERS", kafka.saslBootstrapServers())
                .environment("KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT")
                .environment("KAFKA_SASL_MECHANISM", mechanism)
                .environment("KAFKA_SASL_PLAIN_USERNAME", user)
                .environment("KAFKA_SASL_PLAIN_PASSWORD", password);
    }

    /** Sets a property; before the first scrape. */
    public ScrapeFixture property(String name, String value) {
        properties.put(name, value);
        return this;
    }

    /** Lets the agent run by schedule, with its management server. */
    public ScrapeFixture scheduled() {
        scheduled = true;
        return this;
    }

    /** Asks the agent that runs by schedule. */
    public ManagementClient management() throws Exception {
        return new ManagementClient(settings().management());
    }

    /** Starts an agent that is started anew with other routes when they are saved. */
    void startReloading() throws Exception {
        Settings settings = settings();
        reload =
                new RouteReload(
                        settings.routesDirectory().orElseThrow(),
                        () -> new Agent(settings, clock, scheduled, properties));
        reload.start();
        watch =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                reload.watch();
                            } catch (StartException | InterruptedException e) {
                                throw new CompletionException(e);
                            }
                        });
    }

    /** The API that the agent asks. */
    public MetricsApiSimulator simulator() {
        return simulator;
    }

    /** The topic that the agent publishes to. */
    public String topic() {
        return topic;
    }

    /** Makes one scrape; the agent is started for the first. */
    public Scrape scrape() throws Exception {
        return agent().scrape();
    }

    /** Makes a scrape in which nothing fails. */
    public Scrape scrapeAll() throws Exception {
        Scrape scrape = scrape();
        assertThat(scrape.getFailures()).isEmpty();
        return scrape;
    }

    /** Lets an hour pass and scrapes it, so many times; nothing fails. */
    public void scrapeNext(int hours) throws Exception {
        for (int i = 0; i < hours; i++) {
            pass(1);
            scrapeAll();
        }
    }

    /** Makes a scrape in which one query or the whole scrape fails, and returns why. */
    public String scrapeFailingOnce() throws Exception {
        List<String> reasons = scrapeFailing();
        assertThat(reasons).hasSize(1);
        return reasons.get(0);
    }

    /** Makes a scrape in which something fails, and returns why. */
    public List<String> scrapeFailing() throws Exception {
        List<String> reasons = scrape().getFailures().stream().map(FailedQuery::reason).toList();
        assertThat(reasons).isNotEmpty();
        return reasons;
    }

    /** The agent's clock. */
    public TestClock clock() {
        return clock;
    }

    /** Lets hours pass for the agent and the Metrics API. */
    public void pass(int hours) {
        pass(Duration.ofHours(hours));
    }

    /** Lets time pass for the agent and the Metrics API. */
    public void pass(Duration time) {
        clock.forward(time);
        apiClock.set(clock.instant());
    }

    /** Begins a scrape in another thread, and waits for its first request. */
    CompletableFuture<Scrape> scrapeUnderWay() {
        CompletableFuture<Scrape> scrape =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return scrape();
                            } catch (Exception e) {
                                throw new CompletionException(e);
                            }
                        });
        await().until(() -> !simulator.requests().isEmpty());
        return scrape;
    }

    /** Returns the agent, started. */
    public Agent agent() throws Exception {
        if (reload != null) {
            return reload.agent();
        }
        if (agent == null) {
            agent = new Agent(settings(), clock, scheduled, properties);
            agent.start();
        }
        return agent;
    }

    /** Stops the agent; another one is started for the next scrape. */
    void restart() {
        agent.close();
        agent = null;
    }

    /** Returns the settings as the variables say. */
    public Settings settings() throws Exception {
        return TestSettings.of(environment);
    }

    /** Returns what a consumer reads from the topic. */
    public List<ConsumerRecord<String, String>> consumed() {
        return new TopicReader(brokers).readAll(topic);
    }

    /** Checks that a consumer reads these records, each once, and no other. */
    public void assertConsumed(List<ExpectedRecord> truth) {
        TruthCheck.assertConsumed(new TopicReader(brokers), topic, truth);
    }

    /** Checks, as {@link #assertConsumed}, that {@link #truth} is published. */
    public void assertPublished(String... hours) {
        assertConsumed(truth(hours));
    }

    /**
     * Returns the records of the three default queries.
     *
     * @param hours of which clusters and hours: {@code lkc-aaa 0-3} are four of them, {@code
     *     lkc-aaa 2} is one; {@link #HOUR} is hour 0
     */
    public List<ExpectedRecord> truth(String... hours) {
        List<ExpectedRecord> records = new ArrayList<>();
        for (String each : hours) {
            String[] parts = each.split("(?<=\\d)-| ");
            for (int hour = parseInt(parts[1]); hour <= parseInt(parts[parts.length - 1]); hour++) {
                Instant start = HOUR.plus(Duration.ofHours(hour));
                records.addAll(ExpectedRecord.ofHour(simulator, start, parts[0]));
            }
        }
        return records;
    }

    @Override
    public void close() {
        if (reload != null) {
            reload.close();
            watch.join();
        }
        if (agent != null) {
            agent.close();
        }
        simulator.close();
    }
}
