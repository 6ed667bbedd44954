package io.scrapingagent.simulator;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * At most so many requests in any minute. A sliding minute is stricter than the fixed windows an
 * API may have: who passes this passes those. Refused requests do not count.
 *
 * <p>The API limits each address and each API key. Here all requests are of one address; the key's
 * limit is twice as high, so that it is only told.
 */
final class RateLimit {

    private static final long WINDOW = Duration.ofMinutes(1).toNanos();

    private final int limit;
    private final Deque<Long> admitted = new ArrayDeque<>();

    RateLimit(int limit) {
        this.limit = limit;
    }

    /** Counts a request, unless it is one too many. */
    Decision request() {
        long now = System.nanoTime();
        while (!admitted.isEmpty() && now - admitted.peekFirst() >= WINDOW) {
            admitted.removeFirst();
        }
        boolean admit = admitted.size() < limit;
        if (admit) {
            admitted.addLast(now);
        }
        // rounded up, so that who waits this long has waited long enough
        Duration wait = Duration.ofNanos(admitted.peekFirst() + WINDOW - now);
        long seconds = wait.plusSeconds(1).minusNanos(1).getSeconds();
        return new Decision(admit, limit, limit - admitted.size(), seconds);
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

        /** The key's value comes first, then the address's. */
        Map<String, String> headers() {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("rateLimit-limit", 2 * limit + "\n" + limit);
            headers.put("rateLimit-remaining", limit + remaining + "\n" + remaining);
            headers.put("rateLimit-reset", resetSeconds + "\n" + resetSeconds);
            if (!admitted) {
                headers.put("Retry-After", "" + resetSeconds);
            }
            return headers;
        }

        Answer refusal() {
            return Answer.error(429, "Too Many Requests").with(headers());
        }
    }
}
