package io.scrapingagent.api;

/** The Metrics API does not know the API key, so no cluster's query can succeed. */
public final class UnauthorizedException extends MetricsApiException {

    UnauthorizedException(String message) {
        super(message);
    }
}
