package io.scrapingagent.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Reads topics as a {@code read_committed} consumer sees them.
 *
 * <p>Keys and values are the very bytes of the record: reading one that is not UTF-8 fails.
 */
public final class TopicReader {

    private static final Duration TIME_LIMIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(500);

    private final Map<String, Object> properties = new HashMap<>();

    /** Reads from these brokers. */
    public TopicReader(String bootstrapServers) {
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // looking at a topic that is missing must not make it
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // at the topic's end a fetch is still open, and close waits for its answer
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
    }

    /**
     * All records from the topic's beginning to its end as of now, by partition and offset; none if
     * the topic is missing.
     *
     * @throws IllegalStateException if the end is not reached in 30 seconds
     */
    public List<ConsumerRecord<String, String>> readAll(String topic) {
        try (Consumer<String, String> consumer =
                new KafkaConsumer<>(properties, TopicReader::text, TopicReader::text)) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return readTo(consumer.endOffsets(partitions), consumer);
        }
    }

    private static List<ConsumerRecord<String, String>> readTo(
            Map<TopicPartition, Long> ends, Consumer<String, String> consumer) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        Instant deadline = Instant.now().plus(TIME_LIMIT);
        while (!hasReached(ends, consumer)) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException(
                        "read %d records, but not up to %s in %s"
                                .formatted(records.size(), ends, TIME_LIMIT));
            }
            for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                // others may write while this reads
                if (record.offset() < ends.get(partitionOf(record))) {
                    records.add(record);
                }
            }
        }
        records.sort(
                Comparator.<ConsumerRecord<String, String>>comparingInt(ConsumerRecord::partition)
                        .thenComparingLong(ConsumerRecord::offset));
        return records;
    }

    /** Looks at positions, not at records: a topic may end in a marker or an aborted record. */
    private static boolean hasReached(
            Map<TopicPartition, Long> ends, Consumer<String, String> consumer) {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private static TopicPartition partitionOf(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    /**
     * Text that stands for exactly the bytes. Kafka's own deserializer puts a replacement character
     * where they are not UTF-8, so that a comparison of texts could pass for wrong bytes.
     */
    private static String text(String topic, byte[] data) {
        if (data == null) {
            return null;
        }
        try {
            // a new decoder reports malformed input instead of replacing it
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data)).toString();
        } catch (CharacterCodingException e) {
            throw new SerializationException("not UTF-8, in topic " + topic, e);
        }
    }
}
