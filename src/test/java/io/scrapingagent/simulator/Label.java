package io.scrapingagent.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a query can be grouped by: labels of a metric, or none. */
enum Label {
    NONE,
    PRINCIPAL_ID("metric.principal_id"),
    TOPIC("metric.topic"),
    TOPIC_AND_PARTITION("metric.topic", "metric.partition");

    private final List<String> texts;

    Label(String... texts) {
        this.texts = List.of(texts);
    }

    List<String> texts() {
        return texts;
    }

    static Optional<Label> of(List<String> texts) {
        return Arrays.stream(values()).filter(it -> it.texts.equals(texts)).findFirst();
    }
}
