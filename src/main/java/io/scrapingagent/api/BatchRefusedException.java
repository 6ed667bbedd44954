package io.scrapingagent.api;

/**
 * A request was refused, or its answer is too large or takes too long. If it was for several
 * clusters, asking for fewer at once shows which of them is the reason.
 */
public final class BatchRefusedException extends MetricsApiException {

    BatchRefusedException(String message) {
        super(message);
    }
}
