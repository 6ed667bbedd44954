package io.scrapingagent.command;

import io.scrapingagent.Agent;
import io.scrapingagent.check.KafkaRequirements;
import io.scrapingagent.check.KafkaRequirements.Grant;
import io.scrapingagent.config.Settings;
import io.scrapingagent.config.Settings.ManagementSettings;
import io.scrapingagent.scrape.FailureReason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has to be so outside of the agent before it starts. */
final class StartConditions {

    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private StartConditions() {}

    /**
     * Asks Kafka whether the agent may do what it has to, and warns where the topic of records
     * would change or refuse their timestamps.
     *
     * @throws StartException when it may not; the message says what to grant
     */
    static void requireRights(Settings settings) throws StartException {
        try (KafkaRequirements kafka = new KafkaRequirements(settings, "rights", TIMEOUT)) {
            List<Grant> missing = kafka.missingRights();
            if (!missing.isEmpty()) {
                throw new StartException(grants(settings, missing), null);
            }
            kafka.wrongTimestamps().forEach(it -> LOG.warn(it.withoutMark()));
        } catch (KafkaException e) {
            LOG.debug("Kafka cannot be asked for rights", e);
            LOG.warn(
                    "The agent cannot ask for its rights, and goes on without: {}",
                    FailureReason.of(e).sentence());
        }
    }

    /**
     * Makes sure that the management server can listen: Camel's would only warn, and the agent run
     * on without health and metrics.
     *
     * @throws StartException when it cannot; the message says what to set
     */
    static void requirePort(ManagementSettings management) throws StartException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(management.address(), management.port()));
        } catch (IOException e) {
            throw new StartException(
                    ("it cannot listen on %s (%s). Set MANAGEMENT_PORT to a port that is free, or"
                                    + " MANAGEMENT_ADDRESS to an address of this machine")
                            .formatted(management, e.getMessage()),
                    e);
        }
    }

    private static String grants(Settings settings, List<Grant> missing) {
        StringBuilder text = new StringBuilder();
        text.append("with METRICS_DELIVERY=")
                .append(settings.delivery())
                .append(" it needs rights that Kafka does not give it. Grant them:");
        for (Grant grant : missing) {
            text.append("\n  ").append(grant.command(settings));
        }
        if (settings.delivery().isTransactional()) {
            text.append("\nMETRICS_DELIVERY=at-least-once does without the transactional id.");
        }
        if (settings.delivery().hasLedger()) {
            text.append("\nMETRICS_DELIVERY=stateless does without the ledger's topic as well.");
        }
        return text.toString();
    }
}
