package io.scrapingagent;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import io.scrapingagent.settings.LogLevel;
import org.slf4j.LoggerFactory;

/** Sets the level of the log, and where it goes. */
final class LogLevels {

    private LogLevels() {}

    /**
     * Sets the level of everything that {@code logback.xml} does not fix. Libraries say at INFO
     * what an operator does not ask for, so they follow only below that.
     */
    static void apply(LogLevel level) {
        Level applied =
                switch (level) {
                    case FATAL, ERROR -> Level.ERROR;
                    case WARN -> Level.WARN;
                    case INFO -> Level.INFO;
                    case DEBUG -> Level.DEBUG;
                };
        logger(Logger.ROOT_LOGGER_NAME).setLevel(applied == Level.INFO ? Level.WARN : applied);
        logger("io.scrapingagent").setLevel(applied);
        // its client repeats every second what a failed query's line says once
        logger("org.apache.kafka").setLevel(applied == Level.DEBUG ? applied : Level.ERROR);
        // has a table of threads for a stop that is forced, which is said in a sentence anyway
        logger("org.apache.camel.impl.engine.DefaultAsyncProcessorAwaitManager")
                .setLevel(applied == Level.DEBUG ? applied : Level.ERROR);
    }

    /** Silences libraries for a command that says in words of its own what they fail at. */
    static void silenceLibraries(LogLevel level) {
        if (level != LogLevel.DEBUG) {
            logger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
            logger("org.apache.kafka").setLevel(Level.OFF);
        }
    }

    /** Sends the log to standard error, where a command's standard output is for something else. */
    static void logToStandardError() {
        logger(Logger.ROOT_LOGGER_NAME)
                .iteratorForAppenders()
                .forEachRemaining(
                        appender -> {
                            if (appender instanceof ConsoleAppender<?> console) {
                                console.setTarget(ConsoleTarget.SystemErr.getName());
                                // takes the target as it is when it starts
                                console.start();
                            }
                        });
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}
