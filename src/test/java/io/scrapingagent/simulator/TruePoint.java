package io.scrapingagent.simulator;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * One point the simulated API holds: what a client that asks correctly must end up with.
 *
 * @param cluster the cluster's id, {@code lkc-…}
 * @param metric the metric's full name, {@code io.confluent.kafka.server/…}
 * @param hour the start of the UTC hour
 * @param group the principal or topic; one principal is the empty string
 * @param value the exact value in bytes, without trailing zeros and with a scale of at least 0;
 *     compare numerically, the API may have written {@code 721.0} or {@code 7.21E2}
 */
public record TruePoint(
        String cluster, String metric, Instant hour, String group, BigDecimal value) {}
