package io.scrapingagent.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Which UTC hours are due. */
public final class Hours {

    private static final Duration HOUR = Duration.ofHours(1);

    private final Clock clock;
    private final Duration settling;
    private final Duration retention;

    /** Hours are due so long after their end, and the Metrics API keeps them for so long. */
    public Hours(Clock clock, Duration settling, Duration retention) {
        this.clock = clock;
        this.settling = settling;
        this.retention = retention;
    }

    /** Returns the start of the last hour that is due. */
    public Instant lastDue() {
        return clock.instant().minus(settling).truncatedTo(ChronoUnit.HOURS).minus(HOUR);
    }

    /** Returns when the next hour will be due. */
    public Instant nextDue() {
        return lastDue().plus(HOUR.multipliedBy(2)).plus(settling);
    }

    /** Returns the start of the first hour that the Metrics API still has. */
    public Instant firstAvailable() {
        return oldestAvailable().minusNanos(1).truncatedTo(ChronoUnit.HOURS).plus(HOUR);
    }

    /** Returns the earliest moment of which the Metrics API still has data. */
    public Instant oldestAvailable() {
        return clock.instant().minus(retention);
    }
}
