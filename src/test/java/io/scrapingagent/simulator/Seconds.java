package io.scrapingagent.simulator;

import java.time.Duration;

/** Whole seconds, as HTTP headers have them. */
final class Seconds {

    private Seconds() {}

    /** Rounded up, so that who waits this long has waited long enough. */
    static long roundedUp(Duration duration) {
        return duration.plusSeconds(1).minusNanos(1).getSeconds();
    }
}
