package io.scrapingagent.simulator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Writes pages of points, and tells tests the same points as numbers. */
final class Points {

    /** What one point takes, about; only saves the builder from growing. */
    private static final int POINT_CHARS = 100;

    /** What a query by the cluster alone has in place of groups; its value is any. */
    private static final Group ALL = new Group("", "", 0);

    private final Retention retention;
    private final Cursors cursors;
    private final boolean everyday;

    /**
     * Creates the points.
     *
     * @param everyday whether no value is beyond what a double can hold
     */
    Points(Retention retention, Cursors cursors, boolean everyday) {
        this.retention = retention;
        this.cursors = cursors;
        this.everyday = everyday;
    }

    /** What the API holds for one hour, in the order of the groups' names. */
    List<TruePoint> truth(Cluster cluster, Metric metric, Label label, Instant hour) {
        if (!retention.holds(hour)) {
            return List.of();
        }
        long hourBits = cluster.hourBits(metric, hour);
        return cluster.groups(label).stream()
                .filter(group -> Cluster.active(Cluster.bits(hourBits, group)))
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
        List<Instant> hours =
                query.interval().hours().stream()
                        .filter(retention::holds)
                        .sorted(Comparator.reverseOrder())
                        .toList();
        StringBuilder json = new StringBuilder(POINT_CHARS * (query.limit() + 1));
        json.append("{\"data\":[");
        int served = 0;
        int next = -1;
        int offset = 0;
        for (Cluster cluster : clusters) {
            List<Group> groups =
                    query.label() == null ? List.of(ALL) : cluster.groups(query.label());
            List<HeldHour> held =
                    hours.stream().map(hour -> HeldHour.of(cluster, query.metric(), hour)).toList();
            String label = query.byCluster() ? clusterLabel(cluster) : "";
            for (int i = Math.max(0, position - offset); i < groups.size() && next < 0; i++) {
                Group group = groups.get(i);
                // groups without a point in this window are in no page, and make no next page
                if (!active(group, held)) {
                    continue;
                }
                if (served == query.limit()) {
                    next = offset + i;
                } else {
                    appendGroup(json, label, group, held, query.metric().valueKind());
                    served++;
                }
            }
            offset += groups.size();
        }
        if (json.charAt(json.length() - 1) == ',') {
            json.setLength(json.length() - 1);
        }
        json.append("],\"meta\":{\"pagination\":{\"page_size\":").append(query.limit());
        if (next >= 0) {
            json.append(",\"next_page_token\":\"").append(cursors.token(query, next)).append('"');
        }
        return Buffer.buffer(json.append("}}}").toString());
    }

    private static String clusterLabel(Cluster cluster) {
        return "\"" + Query.CLUSTER + "\":" + Json.encode(cluster.id()) + ",";
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

    private void appendGroup(
            StringBuilder json,
            String clusterLabel,
            Group group,
            List<HeldHour> hours,
            ValueKind values) {
        for (HeldHour hour : hours) {
            long bits = Cluster.bits(hour.bits, group);
            if (group == ALL || Cluster.active(bits)) {
                appendPoint(json, clusterLabel, group, hour, values, bits);
            }
        }
    }

    private void append(ValueKind values, long bits, StringBuilder text) {
        values.append(everyday ? bits | ValueKind.EVERYDAY : bits, text);
    }

    /** The contract promises no order of the fields, so half of the groups have another one. */
    private void appendPoint(
            StringBuilder json,
            String clusterLabel,
            Group group,
            HeldHour hour,
            ValueKind values,
            long bits) {
        json.append('{').append(clusterLabel);
        if (group == ALL) {
            json.append(hour.json).append(",\"value\":");
            append(values, bits, json);
        } else if ((group.bits() & 1) == 0) {
            json.append(group.json()).append(',').append(hour.json).append(",\"value\":");
            append(values, bits, json);
        } else {
            json.append("\"value\":");
            append(values, bits, json);
            json.append(',').append(hour.json).append(',').append(group.json());
        }
        json.append("},");
    }

    private static boolean active(Group group, List<HeldHour> hours) {
        return group == ALL
                || hours.stream().anyMatch(hour -> Cluster.active(Cluster.bits(hour.bits, group)));
    }

    /**
     * An hour of a metric of a cluster.
     *
     * @param json the timestamp as a JSON field
     * @param bits see {@link Cluster#hourBits}
     */
    private record HeldHour(String json, long bits) {

        static HeldHour of(Cluster cluster, Metric metric, Instant hour) {
            return new HeldHour("\"timestamp\":\"" + hour + '"', cluster.hourBits(metric, hour));
        }
    }
}
