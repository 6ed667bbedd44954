package io.scrapingagent.command;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads an hour of the command line: {@code 2025-09-02T01}, {@code …T01:00} or {@code …T01:00Z}.
 */
final class UtcHour implements ITypeConverter<Instant> {

    @Override
    public Instant convert(String text) {
        String time = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
        try {
            Instant instant =
                    LocalDateTime.parse(time.matches(".*T\\d\\d") ? time + ":00" : time)
                            .toInstant(ZoneOffset.UTC);
            if (instant.equals(instant.truncatedTo(ChronoUnit.HOURS))) {
                return instant;
            }
        } catch (DateTimeException e) {
            // said below, like a time that is no full hour
        }
        throw new TypeConversionException(
                "'" + text + "' is not a full UTC hour like 2025-09-02T01:00Z");
    }
}
