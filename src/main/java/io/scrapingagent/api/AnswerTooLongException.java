package io.scrapingagent.api;

/** An answer has more bytes than are read. Of fewer clusters it may have fewer. */
public final class AnswerTooLongException extends MetricsApiException {

    AnswerTooLongException(int maxBytes) {
        super(
                ("The Metrics API's answer is longer than %d bytes, the limit that"
                                + " metrics.api.response.max.bytes sets")
                        .formatted(maxBytes));
    }
}
