package io.scrapingagent.simulator;

import java.util.Optional;

/** What a query can be grouped by. */
enum Label {
    PRINCIPAL_ID("metric.principal_id"),
    TOPIC("metric.topic");

    private final String text;

    Label(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    static Optional<Label> of(String text) {
        for (Label label : values()) {
            if (label.text.equals(text)) {
                return Optional.of(label);
            }
        }
        return Optional.empty();
    }
}
