package io.scrapingagent.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.scrapingagent.Agent;
import io.scrapingagent.TestSettings;
import io.scrapingagent.config.Settings;
import io.scrapingagent.routes.TestClock;
import io.scrapingagent.scrape.Scrape;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.slf4j.LoggerFactory;

/** The agent with its real routes and its own defaults. */
final class Routes implements Contestant {

    /** When an hour is scraped: ten minutes after its end. */
    private static final Duration DUE_AFTER = Duration.ofMinutes(70);

    private final TestClock clock = new TestClock(Instant.EPOCH);
    private final Agent agent;

    /**
     * Starts the agent, which scrapes when asked to.
     *
     * @param watched whether it keeps metrics, as one that runs by schedule does
     */
    Routes(Surroundings surroundings, Population population, String topic, boolean watched)
            throws Exception {
        // its two lines for each of a hundred scrapes would bury the figures
        ((Logger) LoggerFactory.getLogger("io.scrapingagent.scrape")).setLevel(Level.WARN);
        Settings settings = TestSettings.of(environment(surroundings, population, topic));
        agent = new Agent(settings, clock, watched, Map.of("agent.schedule", "false"));
        agent.start();
    }

    /** The agent's environment variables. */
    static Map<String, String> environment(
            Surroundings surroundings, Population population, String topic) {
        Map<String, String> environment =
                TestSettings.environment(
                        surroundings.api(),
                        String.join(",", population.ids()),
                        surroundings.kafka(),
                        topic);
        environment.put("CONFLUENT_METRICS_REQUESTS_PER_MINUTE", "100000");
        return environment;
    }

    @Override
    public long publish(Instant hour) {
        clock.set(hour.plus(DUE_AFTER));
        Scrape scrape = agent.scrape();
        if (!scrape.getFailures().isEmpty()) {
            throw new IllegalStateException("the scrape failed: " + scrape.getFailures().get(0));
        }
        return scrape.getRecords();
    }

    /** The settings with which the Kafka step makes its producer. */
    Properties producerProperties() {
        KafkaEndpoint endpoint =
                agent.camelContext().getEndpoints().stream()
                        .filter(KafkaEndpoint.class::isInstance)
                        .map(KafkaEndpoint.class::cast)
                        .findFirst()
                        .orElseThrow();
        Properties properties = endpoint.getConfiguration().createProducerProperties();
        properties.setProperty("bootstrap.servers", endpoint.getConfiguration().getBrokers());
        return properties;
    }

    @Override
    public void close() {
        agent.close();
    }
}
