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
 * Some records as a multiset: their number and the sum of their hashes, which is the same in
 * whatever order they are read, and another one if a record is missing, doubled or different.
 *
 * @param records how many
 * @param high the upper half of the hashes' sum
 * @param low the lower half of the hashes' sum
 */
record TopicDigest(long records, long high, long low) {

    private static final TopicDigest NONE = new TopicDigest(0, 0, 0);

    /**
     * Reads a topic to its end: key, value, timestamp and headers of every record, by timestamp.
     */
    static Map<Instant, TopicDigest> byHour(Surroundings surroundings, String topic) {
        Map<Instant, TopicDigest> digests = new TreeMap<>();
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
                    TopicDigest digest = NONE.with(read);
                    digests.merge(
                            Instant.ofEpochMilli(read.timestamp()), digest, TopicDigest::plus);
                }
            }
        }
        return digests;
    }

    private TopicDigest with(ConsumerRecord<byte[], byte[]> read) {
        MessageDigest sha = sha256();
        sha.update(ByteBuffer.allocate(4).putInt(read.key().length).array());
        sha.update(read.key());
        sha.update(ByteBuffer.allocate(8).putLong(read.timestamp()).array());
        sha.update((byte) read.headers().toArray().length);
        ByteBuffer hash = ByteBuffer.wrap(sha.digest(read.value()));
        return plus(new TopicDigest(1, hash.getLong(), hash.getLong()));
    }

    private TopicDigest plus(TopicDigest other) {
        return new TopicDigest(records + other.records, high + other.high, low + other.low);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
