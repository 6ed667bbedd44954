package io.scrapingagent.command;

import io.scrapingagent.Agent;
import io.scrapingagent.config.OneLine;
import io.scrapingagent.scrape.ScrapeSteps;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.timer.TimerEndpoint;
import org.apache.camel.model.Model;
import org.apache.camel.support.FileWatcherResourceReloadStrategy;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the routes of a running agent when a file of its routes' directory is saved.
 *
 * <p>Camel's own reload removes a route before it knows whether the new one can be created, and
 * forgets Kamelets and files that were deleted. Here the new set is first created whole beside the
 * running one. Then all routes are replaced at once while nothing is under way: a scrape that is
 * comes to its end with the routes that it began with.
 */
public final class RouteReload extends FileWatcherResourceReloadStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(RouteReload.class);

    /** An editor's save is more than one event: a file is emptied first, or replaced by another. */
    private static final long SETTLING_MS = 200;

    /** Between two looks at whether something is under way, or something else was saved. */
    private static final long PATIENCE_MS = 100;

    /** A timer loses a tick that comes before its consumer runs; that scrape would not happen. */
    private static final long FIRST_TICK_MS = 1000;

    /** Creates routes without starting them. */
    public interface Trial {

        /**
         * Creates all routes of a set and forgets them.
         *
         * @throws StartException when one cannot be created; the message says where and why
         */
        void create(RouteFiles routes) throws StartException;
    }

    private final Path directory;
    private final Trial trial;
    private final List<Consumer> suspended = new ArrayList<>();
    private RouteFiles running;
    private RouteFiles seen;

    /**
     * Creates the watcher of a directory.
     *
     * @param directory the routes' directory
     * @param running what the agent was started with
     * @param trial tells whether routes can be created
     */
    public RouteReload(Path directory, RouteFiles running, Trial trial) {
        super(directory.toString());
        this.directory = directory;
        this.trial = trial;
        this.running = running;
        this.seen = running;
        setFileFilter(file -> RouteFiles.isRouteFile(file.toPath()));
        setResourceReload((name, resource) -> takeWhatWasSaved());
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        // what was saved since the start began
        takeWhatWasSaved();
        LOG.info("Routes are reloaded when a file in {} is saved", directory);
    }

    @Override
    protected String startupMessage(java.io.File folder) {
        return null;
    }

    /** An unexpected exception would stop Camel's file watcher for good. */
    private void takeWhatWasSaved() {
        try {
            reload();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | LinkageError e) {
            LOG.debug("Routes cannot be reloaded", e);
            LOG.warn("Routes not reloaded, those before go on: {}", OneLine.of(e.toString()));
        }
    }

    private synchronized void reload() throws InterruptedException {
        try {
            RouteFiles saved = settled();
            // one save makes several events, and another may come while the first waits
            while (!saved.equals(seen) && !isEnding()) {
                seen = saved;
                String changes = changes(saved);
                if (!changes.isEmpty() && awaitTurn(saved, changes)) {
                    replaceOrRestore(saved, changes);
                }
                saved = settled();
            }
        } finally {
            resumeConsumers();
        }
    }

    /** Returns what a reload would change; nothing, and says why, where there is none to do. */
    private String changes(RouteFiles saved) {
        try {
            trial.create(saved);
        } catch (StartException e) {
            LOG.debug("Routes cannot be created", e);
            LOG.warn("Routes not reloaded, those before go on: {}", e.reason());
            return "";
        }
        List<String> changes = saved.changesSince(running);
        if (changes.isEmpty()) {
            running = saved;
            LOG.info("Routes not reloaded: nothing changed in them");
        }
        return String.join("; ", changes);
    }

    private RouteFiles settled() throws InterruptedException {
        RouteFiles before = null;
        while (true) {
            RouteFiles now = onDisk();
            if (now != null && now.equals(before)) {
                return now;
            }
            before = now;
            Thread.sleep(SETTLING_MS);
        }
    }

    /** Returns what is saved now, or null where a file vanishes while it is read. */
    private RouteFiles onDisk() {
        try {
            return RouteFiles.of(directory);
        } catch (UncheckedIOException e) {
            LOG.debug("A file is being replaced", e);
            return null;
        }
    }

    private void replaceOrRestore(RouteFiles saved, String changes) {
        try {
            replace(saved);
            running = saved;
            LOG.info("Routes reloaded: {}", changes);
        } catch (Exception e) {
            LOG.debug("Routes cannot be started", e);
            LOG.warn(
                    "Routes not reloaded, those before go on: {}",
                    StartException.of(e, getCamelContext()).reason());
            restore();
        }
    }

    private void restore() {
        try {
            replace(running);
        } catch (Exception e) {
            LOG.debug("Routes cannot be restored", e);
            LOG.error(
                    "The routes before cannot be started again, restart the agent: {}",
                    StartException.of(e, getCamelContext()).reason());
        }
    }

    /**
     * Lets nothing begin any more and waits for what is under way.
     *
     * @return whether that ended before something else was saved or the agent is stopped
     */
    private boolean awaitTurn(RouteFiles saved, String changes) throws InterruptedException {
        if (!isQuiet()) {
            LOG.info("Routes are reloaded when what is under way has ended: {}", changes);
        }
        for (Route route : getCamelContext().getRoutes()) {
            Consumer consumer = route.getConsumer();
            if (isEntryRoute(route) && ServiceHelper.suspendService(consumer)) {
                suspended.add(consumer);
            }
        }
        while (!isQuiet()) {
            if (isEnding() || !saved.equals(onDisk())) {
                return false;
            }
            Thread.sleep(PATIENCE_MS);
        }
        return !isEnding();
    }

    /** Lets the routes begin again that were not replaced after all. */
    private void resumeConsumers() {
        if (!isEnding()) {
            suspended.forEach(ServiceHelper::resumeService);
        }
        suspended.clear();
    }

    private boolean isEnding() {
        return !isRunAllowed() || getCamelContext().isStopping();
    }

    private boolean isQuiet() {
        return getCamelContext().getInflightRepository().size() == 0;
    }

    /** Other routes only go on with what another one began, or show what there is. */
    private static boolean isEntryRoute(Route route) {
        Endpoint endpoint = route.getEndpoint();
        return !(endpoint instanceof DirectEndpoint
                || endpoint instanceof KameletEndpoint
                || endpoint instanceof PlatformHttpEndpoint);
    }

    private void replace(RouteFiles saved) throws Exception {
        CamelContext context = getCamelContext();
        suspended.clear();
        context.getRouteController().removeAllRoutes();
        context.removeRouteTemplates("*");
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        for (var configuration : new ArrayList<>(model.getRouteConfigurationDefinitions())) {
            // what holds for all routes is Java's: no file would bring it back
            if (!Agent.ALL_ROUTES.equals(configuration.getId())) {
                model.removeRouteConfiguration(configuration);
            }
        }
        context.getEndpointRegistry().clear();
        // else the first routes would begin before the last are created
        context.setAutoStartup(false);
        try {
            saved.load(context);
        } finally {
            context.setAutoStartup(true);
        }
        // a query may be new, and a scrape may have been due meanwhile
        context.getRegistry().findSingleByType(ScrapeSteps.class).expectGaps();
        // what begins something comes last, so that there is all that it needs
        List<Route> routes = new ArrayList<>(context.getRoutes());
        routes.sort(Comparator.comparing(RouteReload::isEntryRoute));
        for (Route route : routes) {
            if (route.isAutoStartup()) {
                if (route.getEndpoint() instanceof TimerEndpoint timer && timer.getDelay() >= 0) {
                    timer.setDelay(Math.max(timer.getDelay(), FIRST_TICK_MS));
                }
                context.getRouteController().startRoute(route.getRouteId());
            }
        }
    }
}
