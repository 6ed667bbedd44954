package io.scrapingagent.simulator;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * At most so many requests of one address in any minute. A sliding minute is stricter than the
 * fixed windows an API may have: who passes this passes those. Refused requests do not count.
 */
final class RateLimit {

    private static final long WINDOW = Duration.ofMinutes(1).toNanos();

    private final int requestsPerMinute;
    private final LongSupplier nanoTime;
    private final Map<String, Deque<Long>> admitted = new HashMap<>();

    RateLimit(int requestsPerMinute, LongSupplier nanoTime) {
        this.requestsPerMinute = requestsPerMinute;
        this.nanoTime = nanoTime;
    }

    /** Counts the request of this address, unless it is one too many. */
    Decision request(String address) {
        long now = nanoTime.getAsLong();
        Deque<Long> recent = admitted.computeIfAbsent(address, key -> new ArrayDeque<>());
        while (!recent.isEmpty() && now - recent.peekFirst() >= WINDOW) {
            recent.removeFirst();
        }
        boolean admit = recent.size() < requestsPerMinute;
        if (admit) {
            recent.addLast(now);
        }
        long wait = recent.isEmpty() ? WINDOW : recent.peekFirst() + WINDOW - now;
        return new Decision(
                admit,
                requestsPerMinute,
                requestsPerMinute - recent.size(),
                Seconds.roundedUp(Duration.ofNanos(wait)));
    }

    /**
     * What became of one request.
     *
     * @param admitted whether it may be answered
     * @param limit requests a minute
     * @param remaining requests that would still be admitted now
     * @param resetSeconds seconds until another one is
     */
    record Decision(boolean admitted, int limit, int remaining, long resetSeconds) {

        Map<String, String> headers() {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("rateLimit-limit", "" + limit);
            headers.put("rateLimit-remaining", "" + remaining);
            headers.put("rateLimit-reset", "" + resetSeconds);
            if (!admitted) {
                headers.put("Retry-After", "" + resetSeconds);
            }
            return headers;
        }

        Answer refusal() {
            return Answer.errors(429, List.of("Too Many Requests")).with(headers());
        }
    }
}
