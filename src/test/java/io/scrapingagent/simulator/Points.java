package io.scrapingagent.simulator;

import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** Writes pages of points, and tells tests the same points as numbers. */
final class Points {

    /** What one point takes, about; only saves the builder from growing. */
    private static final int POINT_CHARS = 100;

    private final Retention retention;
    private final Cursors cursors;

    Points(Retention retention, Cursors cursors) {
        this.retention = retention;
        this.cursors = cursors;
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
     * @param position the index of the first group
     */
    Buffer page(Cluster cluster, Query query, int position) {
        List<Group> groups = cluster.groups(query.label());
        List<HeldHour> hours =
                query.interval().hours().stream()
                        .filter(retention::holds)
                        .map(hour -> HeldHour.of(cluster, query.metric(), hour))
                        .toList();
        int size = Math.min(query.limit(), groups.size()) * hours.size();
        StringBuilder json = new StringBuilder(POINT_CHARS * (size + 1));
        json.append("{\"data\":[");
        int index = position;
        for (int served = 0; index < groups.size() && served < query.limit(); index++) {
            if (appendGroup(json, groups.get(index), hours, query.metric().valueKind())) {
                served++;
            }
        }
        if (json.charAt(json.length() - 1) == ',') {
            json.setLength(json.length() - 1);
        }
        // groups without a point in this window are in no page, so they make no next page either
        while (index < groups.size() && !active(groups.get(index), hours)) {
            index++;
        }
        json.append("],\"meta\":{\"pagination\":{\"page_size\":").append(query.limit());
        if (index < groups.size()) {
            json.append(",\"next_page_token\":\"").append(cursors.token(query, index)).append('"');
        }
        return Buffer.buffer(json.append("}}}").toString());
    }

    private static TruePoint truePoint(
            Cluster cluster, Metric metric, Instant hour, Group group, long hourBits) {
        StringBuilder text = new StringBuilder();
        metric.valueKind().append(Cluster.bits(hourBits, group), text);
        BigDecimal value = new BigDecimal(text.toString()).stripTrailingZeros();
        return new TruePoint(
                cluster.id(),
                metric.fullName(),
                hour,
                group.name(),
                value.scale() < 0 ? value.setScale(0) : value);
    }

    private static boolean appendGroup(
            StringBuilder json, Group group, List<HeldHour> hours, ValueKind values) {
        boolean any = false;
        for (HeldHour hour : hours) {
            long bits = Cluster.bits(hour.bits, group);
            if (Cluster.active(bits)) {
                appendPoint(json, group, hour, values, bits);
                any = true;
            }
        }
        return any;
    }

    /** The contract promises no order of the fields, so half of the groups have another one. */
    private static void appendPoint(
            StringBuilder json, Group group, HeldHour hour, ValueKind values, long bits) {
        if ((group.bits() & 1) == 0) {
            json.append('{').append(group.json()).append(',').append(hour.json);
            json.append(",\"value\":");
            values.append(bits, json);
            json.append("},");
        } else {
            json.append("{\"value\":");
            values.append(bits, json);
            json.append(',').append(hour.json).append(',').append(group.json()).append("},");
        }
    }

    private static boolean active(Group group, List<HeldHour> hours) {
        return hours.stream().anyMatch(hour -> Cluster.active(Cluster.bits(hour.bits, group)));
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
