package io.scrapingagent;

import io.scrapingagent.publish.KafkaRights;
import io.scrapingagent.settings.ManagementSettings;
import io.scrapingagent.settings.Settings;
import java.io.IOException;
import java.util.List;
import org.apache.camel.CamelContext;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** The routes could not be started. The message is a sentence for an operator. */
public final class StartException extends Exception {

    private static final String INTRODUCTION = "The agent cannot start: ";

    private StartException(String message, Throwable cause) {
        super(INTRODUCTION + message, cause);
    }

    /** Returns the message without its introduction: where and why. */
    String reason() {
        return getMessage().substring(INTRODUCTION.length());
    }

    static StartException missingRights(Settings settings, List<String> missing) {
        StringBuilder text = new StringBuilder();
        text.append("with METRICS_DELIVERY=")
                .append(settings.delivery())
                .append(" it needs rights that Kafka does not give it. Grant them:");
        for (String arguments : missing) {
            text.append("\n  ").append(KafkaRights.grant(settings, arguments));
        }
        if (settings.delivery().isTransactional()) {
            text.append("\nMETRICS_DELIVERY=at-least-once does without the transactional id.");
        }
        if (settings.delivery().hasLedger()) {
            text.append("\nMETRICS_DELIVERY=stateless does without the ledger's topic as well.");
        }
        return new StartException(text.toString(), null);
    }

    static StartException cannotListen(ManagementSettings management, IOException failure) {
        return new StartException(
                ("The agent cannot start: it cannot listen on %s (%s). Set MANAGEMENT_PORT to a port"
                                + " that is free, or MANAGEMENT_ADDRESS to an address of this"
                                + " machine")
                        .formatted(management, failure.getMessage()),
                failure);
    }

    /** Says why a context did not start and, where a route file is to blame, in which line. */
    static StartException of(Throwable failure, CamelContext context) {
        String place = RoutePlace.of(failure, context).map(it -> it + ": ").orElse("");
        return new StartException(place + reason(failure), failure);
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        // the message of these quotes the file over several lines
        String message =
                cause instanceof MarkedYamlEngineException yaml
                        ? yaml.getProblem()
                        : String.valueOf(cause.getMessage());
        return message.replaceAll("\\s+", " ").strip();
    }
}
