package io.scrapingagent.simulator;

/** A request that the API refuses, and why. */
final class ApiError extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    ApiError(int status, String detail) {
        super(detail, null, false, false);
        this.status = status;
    }

    Answer answer() {
        return Answer.error(status, getMessage());
    }
}
