package io.scrapingagent.api;

import io.scrapingagent.api.MetricsApiException.ForbiddenException;
import io.scrapingagent.api.MetricsApiException.UnauthorizedException;
import io.scrapingagent.config.OneLine;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.component.http.HttpConstants;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles each kind of answer of the Metrics API for the current window: the branches of the
 * routes' choice.
 */
public final class ResponseHandler {

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 307, 308);

    /** How many redirects in a row are followed. */
    public static final int MAX_REDIRECTS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(ResponseHandler.class);

    /** Synchronized clocks still differ a little. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final int MAX_DOUBLINGS = 6;

    private final URI host;
    private final Duration settling;
    private final Duration retention;
    private final Clock clock;
    private final Duration maxRateLimitWait;
    private final List<RequestListener> listeners;

    /**
     * Creates the step.
     *
     * @param host the Metrics API's address, which redirects may not leave
     * @param settling how long after its end an hour is due
     * @param retention how far back the Metrics API keeps hours
     */
    public ResponseHandler(
            URI host,
            Duration settling,
            Duration retention,
            Clock clock,
            Duration maxRateLimitWait,
            List<RequestListener> listeners) {
        this.host = host;
        this.settling = settling;
        this.retention = retention;
        this.clock = clock;
        this.maxRateLimitWait = maxRateLimitWait;
        this.listeners = List.copyOf(listeners);
    }

    /** 200: adds the page. */
    public void page(@ExchangeProperty("pages") WindowFetch pages, @Body QueryResponse page)
            throws InterruptedException {
        pages.add(page);
    }

    /**
     * 404: no points, if the Metrics API itself says so of the first page. Another server's 404
     * must not make an hour count as empty, nor may a later page's 404 end the window without its
     * missing points.
     */
    public void noPoints(@ExchangeProperty("pages") WindowFetch pages, @Body byte[] body) {
        if (!ApiText.isErrorResponse(body)) {
            throw new MetricsApiUnavailableException(
                    "A server that is not the Metrics API answered 404: "
                            + ApiText.remedy(HttpStatus.SC_NOT_FOUND, body, ""));
        }
        if (pages.isLaterPage()) {
            throw new MetricsApiException(
                    "The Metrics API answered 404 to a page that it had announced itself: nothing"
                            + " of the window is published, and it is tried again");
        }
        if (pages.window().isBatch()) {
            throw new BatchRefusedException(ApiText.answered(HttpStatus.SC_NOT_FOUND, body));
        }
        pages.end();
    }

    /**
     * Checks by the API's clock that the window's hour is over and still kept. For a future or
     * forgotten hour the API answers with no points, and the hour would count as published.
     */
    public void checkClock(
            @ExchangeProperty("pages") WindowFetch pages, @Header(HttpHeaders.DATE) String date) {
        Instant start = pages.window().hour();
        Instant end = pages.window().end();
        Optional<Instant> there = Optional.ofNullable(date).map(DateUtils::parseStandardDate);
        if (there.isPresent() && there.get().isBefore(end.plus(settling).minus(CLOCKS_DIFFER))) {
            throw new MetricsApiException(
                    ("This machine's clock is ahead: by the Metrics API's it is %s, and the hour"
                                    + " that ends at %s is not due. Set the clock (NTP)")
                            .formatted(there.get(), end));
        }
        if (start.isBefore(there.orElseGet(clock::instant).minus(retention))) {
            throw new MetricsApiException(
                    ("The Metrics API no longer has the hour %s: it was forgotten just now. The"
                                    + " next scrape says what is lost and fetches the rest")
                            .formatted(start));
        }
    }

    /**
     * 429: returns how long to wait before the same page is asked for again, in ms. It is what the
     * API says, else capped exponential back-off with jitter, as its description recommends.
     */
    public long rateLimited(
            @ExchangeProperty("pages") WindowFetch pages,
            @Header("Retry-After") String retryAfter,
            @Header("rateLimit-reset") String rateLimitReset) {
        Duration backoff = backoff(pages.rateLimited());
        Duration said =
                Stream.of(retryAfter, rateLimitReset)
                        .filter(it -> it != null && it.strip().matches("\\d{1,9}"))
                        .findFirst()
                        .map(it -> Duration.ofSeconds(Long.parseLong(it.strip())))
                        .orElse(backoff);
        Duration wait = said.compareTo(maxRateLimitWait) > 0 ? maxRateLimitWait : said;
        listeners.forEach(it -> it.rateLimited(wait));
        LOG.debug("Rate limited: waiting {} ms", wait.toMillis());
        return wait.toMillis();
    }

    private static Duration backoff(int attempt) {
        long ms = FIRST_BACKOFF.toMillis() << Math.min(attempt - 1, MAX_DOUBLINGS);
        return Duration.ofMillis(ms + ThreadLocalRandom.current().nextLong(ms / 4 + 1));
    }

    /** 400 on a later page: begins the window again. */
    public void cursorExpired(@ExchangeProperty("pages") WindowFetch pages) {
        pages.restart();
    }

    /**
     * 301, 302, 307, 308: sends the request where the API says, on the same host and over https
     * only, so that the credentials stay with whom they are meant for.
     */
    public void redirected(
            @ExchangeProperty("pages") WindowFetch pages, @Header("Location") String location) {
        pages.redirectTo(redirectTarget(host, location));
    }

    /** Tells whether a status sends the request to another address. */
    public static boolean isRedirect(int status) {
        return REDIRECTS.contains(status);
    }

    /**
     * Returns where a redirect leads.
     *
     * @throws MetricsApiException where it is not followed: only https on the same host is
     */
    public static URI redirectTarget(URI host, String location) {
        URI target = target(host, location);
        boolean samePort = "http".equals(host.getScheme()) || httpsPort(target) == httpsPort(host);
        if (!"https".equalsIgnoreCase(target.getScheme())
                || !host.getHost().equalsIgnoreCase(target.getHost())
                || target.getRawUserInfo() != null
                || !samePort) {
            throw new MetricsApiException(
                    ("The Metrics API redirected to %s, which is not followed: only https on the"
                                    + " same host is. If it moved, set CONFLUENT_METRICS_HOST")
                            .formatted(
                                    OneLine.of(
                                            target.getScheme() + "://" + target.getAuthority())));
        }
        return target;
    }

    /** 5xx: fails so that the request is retried. */
    public void unavailable(
            @Header(HttpConstants.HTTP_RESPONSE_CODE) int status, @Body byte[] body) {
        String message = ApiText.answered(status, body);
        throw new MetricsApiUnavailableException(
                ApiText.isForeign(status, body)
                        ? message + ": " + ApiText.remedy(status, body, "")
                        : message);
    }

    /** Any other status: fails without a retry, and says what to do. */
    public void rejected(
            @ExchangeProperty("pages") WindowFetch pages,
            @Header(HttpConstants.HTTP_RESPONSE_CODE) int status,
            @Body byte[] body) {
        if (ApiText.isForeign(status, body)) {
            // a proxy's page says nothing of a cluster, and may be gone with the next request
            unavailable(status, body);
        }
        String message =
                ApiText.answered(status, body)
                        + ": "
                        + ApiText.remedy(status, body, pages.window().clusters().get(0));
        if (status == HttpStatus.SC_UNAUTHORIZED) {
            throw new UnauthorizedException(message);
        }
        if (status == HttpStatus.SC_FORBIDDEN && !pages.window().isBatch()) {
            throw new ForbiddenException(message);
        }
        throw ApiText.isRefusalOfClusters(status, body)
                ? new BatchRefusedException(message)
                : new MetricsApiException(message);
    }

    private static URI target(URI host, String location) {
        if (location == null) {
            throw new MetricsApiException("The Metrics API redirected without a Location");
        }
        try {
            return host.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new MetricsApiException("The Metrics API redirected to what is not a URL");
        }
    }

    private static int httpsPort(URI uri) {
        return uri.getPort() < 0 ? 443 : uri.getPort();
    }
}
