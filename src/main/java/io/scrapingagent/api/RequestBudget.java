package io.scrapingagent.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;

/**
 * How much of the Metrics API's rate limit is used: by the requests that this agent sent, and as
 * the API said itself. Safe for use by several threads.
 */
public final class RequestBudget implements RequestListener {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final int requestsPerMinute;
    private final Clock clock;
    private final Deque<Instant> requests = new ArrayDeque<>();
    private Limit limit;

    /**
     * What an answer of the Metrics API said of its limit.
     *
     * @param remaining how many more requests it allowed
     * @param reset when it allows the full number again, or null
     * @param said when it said so
     */
    public record Limit(int remaining, Instant reset, Instant said) {}

    /**
     * Creates a budget of which nothing is used.
     *
     * @param requestsPerMinute how many requests this agent sends in any 60 s at most
     * @param clock the time of the requests
     */
    public RequestBudget(int requestsPerMinute, Clock clock) {
        this.requestsPerMinute = requestsPerMinute;
        this.clock = clock;
    }

    @Override
    public synchronized void sent() {
        forgetOld();
        requests.add(clock.instant());
    }

    /** Notes what an answer says of the limit, if it does. */
    @Override
    public synchronized void answered(HttpResponse response) {
        Integer count = wholeNumber(response, "rateLimit-remaining");
        if (count != null) {
            Instant now = clock.instant();
            Integer seconds = wholeNumber(response, "rateLimit-reset");
            limit = new Limit(count, seconds == null ? null : now.plusSeconds(seconds), now);
        }
    }

    /** Returns how many requests were sent in the last 60 s. */
    public synchronized int used() {
        forgetOld();
        return requests.size();
    }

    /** Returns how many requests this agent sends in any 60 s at most. */
    public int requestsPerMinute() {
        return requestsPerMinute;
    }

    /** Returns what the Metrics API said last; nothing where it never did. */
    public synchronized Optional<Limit> limit() {
        return Optional.ofNullable(limit);
    }

    private void forgetOld() {
        Instant oldest = clock.instant().minus(MINUTE);
        while (!requests.isEmpty() && !requests.peek().isAfter(oldest)) {
            requests.remove();
        }
    }

    private static Integer wholeNumber(HttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        String value = header == null || header.getValue() == null ? "" : header.getValue().strip();
        return value.matches("\\d{1,9}") ? Integer.valueOf(value) : null;
    }
}
