package io.scrapingagent.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What these tests do with a broker besides reading. */
final class Clients {

    private Clients() {}

    /** A producer that gives up in seconds. */
    static Producer<String, String> producer(String bootstrapServers, Map<String, ?> settings) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", bootstrapServers);
        properties.put("max.block.ms", 10_000);
        properties.put("delivery.timeout.ms", 10_000);
        properties.put("request.timeout.ms", 5_000);
        properties.put("linger.ms", 0);
        properties.putAll(settings);
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    /** Publishes values, each for itself, and waits until the broker has them. */
    static void publish(String bootstrapServers, String topic, String... values) throws Exception {
        try (Producer<String, String> producer = producer(bootstrapServers, Map.of())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(topic, value)).get(10, TimeUnit.SECONDS);
            }
        }
    }

    /** Publishes one value that need not be text. */
    static void publishBytes(String bootstrapServers, String topic, byte[] value) throws Exception {
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get(10, TimeUnit.SECONDS);
        }
    }

    /** Asks the broker for the cluster's id: connects, and logs in where that is needed. */
    static String connect(String bootstrapServers, Map<String, ?> settings) throws Exception {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", bootstrapServers);
        properties.put("request.timeout.ms", 3_000);
        properties.put("default.api.timeout.ms", 3_000);
        properties.putAll(settings);
        try (Admin admin = Admin.create(properties)) {
            return admin.describeCluster().clusterId().get(10, TimeUnit.SECONDS);
        }
    }
}
