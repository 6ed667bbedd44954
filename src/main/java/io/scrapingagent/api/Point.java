package io.scrapingagent.api;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/**
 * One item of a response's {@code data}, {@code Point} in the API description.
 *
 * @param cluster the value of the label {@code resource.kafka.id}, or null where the point does not
 *     have it
 * @param labels the other labels' values by their prefixed name
 * @param timestamp the start of the hour, or null where the point has none
 * @param value the value as sent, neither rounded nor normalised, or null where the point has none
 */
public record Point(
        String cluster, Map<String, String> labels, Instant timestamp, BigDecimal value) {

    /** Returns the principal or topic: the value of the label grouped by, or null. */
    public String group(Query query) {
        return query.isByCluster() ? cluster : labels.get(query.groupBy());
    }
}
