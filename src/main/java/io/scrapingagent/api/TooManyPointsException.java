package io.scrapingagent.api;

/** A single cluster has more points in an hour than fit in memory. */
final class TooManyPointsException extends MetricsApiException {

    TooManyPointsException(int most) {
        super(
                ("The Metrics API sent more than %d points for one window, the limit that"
                                + " metrics.window.max.points or the size of the heap sets")
                        .formatted(most));
    }
}
