package io.scrapingagent.routes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until a test sets it. */
public class TestClock extends Clock {

    private volatile Instant now;

    /** Creates a clock that stands at this time. */
    public TestClock(Instant now) {
        this.now = now;
    }

    /** Sets the time. */
    public void set(Instant time) {
        now = time;
    }

    /** Lets time pass. */
    public void forward(Duration duration) {
        set(instant().plus(duration));
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
