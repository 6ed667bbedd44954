package io.scrapingagent.command;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Sets the variables of {@code logback.xml}: levels, what a line looks like, where it goes. */
final class LogSetup {

    private LogSetup() {}

    /**
     * Sets the level of the log. At INFO libraries are one level quieter, at any other they have
     * the agent's; Kafka's client logs errors only, except at DEBUG. The loggers that report at
     * length what the agent says in a sentence ({@code details}) are off, except at DEBUG.
     */
    static void apply(Level level) {
        if (level == Level.INFO) {
            return;
        }
        set("level", level.toString());
        set("libraries", level.toString());
        if (level == Level.DEBUG) {
            set("kafka", level.toString());
            set("details", level.toString());
        }
        configureAgain();
    }

    /** Silences libraries for a command that says in words of its own what they fail at. */
    static void silenceLibraries(Level level) {
        if (level != Level.DEBUG) {
            set("libraries", "OFF");
            set("kafka", "OFF");
            configureAgain();
        }
    }

    /** Makes each line of the log a JSON object. */
    static void writeJson() {
        set("format", "json");
        configureAgain();
    }

    static boolean isJson() {
        return "json".equals(System.getProperty("agent.log.format"));
    }

    /** Sends the log to standard error, where a command's standard output is for something else. */
    static void logToStandardError() {
        set("target", "System.err");
        configureAgain();
    }

    private static void set(String variable, String value) {
        System.setProperty("agent.log." + variable, value);
    }

    private static void configureAgain() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        try {
            new ContextInitializer(context).autoConfig();
        } catch (JoranException e) {
            throw new IllegalStateException(e);
        }
    }
}
