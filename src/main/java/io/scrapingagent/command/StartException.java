package io.scrapingagent.command;

import org.apache.camel.CamelContext;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** The agent could not be started. The message is a sentence for an operator. */
public final class StartException extends Exception {

    private final String reason;

    /**
     * Creates the exception.
     *
     * @param reason why, and what to do
     * @param cause what failed, or null
     */
    public StartException(String reason, Throwable cause) {
        super("The agent cannot start: " + reason, cause);
        this.reason = reason;
    }

    /** Returns the message without its introduction: where and why. */
    public String reason() {
        return reason;
    }

    /** Says why a context did not start and, where a route file is to blame, in which line. */
    public static StartException of(Throwable failure, CamelContext context) {
        String place = RoutePlace.of(failure, context).map(it -> it + ": ").orElse("");
        return new StartException(place + messageOf(failure), failure);
    }

    private static String messageOf(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        // the message of these quotes the file over several lines
        String message =
                cause instanceof MarkedYamlEngineException yaml
                        ? yaml.getProblem()
                        : cause.getMessage() == null
                                ? cause.getClass().getSimpleName()
                                : cause.getMessage();
        return message.replaceAll("\\s+", " ").strip();
    }
}
