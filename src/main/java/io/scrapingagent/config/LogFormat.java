package io.scrapingagent.config;

import java.util.Locale;
import java.util.Optional;

/** What a line of the log looks like. */
public enum LogFormat {
    /** For people. */
    TEXT,
    /** One JSON object per line, for programs. */
    JSON;

    static final String VARIABLE = "LOG_FORMAT";
    static final String ALLOWED = "text or json";

    /** The format of this name, in any case. */
    public static Optional<LogFormat> parse(String name) {
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "text" -> Optional.of(TEXT);
            case "json" -> Optional.of(JSON);
            default -> Optional.empty();
        };
    }

    /** The format in which wrong settings are reported: text, unless JSON is asked for. */
    public static LogFormat of(SettingsSource source) {
        return source.find(VARIABLE).flatMap(given -> parse(given.value())).orElse(TEXT);
    }
}
