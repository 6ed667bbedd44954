package io.scrapingagent.api;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * One item of a response's {@code data}, {@code Point} in the API description.
 *
 * @param kafkaId the id of the Kafka cluster, from the label {@code resource.kafka.id}; null if the
 *     point has no such label, as a connector's
 * @param labels the other labels' values by their prefixed name, ids of other resources included
 * @param timestamp the start of the hour
 * @param value the value as sent, neither rounded nor normalised
 */
public record Point(
        String kafkaId, Map<String, String> labels, Instant timestamp, BigDecimal value) {

    /** Returns the value of a label, or null where the point does not have it. */
    String label(String name) {
        return name.equals(Query.KAFKA_LABEL) ? kafkaId : labels.get(name);
    }

    /**
     * Returns the values of the labels that the query groups by, joined by a colon: a principal or
     * a topic, say. It is null if the point lacks a label, and empty if the query has none.
     */
    public String group(Query query) {
        return group(query, ":");
    }

    /** As {@link #group(Query)}, joined by another text. */
    String group(Query query, String separator) {
        List<String> names = query.labels();
        if (names.size() == 1) {
            return label(names.get(0));
        }
        StringJoiner group = new StringJoiner(separator);
        for (String name : names) {
            String value = label(name);
            if (value == null) {
                return null;
            }
            group.add(value);
        }
        return group.toString();
    }
}
