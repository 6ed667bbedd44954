package io.scrapingagent.ledger;

import org.apache.kafka.common.KafkaException;

/** Kafka stayed away for longer than a scrape waits for it. */
public final class KafkaAwayException extends KafkaException {

    KafkaAwayException(long patienceMs, Throwable last) {
        super(
                "it stayed away for %d s, the limit that metrics.kafka.patience.ms sets: %s"
                        .formatted(patienceMs / 1000, last.getMessage()),
                last);
    }
}
