package io.scrapingagent.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Which hours the API holds: those that have settled and are not older than seven days. */
record Retention(Clock clock) {

    private static final Duration SETTLING = Duration.ofMinutes(5);
    private static final Duration KEPT = Duration.ofDays(7);
    private static final Duration HOUR = Duration.ofHours(1);

    boolean holds(Instant hour) {
        Instant now = clock.instant();
        return !hour.plus(HOUR).plus(SETTLING).isAfter(now) && !hour.isBefore(now.minus(KEPT));
    }
}
