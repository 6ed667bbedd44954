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
 * At most so many requests of one address in any minute, and so many of all together, which are of
 * one API key. Each is a scope with headers of its own. A sliding minute is stricter than the fixed
 * windows an API may have: who passes this passes those. Refused requests do not count.
 */
final class RateLimit {

    private static final long WINDOW = Duration.ofMinutes(1).toNanos();

    private final int ofAddress;
    private final int ofKey;
    private final LongSupplier nanoTime;
    private final Map<String, Deque<Long>> admitted = new HashMap<>();
    private final Deque<Long> admittedOfKey = new ArrayDeque<>();

    RateLimit(int ofAddress, LongSupplier nanoTime) {
        this(ofAddress, 2 * ofAddress, nanoTime);
    }

    RateLimit(int ofAddress, int ofKey, LongSupplier nanoTime) {
        this.ofAddress = ofAddress;
        this.ofKey = ofKey;
        this.nanoTime = nanoTime;
    }

    /** Counts the request of this address, unless it is one too many. */
    Decision request(String address) {
        long now = nanoTime.getAsLong();
        Deque<Long> recent = admitted.computeIfAbsent(address, key -> new ArrayDeque<>());
        boolean admit = within(recent, ofAddress, now) && within(admittedOfKey, ofKey, now);
        if (admit) {
            recent.addLast(now);
            admittedOfKey.addLast(now);
        }
        return new Decision(admit, scope(recent, ofAddress, now), scope(admittedOfKey, ofKey, now));
    }

    private static boolean within(Deque<Long> recent, int limit, long now) {
        while (!recent.isEmpty() && now - recent.peekFirst() >= WINDOW) {
            recent.removeFirst();
        }
        return recent.size() < limit;
    }

    private static Scope scope(Deque<Long> recent, int limit, long now) {
        long wait = recent.isEmpty() ? WINDOW : recent.peekFirst() + WINDOW - now;
        return new Scope(limit, limit - recent.size(), Seconds.roundedUp(Duration.ofNanos(wait)));
    }

    /**
     * How a scope stands.
     *
     * @param limit requests a minute
     * @param remaining requests that would still be admitted now
     * @param resetSeconds seconds until another one is
     */
    record Scope(int limit, int remaining, long resetSeconds) {}

    /**
     * What became of one request.
     *
     * @param admitted whether it may be answered
     * @param address the scope of its address
     * @param key the scope of its API key
     */
    record Decision(boolean admitted, Scope address, Scope key) {

        Map<String, String> headers() {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("rateLimit-limit", key.limit + "\n" + address.limit);
            headers.put("rateLimit-remaining", key.remaining + "\n" + address.remaining);
            headers.put("rateLimit-reset", key.resetSeconds + "\n" + address.resetSeconds);
            if (!admitted) {
                Scope full = address.remaining == 0 ? address : key;
                headers.put("Retry-After", "" + full.resetSeconds);
            }
            return headers;
        }

        Answer refusal() {
            return Answer.errors(429, List.of("Too Many Requests")).with(headers());
        }
    }
}
