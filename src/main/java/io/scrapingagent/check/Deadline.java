package io.scrapingagent.check;

import java.time.Duration;

/** When a check has to be done. */
final class Deadline {

    private final long end;

    private Deadline(long end) {
        this.end = end;
    }

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** Returns the time that is left, in ms; 0 when there is none. */
    long leftMs() {
        return Math.max(0, (end - System.nanoTime()) / 1_000_000);
    }
}
