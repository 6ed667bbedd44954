package io.scrapingagent.config;

import java.util.Locale;
import java.util.Optional;

/** What a record's value looks like: {@code METRICS_FORMAT}. */
public enum RecordFormat {

    /** As the Python agent writes it: {@code timestamp} in ms. */
    STANDARD,

    /**
     * As SPOUD's Kafka Cost Control reads it: {@code timestamp} in seconds, and principals under
     * the tag {@code principal_id}.
     */
    KAFKA_COST_CONTROL;

    static final String ALLOWED = "standard or kafka-cost-control";

    static Optional<RecordFormat> parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "standard" -> Optional.of(STANDARD);
            case "kafka-cost-control" -> Optional.of(KAFKA_COST_CONTROL);
            default -> Optional.empty();
        };
    }
}
