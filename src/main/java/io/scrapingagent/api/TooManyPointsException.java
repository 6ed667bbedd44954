package io.scrapingagent.api;

/** A window has more points than fit in memory. */
public final class TooManyPointsException extends MetricsApiException {

    private final transient Window window;

    TooManyPointsException(Window window, int mostPoints) {
        super(
                ("The Metrics API sent more than %d points for one window, the limit that"
                                + " metrics.window.max.points or the size of the heap sets%s")
                        .formatted(
                                mostPoints,
                                window.hours() == 1
                                        ? ""
                                        : "; the next scrape asks for half of its %d hours at once"
                                                .formatted(window.hours())));
        this.window = window;
    }

    /** Returns the window. */
    public Window window() {
        return window;
    }
}
