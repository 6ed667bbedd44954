package io.scrapingagent.status;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as the page writes them, in UTC. */
final class Times {

    private static final DateTimeFormatter DAY = formatter("EEE d");
    private static final DateTimeFormatter TIME = formatter("HH:mm");
    private static final DateTimeFormatter MINUTE = formatter("d MMM, HH:mm");
    private static final DateTimeFormatter SECOND = formatter("EEE d MMM yyyy, HH:mm:ss");

    private Times() {}

    /** Returns {@code Sun 22}. */
    static String day(Instant time) {
        return DAY.format(time);
    }

    /** Returns {@code 22 Nov, 17:05}. */
    static String minute(Instant time) {
        return MINUTE.format(time);
    }

    /** Returns {@code Sun 22 Nov 2026, 17:05:01}. */
    static String second(Instant time) {
        return SECOND.format(time);
    }

    /** Returns when some adjacent hours begin and end: {@code 22 Nov, 17:00 to 19:00}. */
    static String hours(Instant start, int hours) {
        Instant end = start.plus(Duration.ofHours(hours));
        boolean sameDay = DAY.format(start).equals(DAY.format(end));
        return minute(start) + " to " + (sameDay ? TIME : MINUTE).format(end);
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }
}
