package io.scrapingagent.api;

import io.scrapingagent.api.MetricsApiException.BatchRefusedException;
import io.scrapingagent.api.MetricsApiException.UnavailableException;
import io.scrapingagent.config.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpConstants;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of the routes that fetch a window: they begin the fetch, build the request for the next
 * page, and handle each kind of answer.
 */
public final class FetchSteps {

    private static final Logger LOG = LoggerFactory.getLogger(FetchSteps.class);

    /** The heap that the agent needs without points. */
    private static final long BASE_BYTES = 64L << 20;

    /** The heap that a point needs, with its record. */
    private static final long POINT_BYTES = 2048;

    /** One page must fit, however small the heap is. */
    private static final int MIN_POINTS = 1000;

    /** Synchronized clocks still differ a little. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final int MAX_DOUBLINGS = 6;

    private final Settings settings;
    private final Clock clock;
    private final int maxPoints;
    private final Semaphore room;
    private final Duration deadline;
    private final Duration maxRateLimitWait;
    private final RequestBudget budget;
    private final List<RequestListener> listeners;

    /**
     * Creates the steps.
     *
     * @param maxPoints the most points of all windows in hand together, if the heap has room
     * @param deadline how long fetching a window may take, with its pages, retries and waits
     * @param budget what the Metrics API said of its limit
     */
    public FetchSteps(
            Settings settings,
            Clock clock,
            int maxPoints,
            Duration deadline,
            Duration maxRateLimitWait,
            RequestBudget budget,
            List<RequestListener> listeners) {
        long fit = (Runtime.getRuntime().maxMemory() - BASE_BYTES) / POINT_BYTES;
        this.settings = settings;
        this.clock = clock;
        this.maxPoints = (int) Math.min(maxPoints, Math.max(MIN_POINTS, fit));
        this.room = new Semaphore(this.maxPoints, true);
        this.deadline = deadline;
        this.maxRateLimitWait = maxRateLimitWait;
        this.budget = budget;
        this.listeners = List.copyOf(listeners);
    }

    /** Begins the fetch of a window; nothing is requested yet. */
    public WindowFetch begin(@ExchangeProperty("window") Window window) {
        return new WindowFetch(window, deadline, room, maxPoints);
    }

    /** Replaces the message by the request for the next page. */
    public void build(Exchange exchange, @ExchangeProperty("fetch") WindowFetch fetch) {
        fetch.countRequest();
        Message message = exchange.getMessage();
        fetch.redirects().begin(message, fetch.query(), QueryRequest.of(fetch.window()));
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    }

    /**
     * Checks by the API's clock that the window's hour is over and still kept. For a future or
     * forgotten hour the API answers with no points, and the hour would count as published. Only a
     * 200 and a 404 are checked: no other answer, perhaps a proxy's, publishes anything.
     */
    public void checkClock(
            @ExchangeProperty("fetch") WindowFetch fetch,
            @Header(HttpConstants.HTTP_RESPONSE_CODE) int status,
            @Header(HttpHeaders.DATE) String date) {
        if (status != HttpStatus.SC_OK && status != HttpStatus.SC_NOT_FOUND) {
            return;
        }
        Duration settling = Duration.ofMinutes(settings.minuteToScrapeAt());
        Duration retention = Duration.ofHours(settings.retentionHours());
        Instant start = fetch.window().hour();
        Instant end = fetch.window().end();
        Instant now = clock.instant();
        Instant apiTime = Optional.ofNullable(date).map(DateUtils::parseStandardDate).orElse(now);
        if (apiTime.isBefore(end.plus(settling).minus(CLOCKS_DIFFER))) {
            throw new MetricsApiException(
                    ("This machine's clock is ahead: by the Metrics API's it is %s, and the hour"
                                    + " that ends at %s is not due. Set the clock (NTP)")
                            .formatted(apiTime, end));
        }
        boolean forgotten = start.isBefore(apiTime.minus(retention));
        if (forgotten && apiTime.isAfter(now.plus(CLOCKS_DIFFER))) {
            throw new MetricsApiException(
                    ("This machine's clock is behind: by the Metrics API's it is %s, and the"
                                    + " hour %s is forgotten. Set the clock (NTP)")
                            .formatted(apiTime, start));
        } else if (forgotten) {
            throw new MetricsApiException(
                    ("The Metrics API no longer has the hour %s: it was forgotten just now. The"
                                    + " next scrape says what is lost and fetches the rest")
                            .formatted(start),
                    true);
        }
    }

    /** 200: adds the page. */
    public void page(@ExchangeProperty("fetch") WindowFetch fetch, @Body QueryResponse page)
            throws InterruptedException {
        fetch.add(page);
    }

    /**
     * 404: no points, if the Metrics API itself says so of the first page. Another server's 404
     * must not make an hour count as empty, nor may a later page's 404 end the window without its
     * missing points. A batch is halved first: only of a single cluster does a 404 say that it has
     * no points.
     */
    public void noPoints(@ExchangeProperty("fetch") WindowFetch fetch, @Body byte[] body) {
        ApiAnswer answer = new ApiAnswer(HttpStatus.SC_NOT_FOUND, body);
        if (!answer.isErrorResponse()) {
            throw new UnavailableException(answer.sentence() + ": " + answer.remedy("the cluster"));
        }
        if (fetch.isLaterPage()) {
            throw new MetricsApiException(
                    "The Metrics API answered 404 to a page that it had announced itself: nothing"
                            + " of the window is published",
                    true);
        }
        if (fetch.window().isBatch()) {
            throw new BatchRefusedException(answer.sentence());
        }
        fetch.end();
    }

    /**
     * 429: returns how long to wait before the same page is asked for again, in ms. It is what the
     * API says, else capped exponential back-off with jitter, as its description recommends.
     */
    public long rateLimited(
            @ExchangeProperty("fetch") WindowFetch fetch,
            @Header("Retry-After") String retryAfter) {
        long backoff = backoff(fetch.rateLimited());
        long limit = maxRateLimitWait.toMillis();
        Integer seconds = RequestBudget.wholeNumber(retryAfter, null);
        long said = seconds == null ? budget.delay(limit) : seconds * 1000L;
        long ms = Math.min(said > 0 ? said : backoff, limit);
        listeners.forEach(it -> it.rateLimited(Duration.ofMillis(ms)));
        LOG.debug("Rate limited: waiting {} ms", ms);
        return ms;
    }

    private static long backoff(int attempt) {
        long ms = FIRST_BACKOFF.toMillis() << Math.min(attempt - 1, MAX_DOUBLINGS);
        return ms + ThreadLocalRandom.current().nextLong(ms / 4 + 1);
    }

    /** 400 on a later page: begins the window again. */
    public void cursorExpired(@ExchangeProperty("fetch") WindowFetch fetch) {
        fetch.restart();
    }

    /** 301, 302, 307, 308: sends the request where the API says. */
    public void redirected(
            @ExchangeProperty("fetch") WindowFetch fetch, @Header("Location") String location) {
        fetch.redirects().follow(settings.api().baseUrl(), location);
    }

    /** Any other status: fails, and says what to do; what may pass by itself is retried. */
    public void rejected(
            @ExchangeProperty("fetch") WindowFetch fetch,
            @Header(HttpConstants.HTTP_RESPONSE_CODE) int status,
            @Body byte[] body) {
        Window window = fetch.window();
        throw new ApiAnswer(status, body)
                .failure("cluster " + window.clusters().get(0), window.isBatch());
    }

    /** Drops the points and frees their room, whether the window was published or not. */
    public void release(Exchange exchange) {
        WindowFetch fetch = (WindowFetch) exchange.removeProperty("fetch");
        // absent if the window's fetch did not start
        if (fetch != null) {
            fetch.release();
        }
        exchange.getMessage().setBody(null);
    }
}
