package io.scrapingagent.routes;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.slf4j.LoggerFactory;

/** What a part of the agent says in its log, from now on. */
public final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger;

    /** Listens to a logger. */
    public LogLines(String name) {
        logger = (Logger) LoggerFactory.getLogger(name);
        setContext(logger.getLoggerContext());
        start();
        logger.addAppender(this);
    }

    /** Waits for the next line that begins so, forgets it and what came before, and returns it. */
    public String await(String beginning) {
        return Awaitility.await(beginning)
                .atMost(Duration.ofSeconds(60))
                .until(() -> next(beginning), line -> line != null);
    }

    /** Returns the lines that are not forgotten. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.add(event.getLevel() + " " + event.getFormattedMessage());
    }

    private String next(String beginning) {
        for (String line : lines) {
            if (line.startsWith(beginning)) {
                lines.subList(0, lines.indexOf(line) + 1).clear();
                return line;
            }
        }
        return null;
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        stop();
    }
}
