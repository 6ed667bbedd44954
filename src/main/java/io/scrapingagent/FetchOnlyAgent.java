package io.scrapingagent;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.scrapingagent.config.Delivery;
import io.scrapingagent.config.InvalidSettingsException;
import io.scrapingagent.config.Settings;
import io.scrapingagent.config.SettingsSource;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.scrape.ScrapeSteps;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.StartupListener;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.spi.PropertiesComponent;
import org.apache.camel.spi.ResourceLoader;
import org.apache.camel.support.PluginHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of the agent that fetches windows and makes records of them, for another Camel
 * application, which publishes the records by itself. Such an application is a Camel K Pipe: it has
 * this jar as a dependency, and the Kamelet {@code confluent-metrics-query-source}, which has this
 * bean. No ledger and no Kafka is used: their beans are made, but connect to nothing.
 *
 * <p>Settings come from the agent's variables, or from the application's properties. Those of Kafka
 * are ignored: they would be the application's own.
 */
public final class FetchOnlyAgent implements CamelContextAware, StartupListener {

    private static final Logger LOG = LoggerFactory.getLogger(FetchOnlyAgent.class);

    private static final List<String> ROUTES =
            Stream.of("retry", "pace", "page", "fetch", "records")
                    .map("classpath:routes/%s.camel.yaml"::formatted)
                    .toList();

    private CamelContext context;
    private AgentConfiguration.Fetch fetch;
    private boolean loaded;

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
    }

    /**
     * Adds the beans to the context now, and the routes when it has started. It does nothing if
     * another step with the Kamelet has done so in the same context.
     *
     * @throws InvalidSettingsException if some settings are wrong: its message names all of them
     * @throws Exception when the beans cannot be made
     */
    public void join() throws Exception {
        if (context.getRegistry().lookupByName("fetchSteps") != null) {
            return;
        }
        PropertiesComponent properties = context.getPropertiesComponent();
        SettingsSource.defaults()
                .forEach(
                        (name, value) -> {
                            // how Camel runs is the application's business
                            if (!name.startsWith("camel.")) {
                                properties.addInitialProperty(name, value);
                            }
                        });
        Settings settings = settings();
        settings.warnings().forEach(LOG::warn);
        properties.addOverrideProperty(Settings.API_URL, settings.api().baseUrl().toString());
        AgentConfiguration agent =
                new AgentConfiguration(settings, Clock.systemUTC(), new CompositeMeterRegistry());
        fetch = agent.fetch();
        PluginHelper.getBeanPostProcessor(context)
                .postProcessBeforeInitialization(fetch, fetch.getClass().getName());
        context.getRegistry().bind("scrapes", agent.scrapes());
        // Camel makes the Kamelet's own route now, and would never start routes that are added now
        context.addStartupListener(this);
    }

    @Override
    public void onCamelContextStarted(CamelContext started, boolean alreadyStarted)
            throws Exception {
        if (alreadyStarted) {
            loadRoutes();
        }
    }

    @Override
    public void onCamelContextFullyStarted(CamelContext started, boolean alreadyStarted)
            throws Exception {
        loadRoutes();
    }

    /** Adds the routes once, for Camel calls the listeners again when it starts these routes. */
    private void loadRoutes() throws Exception {
        if (loaded) {
            return;
        }
        loaded = true;
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        fetch.configure(context);
        List<RouteConfigurationDefinition> all = model.getRouteConfigurationDefinitions();
        RouteConfigurationDefinition added = all.get(all.size() - 1);
        ResourceLoader files = PluginHelper.getResourceLoader(context);
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(ROUTES.stream().map(files::resolveResource).toList());
        // removed again, for it holds for all routes: those that the application adds later are to
        // keep their error handler
        model.removeRouteConfiguration(added);
    }

    /** Begins a scrape of the last due hour of each cluster. */
    public Scrape begin() {
        return context.getRegistry()
                .lookupByNameAndType("scrapes", ScrapeSteps.class)
                .begin(context, null);
    }

    private Settings settings() throws InvalidSettingsException {
        Map<String, String> strongest =
                withoutKafka(SettingsSource.strings(System.getProperties()));
        strongest.put("metrics.delivery", Delivery.STATELESS.toString());
        Map<String, String> application =
                SettingsSource.strings(context.getPropertiesComponent().loadProperties());
        Settings settings =
                Settings.load(
                        SettingsSource.of(
                                strongest,
                                withoutKafka(System.getenv()),
                                List.of(withoutKafka(application), SettingsSource.defaults())));
        if (settings.isDiscovering()) {
            throw new InvalidSettingsException(
                    List.of(
                            "CONFLUENT_METRICS_*_ID_LIST: auto and env-… need the agent, this Kamelet"
                                    + " takes ids only"));
        }
        return settings;
    }

    private static Map<String, String> withoutKafka(Map<String, String> variables) {
        Map<String, String> others = new HashMap<>(variables);
        others.keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).startsWith("kafka"));
        return others;
    }
}
