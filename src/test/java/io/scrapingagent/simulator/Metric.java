package io.scrapingagent.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Some of the metrics there are, each with what it can be grouped by, the usual first. */
enum Metric {
    REQUEST_BYTES("kafka.server/request_bytes", ValueKind.COUNTER, Label.PRINCIPAL_ID),
    RESPONSE_BYTES("kafka.server/response_bytes", ValueKind.COUNTER, Label.PRINCIPAL_ID),
    RETAINED_BYTES("kafka.server/retained_bytes", ValueKind.GAUGE, Label.TOPIC),
    RECEIVED_BYTES(
            "kafka.server/received_bytes",
            ValueKind.COUNTER,
            Label.TOPIC,
            Label.TOPIC_AND_PARTITION,
            Label.PRINCIPAL_ID),
    SENT_BYTES(
            "kafka.server/sent_bytes",
            ValueKind.COUNTER,
            Label.TOPIC,
            Label.TOPIC_AND_PARTITION,
            Label.PRINCIPAL_ID),
    REQUEST_COUNT("kafka.server/request_count", ValueKind.COUNTER, Label.PRINCIPAL_ID),
    ACTIVE_CONNECTION_COUNT(
            "kafka.server/active_connection_count", ValueKind.GAUGE, Label.PRINCIPAL_ID),
    CLUSTER_LOAD_PERCENT("kafka.server/cluster_load_percent", ValueKind.GAUGE, Label.NONE),
    PARTITION_COUNT("kafka.server/partition_count", ValueKind.GAUGE, Label.NONE),
    CONNECTOR_SENT_BYTES("kafka.connect/sent_bytes", ValueKind.COUNTER, Label.NONE),
    CONNECTOR_RECEIVED_BYTES("kafka.connect/received_bytes", ValueKind.COUNTER, Label.NONE),
    STREAMING_UNIT_COUNT("kafka.ksql/streaming_unit_count", ValueKind.GAUGE, Label.NONE),
    SCHEMA_COUNT("kafka.schema_registry/schema_count", ValueKind.GAUGE, Label.NONE),
    CURRENT_CFUS("flink/compute_pool_utilization/current_cfus", ValueKind.GAUGE, Label.NONE);

    private final String fullName;
    private final ValueKind values;
    private final List<Label> labels;

    Metric(String name, ValueKind values, Label... labels) {
        this.fullName = "io.confluent." + name;
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

    /** The type of resource that has the metric. */
    String resource() {
        return switch (fullName.replaceAll("^io.confluent.|/.*", "")) {
            case "kafka.connect" -> "connector";
            case "kafka.ksql" -> "ksql";
            case "kafka.schema_registry" -> "schema_registry";
            case "flink" -> "compute_pool";
            default -> "kafka";
        };
    }

    static Optional<Metric> of(String fullName) {
        return Arrays.stream(values()).filter(it -> it.fullName.equals(fullName)).findFirst();
    }
}
