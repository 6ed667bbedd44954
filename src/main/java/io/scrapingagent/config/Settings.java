package io.scrapingagent.config;

import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.types.Password;
import org.slf4j.event.Level;

/**
 * All settings of one run, validated.
 *
 * @param api how to reach the Metrics API
 * @param name what tells the agent from others that publish to the same topic
 * @param shard the share of the ids that the agent takes
 * @param resources for each type of resource, what is scraped of it; {@code kafka} first
 * @param topic the topic that records are published to
 * @param delivery what is promised of each record
 * @param ledgerTopic the topic that says which hours are published
 * @param minuteToScrapeAt the minute of every hour at which a scrape starts
 * @param retentionHours how far back the Metrics API keeps hours
 * @param kafkaPatience how long a scrape tries to publish a window while Kafka fails
 * @param logLevel how much to log
 * @param format what a record's value looks like
 * @param principalTag the tag under which records name a principal
 * @param routesDirectory the directory whose route files replace and add to the packaged ones
 * @param management where the running agent answers for itself
 * @param kafka settings of the Java producer, secrets included, without serializers
 * @param properties what Camel, routes and beans read by name
 * @param warnings one line per setting that is ignored, changed or doubtful
 */
public record Settings(
        ApiSettings api,
        Optional<String> name,
        Shard shard,
        Map<String, ResourceList> resources,
        String topic,
        Delivery delivery,
        String ledgerTopic,
        int minuteToScrapeAt,
        int retentionHours,
        Duration kafkaPatience,
        Level logLevel,
        RecordFormat format,
        String principalTag,
        Optional<Path> routesDirectory,
        ManagementSettings management,
        Map<String, String> kafka,
        Map<String, String> properties,
        List<String> warnings) {

    /**
     * The property with the Metrics API's address as the routes use it, without a trailing slash.
     * It deliberately differs from the setting's name, {@code confluent.metrics.host}. In another
     * application Camel would take the environment variable {@code CONFLUENT_METRICS_HOST} instead
     * of this value.
     */
    public static final String API_URL = "metrics.api.url";

    /** Matches the names of the files that are read from {@code AGENT_ROUTES_DIR}. */
    public static final String ROUTE_FILE = ".+\\.(camel|kamelet)\\.yaml";

    /** Copies the collections, so that settings never change during a run. */
    public Settings {
        resources = Collections.unmodifiableMap(new LinkedHashMap<>(resources));
        kafka = Map.copyOf(kafka);
        properties = Map.copyOf(properties);
        warnings = List.copyOf(warnings);
    }

    /** Returns the ids of all resources that are named. */
    public List<String> ids() {
        return resources.values().stream().flatMap(it -> it.ids().stream()).toList();
    }

    /** Tells whether the Metrics API is asked which other resources there are. */
    public boolean isDiscovering() {
        return resources.values().stream().anyMatch(ResourceList::isDiscovered);
    }

    /**
     * Returns the transactional id: {@code KAFKA_TRANSACTIONAL_ID}, or the default that is built of
     * topic and name; and after it the shard. Agents with the same one fence each other.
     */
    public String transactionalId() {
        String shared =
                kafka.getOrDefault(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        // no topic has a colon: with a hyphen, topic m and name dev would have the
                        // id of topic m-dev
                        "confluent-scraping-agent-" + topic + name.map(it -> ":" + it).orElse(""));
        return shard.isOneOfSeveral()
                ? "%s-%d-of-%d".formatted(shared, shard.number(), shard.of())
                : shared;
    }

    /**
     * Reads and validates all settings. For a login to Kafka with OAUTHBEARER it also sets the
     * system property that allows Kafka to ask the token endpoint, unless it is set.
     *
     * @throws InvalidSettingsException if some are wrong: it names all of them
     */
    public static Settings load(SettingsSource source) throws InvalidSettingsException {
        SettingsReport report = new SettingsReport();
        Settings settings = new AgentVariables(source, report).settings();
        if (!report.problems().isEmpty()) {
            throw new InvalidSettingsException(report.problems());
        }
        return settings;
    }

    /** Without what may be a secret. */
    @Override
    public String toString() {
        return "Settings[api=%s, resources=%s, topic=%s, delivery=%s]"
                .formatted(api, resources, topic, delivery);
    }

    /** What a record's value looks like: {@code METRICS_FORMAT}. */
    public enum RecordFormat {

        /** As the Python agent writes it: {@code timestamp} in ms. */
        STANDARD,

        /** As SPOUD's Kafka Cost Control reads it: {@code timestamp} in seconds. */
        KAFKA_COST_CONTROL
    }

    /**
     * How to reach the Metrics API.
     *
     * @param baseUrl scheme, host, port and path, without a trailing slash
     * @param hostName the host's name, which may have underscores that {@code baseUrl} cannot have
     * @param key the Cloud API key
     * @param secret the secret of the key
     * @param requestsPerMinute the most requests in any 60 seconds
     * @param clustersPerRequest the most clusters in one request
     * @param parallelRequests the most windows that are fetched at once
     * @param proxy the proxy between the agent and the API
     * @param authorities are trusted beside those of the JVM
     */
    public record ApiSettings(
            URI baseUrl,
            String hostName,
            Password key,
            Password secret,
            int requestsPerMinute,
            int clustersPerRequest,
            int parallelRequests,
            Optional<ApiProxy> proxy,
            List<X509Certificate> authorities) {}

    /**
     * Where the running agent answers for itself: health, metrics, and the status page.
     *
     * @param address the address to listen on
     * @param port the TCP port
     */
    public record ManagementSettings(String address, int port) {

        /** Returns address and port as a URL has them. */
        @Override
        public String toString() {
            return at(address);
        }

        /** Returns an address that can be opened on this machine, where it listens on all. */
        public String reachable() {
            return at(Set.of("0.0.0.0", "::").contains(address) ? "localhost" : address);
        }

        private String at(String host) {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }
}
