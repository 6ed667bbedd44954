package io.scrapingagent.api;

/**
 * A request for several clusters was refused, or its answer is too large. Asked for fewer at once,
 * the Metrics API shows which cluster is the reason.
 */
public final class BatchRefusedException extends MetricsApiException {

    BatchRefusedException(String message) {
        super(message);
    }
}
