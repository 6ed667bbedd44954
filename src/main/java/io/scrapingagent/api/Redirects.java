package io.scrapingagent.api;

import io.scrapingagent.config.OneLine;
import java.net.URI;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpConstants;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * The redirects of a fetch's current request; {@link #end} forgets them. They are followed over
 * https only, on the same host, without a user, and on the same port unless the API's address is
 * http. So the credentials stay with whom they are meant for. Not thread-safe.
 */
public final class Redirects {

    /** How many redirects in a row are followed. */
    public static final int MAX = 5;

    private URI target;
    private int inARow;

    /**
     * Returns where a redirect leads, and sends the next request there.
     *
     * @param baseUrl the Metrics API's address
     * @param location the answer's {@code Location}, or null
     * @throws MetricsApiException if it is not followed
     */
    public URI follow(URI baseUrl, String location) {
        if (++inARow > MAX) {
            throw new MetricsApiException(
                    "The Metrics API redirected " + inARow + " times in a row");
        }
        target = allowed(baseUrl, location);
        return target;
    }

    /** Tells whether the next request goes to another address than the step's. */
    boolean isRedirected() {
        return target != null;
    }

    /**
     * Makes a message the next request, to where the last redirect leads, else to the step's
     * address.
     *
     * @param query the query of the step's address, or null
     */
    void begin(Message request, String query, Object body) {
        // all but Camel's own count of retries
        request.removeHeaders("*", "CamelRedeliver*");
        request.setHeader(HttpHeaders.ACCEPT, "application/json");
        if (isRedirected()) {
            request.setHeader(HttpConstants.HTTP_URI, target.toString().replaceFirst("\\?.*", ""));
        }
        request.setHeader(HttpConstants.HTTP_QUERY, isRedirected() ? target.getRawQuery() : query);
        request.setBody(body);
    }

    /** The request was answered; the next one goes to the step's address. */
    void end() {
        target = null;
        inARow = 0;
    }

    private static URI allowed(URI baseUrl, String location) {
        URI target = resolved(baseUrl, location);
        // from http to https the port changes
        boolean samePort =
                "http".equals(baseUrl.getScheme()) || httpsPort(target) == httpsPort(baseUrl);
        if (!"https".equalsIgnoreCase(target.getScheme())
                || !baseUrl.getHost().equalsIgnoreCase(target.getHost())
                || target.getRawUserInfo() != null
                || !samePort) {
            throw new MetricsApiException(
                    ("The Metrics API redirected to %s, which is not followed: only https on the"
                                    + " same host and port, without a user, is. If it moved, set"
                                    + " CONFLUENT_METRICS_HOST")
                            .formatted(
                                    OneLine.of(
                                            target.getScheme() + "://" + target.getAuthority())));
        }
        return target;
    }

    private static URI resolved(URI baseUrl, String location) {
        if (location == null) {
            throw new MetricsApiException("The Metrics API redirected without a Location");
        }
        try {
            return baseUrl.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new MetricsApiException("The Metrics API redirected to what is not a URL");
        }
    }

    private static int httpsPort(URI uri) {
        return uri.getPort() < 0 ? 443 : uri.getPort();
    }
}
