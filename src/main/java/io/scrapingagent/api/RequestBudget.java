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
 * the API said itself, in headers that come once for each scope of the limit. The tightest scope
 * counts. Safe for use by several threads.
 */
public final class RequestBudget implements RequestListener {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Clock clock;
    private final Deque<Instant> requests = new ArrayDeque<>();
    private Limit limit;

    /**
     * What the Metrics API allows, as its last answer said.
     *
     * @param remaining how many more requests it allows, less those that {@link #delay} has let
     *     through since
     * @param reset when it allows more again, or null
     * @param said when it said so
     */
    public record Limit(int remaining, Instant reset, Instant said) {}

    /** Creates a budget of which nothing is used. */
    public RequestBudget(Clock clock) {
        this.clock = clock;
    }

    /**
     * Returns how long to wait, so that the Metrics API need not answer 429. Without a wait, the
     * request counts as one of those that the API still allows.
     *
     * @param maxMs the longest wait; then the API is asked, whatever it said
     * @return how long to wait before the request is sent, in ms
     */
    public synchronized long delay(long maxMs) {
        Instant now = clock.instant();
        if (limit == null || limit.reset == null || !now.isBefore(limit.reset)) {
            return 0;
        }
        if (limit.remaining > 0) {
            limit = new Limit(limit.remaining - 1, limit.reset, limit.said);
            return 0;
        }
        return Math.min(maxMs, Duration.between(now, limit.reset).toMillis());
    }

    @Override
    public synchronized void sent() {
        forgetOld();
        requests.add(clock.instant());
    }

    /** Notes what an answer says of the limit, if it does. */
    @Override
    public synchronized void answered(HttpResponse response) {
        Header[] counts = response.getHeaders("rateLimit-remaining");
        Header[] resets = response.getHeaders("rateLimit-reset");
        Instant now = clock.instant();
        Limit tightest = null;
        for (int scope = 0; scope < counts.length; scope++) {
            Integer count = wholeNumber(counts[scope]);
            if (count != null && (tightest == null || count < tightest.remaining)) {
                Integer seconds = scope < resets.length ? wholeNumber(resets[scope]) : null;
                Instant reset = seconds == null ? null : now.plusSeconds(seconds);
                tightest = new Limit(count, reset, now);
            }
        }
        if (tightest != null) {
            limit = tightest;
        }
    }

    /** Returns how many requests were sent in the last 60 s. */
    public synchronized int used() {
        forgetOld();
        return requests.size();
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

    private static Integer wholeNumber(Header header) {
        String value = header.getValue() == null ? "" : header.getValue().strip();
        return value.matches("\\d{1,9}") ? Integer.valueOf(value) : null;
    }
}
