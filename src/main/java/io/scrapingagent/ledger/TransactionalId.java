package io.scrapingagent.ledger;

import io.scrapingagent.config.Settings;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The transactional id: one for all agents with the same topic, so that a second fences the first.
 */
public final class TransactionalId {

    private TransactionalId() {}

    /** Returns the id: that of {@code KAFKA_TRANSACTIONAL_ID}, else one that the topic gives. */
    public static String of(Settings settings) {
        return settings.kafka()
                .getOrDefault(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        "confluent-scraping-agent-" + settings.topic());
    }
}
