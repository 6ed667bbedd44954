package io.scrapingagent.check;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Does this machine's clock agree with the Metrics API's, which says which hours are over? */
final class ClockCheck {

    private static final Duration MOST = Duration.ofMinutes(1);

    private ClockCheck() {}

    /**
     * Compares the clocks.
     *
     * @param there the answer's {@code Date}
     * @param here the time at which the answer came
     */
    static Finding of(Optional<Instant> there, Instant here) {
        if (there.isEmpty()) {
            return Finding.warning(
                    ApiCheck.CLOCK,
                    "the Metrics API's answer has no Date to compare with",
                    "see to it that the clock is set (NTP)");
        }
        Duration ahead = Duration.between(there.get(), here);
        if (ahead.abs().compareTo(MOST) <= 0) {
            return Finding.ok(ApiCheck.CLOCK, "within a minute of the Metrics API's");
        }
        return Finding.failed(
                ApiCheck.CLOCK,
                "%s is %d seconds %s the Metrics API's, which is %s"
                        .formatted(
                                here,
                                ahead.abs().toSeconds(),
                                ahead.isNegative() ? "behind" : "ahead of",
                                there.get()),
                "set the clock (NTP)");
    }
}
