package io.scrapingagent.routes;

import static org.awaitility.Awaitility.await;

import io.scrapingagent.Agent;
import io.scrapingagent.TestSettings;
import io.scrapingagent.command.RouteReload;
import io.scrapingagent.config.Settings;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
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

    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private final MetricsApiSimulator simulator;
    private final String topic = TestKafka.uniqueTopic("metrics");
    private final Map<String, String> environment;
    private final Map<String, String> properties = new HashMap<>();
    private final Clock clock;
    private boolean scheduled;
    private RouteReload reload;
    private Agent agent;

    /** Runs against a simulator that this fixture closes in the end. */
    public ScrapeFixture(MetricsApiSimulator.Builder simulator, String clusters) {
        this(simulator, clusters, CLOCK, CLOCK);
    }

    /** Runs with clocks of its own for the Metrics API and for the agent. */
    public ScrapeFixture(
            MetricsApiSimulator.Builder simulator,
            String clusters,
            Clock apiClock,
            Clock agentClock) {
        this.simulator = simulator.clock(apiClock).start();
        this.clock = agentClock;
        TestKafka.createTopic(topic, 3);
        environment =
                TestSettings.environment(
                        this.simulator.baseUri(), clusters, TestKafka.bootstrapServers(), topic);
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

    /** Returns where the management server is of the agent, which is started by schedule. */
    URI management() throws Exception {
        agent();
        return URI.create("http://" + settings().management() + "/");
    }

    /** Starts an agent that is started anew with other routes when they are saved. */
    void startReloading() throws Exception {
        Settings settings = settings();
        reload =
                new RouteReload(
                        settings.routesDirectory().orElseThrow(),
                        () -> new Agent(settings, clock, scheduled, properties));
        reload.start();
        CompletableFuture.runAsync(
                () -> {
                    try {
                        reload.watch();
                    } catch (InterruptedException e) {
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
        return TestKafka.reader().readAll(topic);
    }

    /** Checks that a consumer reads these records, each once, and no other. */
    public void assertConsumed(List<ExpectedRecord> truth) {
        TruthCheck.assertConsumed(topic, truth);
    }

    @Override
    public void close() {
        if (reload != null) {
            reload.close();
        }
        if (agent != null) {
            agent.close();
        }
        simulator.close();
    }
}
