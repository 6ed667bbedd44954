package io.scrapingagent;

import io.scrapingagent.command.RouteReload;
import io.scrapingagent.command.RouteSet;
import io.scrapingagent.command.StartException;
import io.scrapingagent.config.Settings;
import java.time.Clock;
import java.util.Map;

/** Creates routes in contexts of their own, in which none of them runs. */
final class RouteTrial implements RouteReload.Trial {

    private static final RouteSet NONE = new RouteSet(Map.of());

    private final Settings settings;
    private final Clock clock;
    private final Map<String, String> properties;

    /** Prepares trials for an agent with these settings, clock and properties. */
    RouteTrial(Settings settings, Clock clock, Map<String, String> properties) {
        this.settings = settings;
        this.clock = clock;
        this.properties = properties;
    }

    @Override
    public void create(RouteSet routes) throws StartException {
        try {
            createIdle(routes, NONE);
        } catch (StartException e) {
            // Camel knows which step uses a Kamelet when that is made with it, not after all steps
            createIdle(NONE, routes);
            throw e;
        }
    }

    private void createIdle(RouteSet atStart, RouteSet afterwards) throws StartException {
        try (Agent agent = Agent.idle(settings, clock, properties).with(atStart)) {
            agent.start();
            load(afterwards, agent);
        }
    }

    private static void load(RouteSet routes, Agent agent) throws StartException {
        try {
            routes.load(agent.camelContext());
        } catch (Exception e) {
            throw StartException.of(e, agent.camelContext());
        }
    }
}
