package io.scrapingagent.api;

/**
 * The Metrics API did not give what was asked for. Only the request of an {@link
 * UnavailableException} is retried, after a delay that grows with each retry; with any other the
 * window fails, or its batch is halved. The message is a sentence for an operator: what was wrong,
 * in the API's own words where it gave some, and what to do.
 */
public class MetricsApiException extends RuntimeException {

    private final boolean passing;

    /** Creates the exception with a sentence for an operator, who has to do something about it. */
    public MetricsApiException(String message) {
        this(message, false);
    }

    MetricsApiException(String message, boolean passing) {
        super(message);
        this.passing = passing;
    }

    /** Tells whether it may pass by itself; else somebody has to do something about it. */
    public boolean mayPass() {
        return passing;
    }

    /** The Metrics API cannot answer now; asking again later may help. */
    public static final class UnavailableException extends MetricsApiException {

        UnavailableException(String message) {
            super(message, true);
        }
    }

    /**
     * A request was refused; or its answer is too large, takes too long, or has a point that lacks
     * something, comes twice or does not belong to the window. If it was for several clusters,
     * asking for fewer at once shows which of them is the reason. Thrown for a single cluster too;
     * then the window fails.
     */
    public static final class BatchRefusedException extends MetricsApiException {

        BatchRefusedException(String message) {
            this(message, false);
        }

        BatchRefusedException(String message, boolean passing) {
            super(message, passing);
        }
    }

    /** The Metrics API does not know the API key, so no cluster's query can succeed. */
    public static final class UnauthorizedException extends MetricsApiException {

        UnauthorizedException(String message) {
            super(message);
        }
    }

    /** The API key's owner may not see a cluster, or there is none of its id. */
    public static final class ForbiddenException extends MetricsApiException {

        ForbiddenException(String message) {
            super(message);
        }
    }
}
