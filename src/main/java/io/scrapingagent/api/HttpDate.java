package io.scrapingagent.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** A header's date as RFC 9110 has it: {@code Tue, 02 Sep 2025 01:00:00 GMT}. */
public final class HttpDate {

    private HttpDate() {}

    /** Reads a header; nothing where it is missing or no date. */
    public static Optional<Instant> parse(String header) {
        if (header == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
