package io.scrapingagent.command;

import io.scrapingagent.Agent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the agent, and starts it anew with other routes when a file of their directory is saved.
 *
 * <p>Camel's own reload removes a route before it knows whether the new one can be created, and
 * forgets Kamelets and files that were deleted. Here all routes are first created beside the agent
 * that runs. It then stops as it always does: the window in hand is finished, and the next agent
 * fetches the others.
 */
public final class RouteReload implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RouteReload.class);

    /** An editor's save is more than one event: a file is emptied first, or replaced by another. */
    private static final long SETTLING_MS = 200;

    private final Path directory;
    private final Supplier<Agent> agents;
    private final WatchService saves;
    private RouteFiles running;
    private volatile Agent agent;
    private volatile boolean closed;

    /**
     * Begins to watch a directory.
     *
     * @param directory the routes' directory
     * @param agents prepares an agent whose routes are that directory's
     * @throws IOException when it cannot be watched
     */
    public RouteReload(Path directory, Supplier<Agent> agents) throws IOException {
        this.directory = directory;
        this.agents = agents;
        saves = directory.getFileSystem().newWatchService();
        directory.register(
                saves,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
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
        RouteFiles seen = running;
        while (!closed) {
            try {
                awaitSave();
                RouteFiles saved = RouteFiles.of(directory);
                if (!saved.equals(seen)) {
                    seen = saved;
                    reload(saved);
                }
            } catch (UncheckedIOException e) {
                LOG.debug("A file is being replaced, which is another event", e);
            } catch (ClosedWatchServiceException e) {
                LOG.debug("Nothing is watched any more", e);
            }
        }
    }

    /** Returns the agent that runs. */
    public Agent agent() {
        return agent;
    }

    @Override
    public void close() {
        closed = true;
        try {
            saves.close();
        } catch (IOException e) {
            LOG.debug("The directory is still watched", e);
        }
        if (agent != null) {
            agent.close();
        }
    }

    private void awaitSave() throws InterruptedException {
        WatchKey key = saves.take();
        while (key != null) {
            key.pollEvents();
            key.reset();
            key = saves.poll(SETTLING_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void reload(RouteFiles saved) throws StartException {
        RouteFiles before = running;
        try {
            agent.requireCreatable(saved);
            agent.close();
            start(saved);
            LOG.info("Routes reloaded: {}", String.join(", ", saved.changedSince(before)));
        } catch (StartException e) {
            LOG.debug("Routes cannot be reloaded", e);
            if (!running.equals(before)) {
                agent.close();
                start(before);
            }
            LOG.warn("Routes not reloaded, those before go on: {}", e.reason());
        }
    }

    private void start(RouteFiles files) throws StartException {
        running = files;
        if (!closed) {
            agent = agents.get();
            agent.use(files);
            agent.start();
        }
    }
}
