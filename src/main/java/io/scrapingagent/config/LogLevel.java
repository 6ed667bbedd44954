package io.scrapingagent.config;

import java.util.Locale;
import java.util.Optional;

/** How much the agent logs. */
public enum LogLevel {
    FATAL,
    ERROR,
    WARN,
    INFO,
    DEBUG;

    static final String ALLOWED = "CRITICAL, FATAL, ERROR, WARN, WARNING, INFO or DEBUG";

    /** The level of this name in any case, Python's names CRITICAL and WARNING included. */
    public static Optional<LogLevel> parse(String name) {
        return switch (name.strip().toUpperCase(Locale.ROOT)) {
            case "CRITICAL", "FATAL" -> Optional.of(FATAL);
            case "ERROR" -> Optional.of(ERROR);
            case "WARN", "WARNING" -> Optional.of(WARN);
            case "INFO" -> Optional.of(INFO);
            case "DEBUG" -> Optional.of(DEBUG);
            default -> Optional.empty();
        };
    }
}
