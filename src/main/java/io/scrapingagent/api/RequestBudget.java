package io.scrapingagent.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;

/**
 * How much of the Metrics API's rate limit is left, as the API says in headers that come once for
 * each scope of the limit. The tightest scope counts. Safe for use by several threads.
 */
public final class RequestBudget implements RequestListener {

    private static final Comparator<Limit> TIGHTEST_FIRST =
            Comparator.comparing(Limit::remaining)
                    .thenComparing(Limit::reset, Comparator.reverseOrder());

    private final Clock clock;
    private Limit limit;

    /**
     * What the Metrics API allows, as its last answer said.
     *
     * @param remaining how many more requests it allows, less those that {@link #delay} has let
     *     through since
     * @param reset when it allows more again; where it did not say, the time at which it spoke
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
        if (limit == null || !now.isBefore(limit.reset)) {
            return 0;
        }
        if (limit.remaining > 0) {
            limit = new Limit(limit.remaining - 1, limit.reset, limit.said);
            return 0;
        }
        return Math.min(maxMs, Duration.between(now, limit.reset).toMillis());
    }

    /** Notes what an answer says of the limit, if it does. */
    @Override
    public synchronized void answered(HttpResponse response) {
        Header[] counts = response.getHeaders("rateLimit-remaining");
        Header[] resets = response.getHeaders("rateLimit-reset");
        // a 429 may have a reset but no remaining: then nothing remains
        Integer unsaid = response.getCode() == HttpStatus.SC_TOO_MANY_REQUESTS ? 0 : null;
        Instant now = clock.instant();
        List<Limit> scopes = new ArrayList<>();
        for (int scope = 0; scope < Math.max(counts.length, resets.length); scope++) {
            Integer count = wholeNumber(value(counts, scope), unsaid);
            Instant reset = now.plusSeconds(wholeNumber(value(resets, scope), 0));
            if (count != null) {
                scopes.add(new Limit(count, reset, now));
            }
        }
        scopes.stream().min(TIGHTEST_FIRST).ifPresent(tightest -> limit = tightest);
    }

    /** Returns what the Metrics API said last; nothing where it never did. */
    public synchronized Optional<Limit> limit() {
        return Optional.ofNullable(limit);
    }

    private static String value(Header[] headers, int scope) {
        return scope < headers.length ? headers[scope].getValue() : null;
    }

    /** Reads what a header says; it may be null. */
    static Integer wholeNumber(String value, Integer otherwise) {
        return value != null && value.strip().matches("\\d{1,9}")
                ? Integer.valueOf(value.strip())
                : otherwise;
    }
}
