package io.scrapingagent.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import java.util.List;
import java.util.function.Consumer;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.fieldnames.LogstashCommonFieldNames;
import net.logstash.logback.fieldnames.LogstashFieldNames;
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

    /** Makes each line of the log a JSON object. */
    static void writeJson() {
        LogstashEncoder encoder = new LogstashEncoder();
        encoder.setFieldNames(jsonFields());
        encoder.setTimeZone("UTC");
        encoder.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
        encoder.start();
        onConsole(console -> console.setEncoder(encoder));
    }

    private static LogstashFieldNames jsonFields() {
        LogstashFieldNames fields = new LogstashFieldNames();
        fields.setTimestamp("timestamp");
        fields.setLogger("logger");
        fields.setThread("thread");
        fields.setStackTrace("exception");
        fields.setVersion(LogstashCommonFieldNames.IGNORE_FIELD_INDICATOR);
        fields.setLevelValue(LogstashCommonFieldNames.IGNORE_FIELD_INDICATOR);
        return fields;
    }

    /** Sends the log to standard error, where a command's standard output is for something else. */
    static void logToStandardError() {
        onConsole(
                console -> {
                    console.setTarget(ConsoleTarget.SystemErr.getName());
                    // takes the target as it is when it starts
                    console.start();
                });
    }

    private static void onConsole(Consumer<ConsoleAppender<ILoggingEvent>> change) {
        logger(Logger.ROOT_LOGGER_NAME)
                .iteratorForAppenders()
                .forEachRemaining(
                        appender -> {
                            if (appender instanceof ConsoleAppender<ILoggingEvent> console) {
                                change.accept(console);
                            }
                        });
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}
