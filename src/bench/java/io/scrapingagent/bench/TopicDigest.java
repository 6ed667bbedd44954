package io.scrapingagent.bench;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Records as multisets: the sum of their hashes, which is the same in whatever order they are read,
 * and another one if a record is missing, doubled or different.
 */
final class TopicDigest {

    private TopicDigest() {}

    /** Reads a topic to its end: key, value and headers of every record, by timestamp. */
    static Map<Instant, Long> byHour(Surroundings surroundings, String topic) {
        Map<Instant, Long> digests = new TreeMap<>();
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                surroundings.kafka(),
                                "isolation.level",
                                "read_committed",
                                "max.poll.records",
                                10_000),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                for (ConsumerRecord<byte[], byte[]> read : consumer.poll(Duration.ofSeconds(1))) {
                    digests.merge(Instant.ofEpochMilli(read.timestamp()), hash(read), Long::sum);
                }
            }
        }
        return digests;
    }

    private static long hash(ConsumerRecord<byte[], byte[]> read) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(read.key());
            sha.update((byte) read.headers().toArray().length);
            return ByteBuffer.wrap(sha.digest(read.value())).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
