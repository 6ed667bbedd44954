package io.scrapingagent.simulator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Writes pages of points, and tells tests the same points as numbers. */
final class Points {

    /** An hour has settled so long after its end. */
    private static final Duration SETTLING = Duration.ofMinutes(5);

    private static final Duration KEPT = Duration.ofDays(7);
    private static final Duration HOUR = Duration.ofHours(1);

    /** What one point takes, about; only saves the builder from growing. */
    private static final int POINT_CHARS = 100;

    private final Clock clock;
    private final boolean everyday;

    /**
     * Creates the points.
     *
     * @param everyday whether no value is beyond what a double can hold
     */
    Points(Clock clock, boolean everyday) {
        this.clock = clock;
        this.everyday = everyday;
    }

    /** What the API holds for one hour, in the order of the groups' names. */
    List<TruePoint> truth(Cluster cluster, Metric metric, Label label, Instant hour) {
        if (!holds(hour)) {
            return List.of();
        }
        long hourBits = cluster.hourBits(metric, hour);
        return cluster.groups(label).stream()
                .filter(
                        group ->
                                group == Group.ALL || Cluster.active(Cluster.bits(hourBits, group)))
                .map(group -> truePoint(cluster, metric, hour, group, hourBits))
                .toList();
    }

    /**
     * One page of a query's result.
     *
     * @param clusters those that are answered for, by id
     * @param position the index of the first group among those of all clusters
     */
    Buffer page(List<Cluster> clusters, Query query, int position) {
        StringBuilder json = new StringBuilder(POINT_CHARS * (query.limit() + 1));
        json.append("{\"data\":[");
        String timestamp = "\"timestamp\":\"" + query.hour() + '"';
        int served = 0;
        int next = -1;
        int offset = 0;
        for (Cluster cluster : holds(query.hour()) ? clusters : List.<Cluster>of()) {
            List<Group> groups = cluster.groups(query.label());
            long hourBits = cluster.hourBits(query.metric(), query.hour());
            String label = query.byCluster() ? clusterLabel(cluster) : "";
            for (int i = Math.max(0, position - offset); i < groups.size() && next < 0; i++) {
                Group group = groups.get(i);
                long bits = Cluster.bits(hourBits, group);
                // groups without a point in this hour are in no page, and make no next page
                if (group != Group.ALL && !Cluster.active(bits)) {
                    continue;
                }
                if (served == query.limit()) {
                    next = offset + i;
                } else {
                    json.append(served == 0 ? "{" : ",{").append(label);
                    appendPoint(json, group, timestamp, query.metric().valueKind(), bits);
                    served++;
                }
            }
            offset += groups.size();
        }
        json.append("],\"meta\":{\"pagination\":{\"page_size\":").append(query.limit());
        if (next >= 0) {
            json.append(",\"next_page_token\":\"").append(Cursors.token(query, next)).append('"');
        }
        return Buffer.buffer(json.append("}}}").toString());
    }

    /** Tells whether an hour has settled and is not older than what is kept. */
    private boolean holds(Instant hour) {
        Instant now = clock.instant();
        return !hour.plus(HOUR).plus(SETTLING).isAfter(now) && !hour.isBefore(now.minus(KEPT));
    }

    private static String clusterLabel(Cluster cluster) {
        return "\"" + cluster.label() + "\":" + Json.encode(cluster.id()) + ",";
    }

    private TruePoint truePoint(
            Cluster cluster, Metric metric, Instant hour, Group group, long hourBits) {
        StringBuilder text = new StringBuilder();
        append(metric.valueKind(), Cluster.bits(hourBits, group), text);
        BigDecimal value = new BigDecimal(text.toString()).stripTrailingZeros();
        return new TruePoint(
                cluster.id(),
                metric.fullName(),
                hour,
                group.name(),
                value.scale() < 0 ? value.setScale(0) : value);
    }

    private void append(ValueKind values, long bits, StringBuilder text) {
        values.append(everyday ? bits | ValueKind.EVERYDAY : bits, text);
    }

    /** The contract promises no order of the fields, so half of the groups have another one. */
    private void appendPoint(
            StringBuilder json, Group group, String timestamp, ValueKind values, long bits) {
        boolean valueLast = (group.bits() & 1) == 0;
        if (valueLast && group != Group.ALL) {
            json.append(group.json()).append(',');
        }
        if (valueLast) {
            json.append(timestamp).append(',');
        }
        json.append("\"value\":");
        append(values, bits, json);
        if (!valueLast) {
            json.append(',').append(timestamp).append(',').append(group.json());
        }
        json.append('}');
    }
}
