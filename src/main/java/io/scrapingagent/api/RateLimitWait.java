package io.scrapingagent.api;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hc.client5.http.utils.DateUtils;

/**
 * How long to wait after an answer 429: what {@code Retry-After} (RFC 9110, seconds or a date) or
 * {@code rateLimit-reset} (seconds) says, else capped exponential back-off with jitter, as the API
 * description recommends.
 */
final class RateLimitWait {

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final int MAX_DOUBLINGS = 6;

    private final Clock clock;
    private final Duration longest;

    /**
     * @param clock for a {@code Retry-After} that is a date
     * @param longest the longest wait; then the API is asked again, whatever it said
     */
    RateLimitWait(Clock clock, Duration longest) {
        this.clock = clock;
        this.longest = longest;
    }

    /**
     * @param retryAfter the header {@code Retry-After}, or null
     * @param rateLimitReset the header {@code rateLimit-reset}, or null
     * @param attempt how many answers 429 in a row, from 1
     */
    Duration after(String retryAfter, String rateLimitReset, int attempt) {
        Duration wait = seconds(retryAfter);
        if (wait == null) {
            wait = untilDate(retryAfter);
        }
        if (wait == null) {
            wait = seconds(rateLimitReset);
        }
        if (wait == null) {
            wait = backoff(attempt);
        }
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(longest) > 0 ? longest : wait;
    }

    private static Duration seconds(String header) {
        if (header == null || !header.strip().matches("\\d{1,9}")) {
            return null;
        }
        return Duration.ofSeconds(Long.parseLong(header.strip()));
    }

    private Duration untilDate(String header) {
        return Optional.ofNullable(header)
                .map(DateUtils::parseStandardDate)
                .map(date -> Duration.between(clock.instant(), date))
                .orElse(null);
    }

    private static Duration backoff(int attempt) {
        long ms = FIRST_BACKOFF.toMillis() << Math.min(attempt - 1, MAX_DOUBLINGS);
        return Duration.ofMillis(ms + ThreadLocalRandom.current().nextLong(ms / 4 + 1));
    }
}
