package io.scrapingagent;

import io.micrometer.core.instrument.MeterRegistry;
import io.scrapingagent.api.FetchSteps;
import io.scrapingagent.api.MetricRecord;
import io.scrapingagent.api.MetricsApiClient;
import io.scrapingagent.api.RecordSteps;
import io.scrapingagent.api.RequestBudget;
import io.scrapingagent.api.RequestListener;
import io.scrapingagent.config.Settings;
import io.scrapingagent.config.Settings.RecordFormat;
import io.scrapingagent.ledger.Coverage;
import io.scrapingagent.ledger.Hours;
import io.scrapingagent.ledger.KafkaClients;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.LedgerSteps;
import io.scrapingagent.ledger.LedgerTopic;
import io.scrapingagent.ledger.Ownership;
import io.scrapingagent.ledger.Publisher;
import io.scrapingagent.scrape.CurrentQueries;
import io.scrapingagent.scrape.Discovery;
import io.scrapingagent.scrape.ErrorsAsFailures;
import io.scrapingagent.scrape.OneAtATime;
import io.scrapingagent.scrape.ScrapeHistory;
import io.scrapingagent.scrape.ScrapeSteps;
import io.scrapingagent.status.AgentHealth;
import io.scrapingagent.status.AgentMetrics;
import io.scrapingagent.status.StatusPage;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Expression;
import org.apache.camel.PropertyInject;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The beans that the routes name, and those that Camel finds by their type. */
public final class AgentConfiguration implements CamelConfiguration {

    private static final Duration LEDGER_TIMEOUT = Duration.ofSeconds(20);

    private final Settings settings;
    private final Clock clock;
    private final CurrentQueries queries;
    private final Coverage coverage;
    private final ScrapeHistory history;
    private final AgentMetrics metrics;
    private final RequestBudget budget;
    private final List<RequestListener> requestListeners;

    /** Begins a scrape and notes what comes of it. */
    @BindToRegistry private final ScrapeSteps scrapes;

    /** Gives the Kafka step its producer. */
    @BindToRegistry private final KafkaClients kafkaClients;

    /** Makes the entries of the ledger. */
    @BindToRegistry private final LedgerSteps ledgerSteps;

    /** Asks which resources there are. */
    @BindToRegistry private final Discovery discovery;

    /** Lets scrapes wait for each other. */
    @BindToRegistry private final OneAtATime oneAtATime = new OneAtATime();

    /** Lets transactions wait for each other. */
    @BindToRegistry private final OneAtATime transactionTurn = new OneAtATime();

    /** Shows people how complete it all is. */
    @BindToRegistry private final StatusPage statusPage;

    @BindToRegistry private final AgentHealth.OnlyAgent onlyAgentHealth;
    @BindToRegistry private final AgentHealth.Kafka kafkaHealth;
    @BindToRegistry private final AgentHealth.Progress progress;

    /**
     * Creates the beans.
     *
     * @param settings the agent's settings
     * @param clock the time
     * @param registry takes the agent's metrics
     */
    public AgentConfiguration(Settings settings, Clock clock, MeterRegistry registry) {
        this.settings = settings;
        this.clock = clock;
        boolean hasLedger = settings.delivery().hasLedger();
        Ledger ledger = new Ledger(settings.shard()::takes);
        kafkaClients =
                new KafkaClients(
                        settings.topic(),
                        hasLedger ? settings.ledgerTopic() : null,
                        producerSettings(settings));
        Publisher publisher =
                new Publisher(
                        settings.delivery(),
                        kafkaClients,
                        new LedgerTopic(settings.ledgerTopic(), settings.kafka(), LEDGER_TIMEOUT),
                        ledger,
                        Ownership.of(settings, clock.instant()),
                        settings.kafkaPatience(),
                        LedgerTopic.RENEWAL);
        ledgerSteps = new LedgerSteps(settings.ledgerTopic(), settings.delivery(), clock);
        discovery = new Discovery(settings, ledger, clock);
        queries = new CurrentQueries(discovery.resources(), List.of());
        coverage = new Coverage(ledger, hours(settings, clock), hasLedger, discovery::lastHour);
        history = new ScrapeHistory(clock);
        budget = new RequestBudget(clock);
        statusPage =
                new StatusPage(
                        settings, clock, coverage, publisher, queries, discovery, history, budget);
        onlyAgentHealth = new AgentHealth.OnlyAgent(publisher);
        kafkaHealth = new AgentHealth.Kafka(hasLedger);
        progress =
                new AgentHealth.Progress(
                        settings.kafkaPatience(),
                        Duration.ofMillis(
                                Long.parseLong(
                                        settings.properties()
                                                .get("metrics.api.rate.limit.max.wait.ms"))),
                        clock);
        metrics =
                new AgentMetrics(
                        registry, coverage, publisher, queries, discovery, kafkaHealth, clock);
        requestListeners = List.of(progress, budget, metrics);
        scrapes =
                new ScrapeSteps(
                        queries,
                        discovery,
                        publisher,
                        ledger,
                        coverage,
                        settings.api().clustersPerRequest(),
                        clock,
                        List.of(kafkaHealth, progress, history, metrics));
    }

    /** Returns what begins a scrape. */
    ScrapeSteps scrapes() {
        return scrapes;
    }

    /**
     * Returns the beans of the routes that fetch a window and make records of it. They are apart
     * from the others because a {@link FetchOnlyAgent} adds only these, and {@link #scrapes}, to
     * its context. The beans of ledger and Kafka are made there too, but are not bound, and connect
     * to nothing.
     */
    public Fetch fetch() {
        return new Fetch();
    }

    @Override
    public void configure(CamelContext context) throws Exception {
        context.getCamelContextExtension().addInterceptStrategy(new ErrorsAsFailures());
        // before the first scrape, so that the metrics of each query begin with 0
        context.addStartupListener(
                (started, already) -> {
                    // Camel calls it again for routes that an idle agent loads after its start
                    if (!already) {
                        queries.refresh(started);
                        metrics.register();
                    }
                });
    }

    /** Tells whether a scrape is under way. */
    boolean isScraping() {
        return history.view().running();
    }

    CurrentQueries queries() {
        return queries;
    }

    /** Returns when the next hour will be due. */
    Instant nextDue() {
        return coverage.nextDue();
    }

    /** Returns which hours are due and available, by the settings. */
    public static Hours hours(Settings settings, Clock clock) {
        return new Hours(
                clock,
                Duration.ofMinutes(settings.minuteToScrapeAt()),
                Duration.ofHours(settings.retentionHours()));
    }

    /** Runs the queries of an hour, some at once. */
    @BindToRegistry
    public ExecutorService queryThreads(CamelContext context) {
        ThreadPoolProfile profile = new ThreadPoolProfile("queries");
        profile.setPoolSize(settings.api().parallelRequests());
        profile.setMaxPoolSize(settings.api().parallelRequests());
        // each batch waits for its turn
        profile.setMaxQueueSize(Integer.MAX_VALUE);
        return context.getExecutorServiceManager().newThreadPool(this, "query", profile);
    }

    /** Returns the settings of the producer. A shard has a transactional id of its own. */
    private static Map<String, String> producerSettings(Settings settings) {
        Map<String, String> producer = new HashMap<>(settings.kafka());
        if (settings.delivery().isTransactional()) {
            producer.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.transactionalId());
        }
        return producer;
    }

    /** Keeps the management server from writing to disk, which may be read-only. */
    @BindToRegistry
    public VertxOptions vertxOptions() {
        return new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false));
    }

    /**
     * Tells the Kafka step the brokers, and the transactional id, without which camel-kafka begins
     * no transactions. All settings are with {@link KafkaClients}: Camel would read {@code {{…}}}
     * in a password as a placeholder.
     */
    @BindToRegistry
    public KafkaConfiguration kafkaConfiguration() {
        KafkaConfiguration kafka = new KafkaConfiguration();
        kafka.setBrokers(settings.kafka().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
        if (settings.delivery().isTransactional()) {
            kafka.setTransactionalId(settings.transactionalId());
        }
        return kafka;
    }

    /** The beans of the routes that fetch a window and make records of it. */
    public final class Fetch implements CamelConfiguration {

        /** Obeys the Metrics API's own limit. */
        @BindToRegistry private final RequestBudget requestBudget = budget;

        /** Collects records, and changes them where a route of one's own asks for it. */
        @BindToRegistry private final RecordSteps recordSteps = new RecordSteps();

        @BindToRegistry
        private final Expression recordKey = new MetricRecord.Part(MetricRecord::key);

        @BindToRegistry
        private final Expression recordTimestamp = new MetricRecord.Part(MetricRecord::timestamp);

        @BindToRegistry
        private final Expression recordValue =
                new MetricRecord.Part(
                        settings.format() == RecordFormat.KAFKA_COST_CONTROL
                                ? MetricRecord::valueInSeconds
                                : MetricRecord::value);

        /**
         * Lets failures pass to the calling route: to one that retries, and in the end to the step
         * of the query, which words them. It is set in Java and not in a route file, so that nobody
         * edits it away.
         */
        @Override
        public void configure(CamelContext context) throws Exception {
            context.addRoutesConfigurations(
                    new RouteConfigurationBuilder() {
                        @Override
                        public void configuration() {
                            routeConfiguration(Agent.ALL_ROUTES).errorHandler(noErrorHandler());
                        }
                    });
        }

        /** Fetches a window. */
        @BindToRegistry
        public FetchSteps fetchSteps(
                @PropertyInject("metrics.window.max.points") int maxPoints,
                @PropertyInject("metrics.window.deadline.ms") long deadlineMs,
                @PropertyInject("metrics.api.rate.limit.max.wait.ms") long maxWaitMs) {
            return new FetchSteps(
                    settings,
                    clock,
                    maxPoints,
                    Duration.ofMillis(deadlineMs),
                    Duration.ofMillis(maxWaitMs),
                    budget,
                    requestListeners);
        }

        /** Holds the credentials and the limits of the HTTP step. */
        @BindToRegistry
        public MetricsApiClient metricsApiClient(
                @PropertyInject("metrics.api.response.deadline.ms") long deadlineMs,
                @PropertyInject("metrics.api.response.max.bytes") int maxBytes) {
            return new MetricsApiClient(
                    settings.api(), Duration.ofMillis(deadlineMs), maxBytes, requestListeners);
        }
    }
}
