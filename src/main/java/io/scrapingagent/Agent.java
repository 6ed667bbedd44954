package io.scrapingagent;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.scrapingagent.command.RouteFiles;
import io.scrapingagent.command.StartException;
import io.scrapingagent.config.Settings;
import io.scrapingagent.scrape.CurrentQueries;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.scrape.Scrape.Backfill;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.dsl.support.SourceLoader;
import org.apache.camel.main.DefaultRoutesCollector;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.main.RoutesCollector;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.spi.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes, running with one set of settings. */
public final class Agent implements AutoCloseable {

    /** The id of a route configuration that Camel applies to all routes which name no other. */
    public static final String ALL_ROUTES = "*";

    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    private static final String FALLBACK =
            Integer.toString(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_FALLBACK);

    /** Reads the route files; Camel's own loader takes the encoding of the system. */
    private static final SourceLoader UTF_8_SOURCES =
            file -> {
                try (InputStream in = file.getInputStream()) {
                    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                }
            };

    private static final String STOPPED = "Stopped before the scrape ended";

    private final Settings settings;
    private final Clock clock;
    private final Map<String, String> properties;
    private final org.apache.camel.main.Main main;
    private final AgentConfiguration configuration;
    private final boolean scheduled;
    private RouteFiles routes;
    private boolean stopSaid;

    /**
     * Prepares an agent; nothing runs yet.
     *
     * @param settings what to scrape and where to publish
     * @param clock tells which hours are due
     * @param scheduled whether the agent scrapes every hour, or only when asked to
     * @param properties Camel's and the agent's own properties that override all others
     */
    public Agent(
            Settings settings, Clock clock, boolean scheduled, Map<String, String> properties) {
        this.settings = settings;
        this.clock = clock;
        this.properties = properties;
        this.scheduled = scheduled;
        main = new org.apache.camel.main.Main();
        // Camel reads no property files: SettingsSource has read them, as UTF-8 and with an empty
        // value as not set
        main.setPropertyPlaceholderLocations("false");
        settings.properties().forEach(main::addInitialProperty);
        MeterRegistry registry = scheduled ? prometheus(settings) : new CompositeMeterRegistry();
        configuration = new AgentConfiguration(settings, clock, registry);
        main.bind("sourceLoader", UTF_8_SOURCES);
        main.configure().addConfiguration(configuration);
        main.configure().addConfiguration(configuration.fetch());
        if (scheduled) {
            main.bind(MicrometerConstants.METRICS_REGISTRY_NAME, registry);
        }
        // the default adds a shutdown hook, which would hold a closed agent in memory for as long
        // as the JVM runs
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        // environment and system properties only as a fallback: otherwise the routes would see a
        // variable as it was given, such as an empty METRICS_TOPIC, and not what the settings made
        // of it
        main.addOverrideProperty("camel.component.properties.environmentVariableMode", FALLBACK);
        main.addOverrideProperty("camel.component.properties.systemPropertiesMode", FALLBACK);
        main.addOverrideProperty("metrics.principal.tag", settings.principalTag());
        main.addOverrideProperty(Settings.API_URL, settings.api().baseUrl().toString());
        // once and backfill open no port: the agent that they fence may still have it
        for (String part :
                List.of("agent.schedule", "camel.management.enabled", "camel.metrics.enabled")) {
            main.addOverrideProperty(part, Boolean.toString(scheduled));
        }
        // without a schedule Quartz has no jobs, and waiting for them takes 0.5 s
        main.addOverrideProperty(
                "camel.component.quartz.interruptJobsOnShutdown", Boolean.toString(!scheduled));
        settings.routesDirectory().ifPresent(it -> main.setRoutesCollector(collector()));
        properties.forEach(main::addOverrideProperty);
    }

    private static MeterRegistry prometheus(Settings settings) {
        MeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        settings.name().ifPresent(it -> registry.config().commonTags("agent", it));
        if (settings.shard().isOneOfSeveral()) {
            registry.config().commonTags("shard", settings.shard().toString());
        }
        return registry;
    }

    /**
     * Lets the agent run these files, in place of what AGENT_ROUTES_DIR has at the start. Where
     * that is not set, this has no effect: the packaged files run.
     */
    public void use(RouteFiles files) {
        routes = files;
    }

    /**
     * Reads AGENT_ROUTES_DIR, and creates its routes once for trial in another context. Does
     * nothing if that is not set, or if files were given with use(). start() calls it too. Called
     * earlier, it finds a mistake in a file while another agent still runs.
     *
     * @throws StartException when a file cannot be read, or a route not be created; the message
     *     says where and why
     */
    public void prepareRoutes() throws StartException {
        if (routes == null && settings.routesDirectory().isPresent()) {
            routes = RouteFiles.of(settings.routesDirectory().get());
            requireCreatable(routes);
        }
    }

    /**
     * Prepares an agent that only shows whether its routes can be created: started, it runs none of
     * them, and connects to nothing.
     */
    public static Agent idle(Settings settings, Clock clock, Map<String, String> properties) {
        Map<String, String> idle = new HashMap<>(properties);
        idle.put("camel.main.autoStartup", "false");
        // Quartz shares a scheduler by this name, and the end of the idle agent would empty it
        idle.put("camel.main.name", "confluent-scraping-agent-idle");
        return new Agent(settings, clock, false, idle);
    }

    private RoutesCollector collector() {
        return new DefaultRoutesCollector() {
            @Override
            public Collection<Resource> findRouteResourcesFromDirectory(
                    CamelContext context, String excludePattern, String includePattern) {
                return routes.resources();
            }
        };
    }

    /**
     * Starts the routes. The caller closes the agent, on SIGTERM too: this adds no shutdown hook.
     *
     * @throws StartException when they cannot be started; the message says why
     */
    public void start() throws StartException {
        prepareRoutes();
        try {
            main.start();
        } catch (Exception e) {
            throw StartException.of(e, main.getCamelContext());
        }
        if (scheduled) {
            LOG.info(
                    "Ready: the next hour is due at {}, to topic {}; health, metrics and status at http://{}",
                    configuration.nextDue(),
                    settings.topic(),
                    settings.management().reachable());
        }
    }

    /** Waits until the agent is closed, or its context stops for another reason. */
    public void awaitStop() throws InterruptedException {
        main.getShutdownStrategy().await();
    }

    /** Makes one scrape of all gaps and waits for its end. */
    public Scrape scrape() {
        return scrape(null);
    }

    /**
     * Makes one scrape and waits for its end.
     *
     * @param backfill which hours, or null for all gaps
     * @throws CancellationException when the routes are stopped and the scrape does not end in time
     */
    public Scrape scrape(Backfill backfill) {
        CamelContext context = main.getCamelContext();
        try {
            return context.createFluentProducerTemplate()
                    .to("direct:scrape")
                    .withBody(backfill)
                    .request(Scrape.class);
        } catch (CamelExecutionException e) {
            if (context.isStopping() || context.isStopped()) {
                LOG.debug("The scrape was stopped", e);
                warnStopped();
                throw new CancellationException(STOPPED);
            }
            throw e;
        }
    }

    /** Returns the queries: once a scrape has run to its end, only those that it reached. */
    public CurrentQueries queries() {
        return configuration.queries();
    }

    /** Returns the context in which the routes run. */
    public CamelContext camelContext() {
        return main.getCamelContext();
    }

    /**
     * Closes the agent when the process is ending. Returns after {@code camel.main.shutdownTimeout}
     * plus {@code camel.main.extraShutdownTimeout} even if it is not closed by then.
     */
    public void closeInTime() {
        Thread closing = new Thread(this::close, "close");
        closing.setDaemon(true);
        closing.start();
        MainConfigurationProperties allowed = main.configure();
        try {
            closing.join(
                    Duration.ofSeconds(
                                    allowed.getShutdownTimeout()
                                            + allowed.getExtraShutdownTimeout())
                            .toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops the routes: a window in hand is finished, no other is begun. */
    @Override
    public void close() {
        main.stop();
        // a scrape that is still waiting when the time allowed for a stop is over cannot log its
        // own end
        if (configuration.isScraping()) {
            warnStopped();
        }
    }

    /**
     * Says it once. Both the thread that waits for the scrape and the one that closes the agent say
     * it, because the process may end after either.
     */
    private synchronized void warnStopped() {
        if (!stopSaid) {
            stopSaid = true;
            LOG.warn(STOPPED);
        }
    }

    /**
     * Creates routes in a context of their own, in which none of them runs.
     *
     * @throws StartException when one cannot be created; the message says where and why
     */
    public void requireCreatable(RouteFiles files) throws StartException {
        try (Agent agent = idle(settings, clock, properties)) {
            // loaded after the start: only then does Camel's error name the step whose Kamelet is
            // wrong
            agent.use(new RouteFiles(Map.of()));
            agent.start();
            try {
                files.load(agent.camelContext());
                CurrentQueries.ofRoutes(agent.camelContext());
            } catch (Exception e) {
                throw StartException.of(e, agent.camelContext());
            }
        }
    }
}
