package io.scrapingagent.simulator;

import java.util.List;

/** A request that the API refuses, with one detail per thing that is wrong with it. */
final class ApiError extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient List<String> details;

    ApiError(int status, List<String> details) {
        super(status + " " + details, null, false, false);
        this.status = status;
        this.details = details;
    }

    ApiError(int status, String detail) {
        this(status, List.of(detail));
    }

    Answer answer() {
        return Answer.errors(status, details);
    }
}
