package io.scrapingagent.simulator;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/**
 * A span of whole UTC hours.
 *
 * @param start inclusive
 * @param end exclusive
 */
record Interval(Instant start, Instant end) {

    /**
     * Reads {@code START/END}, {@code START/DURATION} or {@code DURATION/END}. The real API also
     * takes spans that cut hours, and the word {@code now}; no client of ours should send those.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static Interval parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("is not an ISO-8601 interval: " + text);
        }
        Interval interval;
        try {
            interval = of(parts[0], parts[1]);
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("is not an ISO-8601 interval: " + text, e);
        }
        if (!interval.start.isBefore(interval.end)) {
            throw new IllegalArgumentException("must end after its start: " + text);
        }
        if (!wholeHour(interval.start) || !wholeHour(interval.end)) {
            throw new IllegalArgumentException("must begin and end on a UTC hour: " + text);
        }
        return interval;
    }

    /** The starts of its hours, latest first: the order of the API's points within a group. */
    List<Instant> hours() {
        return Stream.iterate(
                        end.minus(1, ChronoUnit.HOURS),
                        hour -> !hour.isBefore(start),
                        hour -> hour.minus(1, ChronoUnit.HOURS))
                .toList();
    }

    private static Interval of(String first, String second) {
        if (first.startsWith("P")) {
            Instant end = instant(second);
            return new Interval(end.minus(Duration.parse(first)), end);
        }
        Instant start = instant(first);
        return second.startsWith("P")
                ? new Interval(start, start.plus(Duration.parse(second)))
                : new Interval(start, instant(second));
    }

    private static Instant instant(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }

    private static boolean wholeHour(Instant instant) {
        return instant.truncatedTo(ChronoUnit.HOURS).equals(instant);
    }
}
