package io.scrapingagent.simulator;

import java.util.List;
import java.util.Optional;

/** The metrics there are, each with the labels it can be grouped by, the usual one first. */
enum Metric {
    REQUEST_BYTES("request_bytes", ValueKind.COUNTER, Label.PRINCIPAL_ID),
    RESPONSE_BYTES("response_bytes", ValueKind.COUNTER, Label.PRINCIPAL_ID),
    RETAINED_BYTES("retained_bytes", ValueKind.GAUGE, Label.TOPIC),
    RECEIVED_BYTES("received_bytes", ValueKind.COUNTER, Label.TOPIC, Label.PRINCIPAL_ID),
    SENT_BYTES("sent_bytes", ValueKind.COUNTER, Label.TOPIC, Label.PRINCIPAL_ID);

    private final String fullName;
    private final ValueKind values;
    private final List<Label> labels;

    Metric(String name, ValueKind values, Label... labels) {
        this.fullName = "io.confluent.kafka.server/" + name;
        this.values = values;
        this.labels = List.of(labels);
    }

    String fullName() {
        return fullName;
    }

    ValueKind valueKind() {
        return values;
    }

    List<Label> labels() {
        return labels;
    }

    static Optional<Metric> of(String fullName) {
        for (Metric metric : values()) {
            if (metric.fullName.equals(fullName)) {
                return Optional.of(metric);
            }
        }
        return Optional.empty();
    }
}
