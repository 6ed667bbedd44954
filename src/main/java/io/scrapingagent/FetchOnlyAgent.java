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
import org.apache.camel.spi.PropertiesComponent;
import org.apache.camel.spi.ResourceLoader;
import org.apache.camel.support.PluginHelper;

/**
 * The part of the agent that asks the Metrics API, inside a Camel application that is not the
 * agent: a Camel K Pipe has this jar as a dependency, and the Kamelet {@code
 * confluent-metrics-query-source} has this bean. It brings the beans and routes along that a window
 * goes through until it is records, and nothing that publishes: no ledger, no Kafka.
 *
 * <p>Settings come from the agent's variables, or from the application's properties. Kafka's are
 * left out, for they would be the application's own.
 */
public final class FetchOnlyAgent implements CamelContextAware, StartupListener {

    private static final List<String> ROUTES =
            Stream.of("retry", "pace", "page", "fetch", "records")
                    .map("classpath:routes/%s.camel.yaml"::formatted)
                    .toList();

    private CamelContext context;
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
     * Adds the beans to the context, and the routes as soon as it runs, unless another Kamelet has
     * done so.
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
        // as the settings made it of the variable, perhaps without its trailing slash
        properties.addOverrideProperty("confluent.metrics.host", settings.api().baseUrl().toString());
        AgentConfiguration agent =
                new AgentConfiguration(settings, Clock.systemUTC(), new CompositeMeterRegistry());
        AgentConfiguration.Fetch fetch = agent.fetch();
        PluginHelper.getBeanPostProcessor(context)
                .postProcessBeforeInitialization(fetch, fetch.getClass().getName());
        fetch.configure(context);
        context.getRegistry().bind("scrapes", agent.scrapes());
        // routes that are added while the Kamelet's own is being made would never be started
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

    /** Once: starting the routes calls the listeners again. */
    private void loadRoutes() throws Exception {
        if (loaded) {
            return;
        }
        loaded = true;
        ResourceLoader files = PluginHelper.getResourceLoader(context);
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(ROUTES.stream().map(files::resolveResource).toList());
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
