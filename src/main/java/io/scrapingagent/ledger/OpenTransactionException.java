package io.scrapingagent.ledger;

import java.time.Duration;
import org.apache.kafka.common.errors.TimeoutException;

/** The ledger could not be read to its end, most likely because a transaction is open. */
public final class OpenTransactionException extends TimeoutException {

    OpenTransactionException(String topic, Duration waited) {
        super(
                ("The ledger %s was not read to its end within %d s: the broker is slow, or a"
                                + " transaction is open, maybe that of an agent that was killed."
                                + " The broker ends it within kafka.transaction.timeout.ms, a"
                                + " minute by default; then it works again")
                        .formatted(topic, waited.toSeconds()));
    }
}
