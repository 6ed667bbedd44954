package io.scrapingagent.command;

import io.scrapingagent.Agent;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the agent, and starts it anew with other routes when a file of their directory is saved.
 *
 * <p>Camel's own reload removes all routes and Kamelets before it knows whether the new ones can be
 * created, and does not load all Kamelets again. Here all routes are first created beside the agent
 * that runs. Then the running agent stops as it always does: the window in hand is finished, and
 * the next agent fetches the others.
 */
public final class RouteReload implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RouteReload.class);

    private static final String NOT_RELOADED =
            "Routes not reloaded, the previous routes still run: {}";

    private static final long LOOK_EVERY_MS = 200;

    private final Path directory;
    private final Supplier<Agent> agents;
    private RouteFiles running;
    private volatile Agent agent;
    private volatile boolean closed;

    /**
     * Prepares to run agents.
     *
     * @param directory the routes' directory
     * @param agents prepares an agent whose routes are that directory's
     */
    public RouteReload(Path directory, Supplier<Agent> agents) {
        this.directory = directory;
        this.agents = agents;
    }

    /**
     * Starts the agent with the files that are there.
     *
     * @throws StartException when it cannot be started; the message says why
     */
    public void start() throws StartException {
        // the signal to end may come while no agent runs
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        start(RouteFiles.of(directory));
        LOG.info("Routes are reloaded when a file in {} is saved", directory);
    }

    /**
     * Reloads the routes whenever a file is saved, until this is closed.
     *
     * @throws StartException when the routes before cannot be started again
     */
    public void watch() throws StartException, InterruptedException {
        // the files at the last look, and those that were loaded last, with success or without
        RouteFiles seen = running;
        RouteFiles tried = running;
        int unread = 0;
        while (!closed) {
            Thread.sleep(LOOK_EVERY_MS);
            RouteFiles before = seen;
            try {
                seen = RouteFiles.of(directory);
                unread = 0;
            } catch (StartException e) {
                unread++;
                // silent after a single failure: an editor may be replacing the file at this moment
                if (unread == 2) {
                    LOG.warn(NOT_RELOADED, e.reason());
                }
            }
            // an editor saves in more than one step: a file is emptied first, or replaced
            boolean settled = unread == 0 && seen.equals(before);
            if (settled && !seen.equals(tried)) {
                tried = seen;
                if (seen.equals(running)) {
                    LOG.info("Routes not reloaded, they are those that run");
                } else {
                    reload(seen);
                }
            }
        }
    }

    /** Returns the agent that runs. */
    public Agent agent() {
        return agent;
    }

    /** Stops the agent that runs; no other is started. */
    @Override
    public void close() {
        closed = true;
        if (agent != null) {
            agent.closeInTime();
        }
    }

    private void reload(RouteFiles saved) throws StartException {
        RouteFiles before = running;
        try {
            agent.requireCreatable(saved);
            agent.close();
            start(saved);
            if (!closed) {
                LOG.info("Routes reloaded: {}", String.join(", ", saved.changedSince(before)));
            }
        } catch (StartException e) {
            // the new routes failed only at their start, and the old agent is closed already
            if (running == saved) {
                agent.close();
                start(before);
            }
            LOG.debug("Routes cannot be reloaded", e);
            if (!closed) {
                LOG.warn(NOT_RELOADED, e.reason());
            }
        }
    }

    /** Starts an agent with these files, unless this is closed. */
    private void start(RouteFiles files) throws StartException {
        running = files;
        if (!closed) {
            agent = agents.get();
            agent.use(files);
            agent.start();
        }
    }
}
