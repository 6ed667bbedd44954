package io.scrapingagent.kafka;

/** A kind of broker cannot be had on this machine; the message says why. */
final class KafkaUnavailableException extends Exception {

    private static final long serialVersionUID = 1;

    KafkaUnavailableException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
