package io.scrapingagent.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Sets the level of the log, what its lines look like, and where they go. */
final class LogSetup {

    /** The agent logs one sentence for what these loggers report at length. */
    private static final List<String> SAID_IN_A_SENTENCE =
            List.of(
                    // a stop that is forced
                    "org.apache.camel.impl.engine.DefaultAsyncProcessorAwaitManager",
                    "org.apache.camel.impl.engine.DefaultInflightRepository",
                    "org.apache.camel.impl.engine.DefaultShutdownStrategy",
                    // a start that failed
                    "org.apache.camel.impl.engine.AbstractCamelContext",
                    // a window that Kafka refused
                    "org.apache.camel.component.kafka.KafkaTransactionSynchronization",
                    // a key store or trust store that cannot be read
                    "org.apache.kafka.common.security.ssl");

    /** Where libraries log. A route's own steps log under the names of their files and routes. */
    private static final List<String> LIBRARIES = List.of("ch", "com", "io", "net", "org");

    private LogSetup() {}

    /**
     * Sets the level of everything that {@code logback.xml} does not fix. Libraries are one level
     * quieter at INFO (WARN); at any other level they have the agent's.
     */
    static void apply(org.slf4j.event.Level level) {
        Level applied = Level.convertAnSLF4JLevel(level);
        logger(Logger.ROOT_LOGGER_NAME).setLevel(applied);
        LIBRARIES.forEach(
                name -> logger(name).setLevel(applied == Level.INFO ? Level.WARN : applied));
        logger("io.scrapingagent").setLevel(applied);
        // its client repeats every second what a failed query's line says once
        logger("org.apache.kafka").setLevel(applied == Level.DEBUG ? applied : Level.ERROR);
        SAID_IN_A_SENTENCE.forEach(
                name -> logger(name).setLevel(applied == Level.DEBUG ? applied : Level.OFF));
    }

    /** Silences libraries for a command that says in words of its own what they fail at. */
    static void silenceLibraries(org.slf4j.event.Level level) {
        if (level != org.slf4j.event.Level.DEBUG) {
            LIBRARIES.forEach(name -> logger(name).setLevel(Level.OFF));
            logger("org.apache.kafka").setLevel(Level.OFF);
        }
    }

    /** Makes each line of the log a JSON object; to be called before the level is set. */
    static void writeJson() {
        configureAgain("agent.log.format", "json");
    }

    /** Sends the log to standard error, where a command's standard output is for something else. */
    static void logToStandardError() {
        configureAgain("agent.log.target", "System.err");
    }

    /** Sets a variable of {@code logback.xml}. */
    private static void configureAgain(String variable, String value) {
        System.setProperty(variable, value);
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        try {
            new ContextInitializer(context).autoConfig();
        } catch (JoranException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}
