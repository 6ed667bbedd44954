package io.scrapingagent.api;

/** The Metrics API cannot answer now; asking again later may help. */
public final class MetricsApiUnavailableException extends MetricsApiException {

    /** Creates the exception with a sentence for an operator. */
    public MetricsApiUnavailableException(String message) {
        super(message);
    }
}
