package io.scrapingagent.ledger;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The compacted Kafka topic that holds the ledger: made when missing, and read to its end. */
public final class LedgerTopic {

    /** How long an entry is kept. */
    public static final Duration RETENTION = Duration.ofDays(30);

    /** How often a note that must last is written again: well before the topic forgets it. */
    public static final Duration RENEWAL = Duration.ofDays(7);

    private static final Logger LOG = LoggerFactory.getLogger(LedgerTopic.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final String PURPOSE = "ledger";

    private final String topic;
    private final Map<String, Object> client;
    private final Duration timeout;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private boolean madeSure;

    /** Names the topic, and for how long reading may wait for the broker. */
    public LedgerTopic(String topic, Map<String, ?> producer, Duration timeout) {
        this.topic = topic;
        this.client = new HashMap<>(producer);
        this.timeout = timeout;
    }

    /** Returns what the topic is like when the agent makes it. */
    public static NewTopic describe(String topic) {
        return new NewTopic(topic, Optional.of(1), Optional.empty())
                .configs(
                        Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                "compact,delete",
                                TopicConfig.RETENTION_MS_CONFIG,
                                Long.toString(RETENTION.toMillis())));
    }

    /** Returns the topic's name. */
    String name() {
        return topic;
    }

    /**
     * Creates the topic if it is missing: compacted, with a retention of 30 days. Once it has
     * succeeded, it does not ask again.
     *
     * @throws KafkaException if the broker is unavailable or refuses
     */
    public synchronized void createIfMissing() {
        if (madeSure) {
            return;
        }
        try {
            if (!ask(timeout, it -> it.listTopics().names()).contains(topic)) {
                ask(timeout, it -> it.createTopics(List.of(describe(topic))).all());
            }
        } catch (TopicExistsException e) {
            // another agent created it in between
        }
        madeSure = true;
    }

    /**
     * Checks that a broker answers.
     *
     * @throws KafkaException when none answers in time
     */
    public void requireBroker(Duration limit) {
        ask(limit, it -> it.describeCluster().nodes());
    }

    /**
     * Ends the transactions and the producers of other agents.
     *
     * @param transactionalIds theirs
     * @throws KafkaException if the broker is unavailable or refuses
     */
    public void fence(Collection<String> transactionalIds) {
        ask(timeout, it -> it.fenceProducers(transactionalIds).all());
    }

    private <T> T ask(Duration limit, Function<Admin, Future<T>> question) {
        try (KafkaAdmin kafka = new KafkaAdmin(client, PURPOSE, limit)) {
            return kafka.ask(question);
        }
    }

    /** Lets the next reading begin with the topic's beginning. */
    public synchronized void rewind() {
        positions.clear();
    }

    /**
     * Applies what was committed since the last call, up to the read_uncommitted end. The
     * read_committed end stops at the first open transaction: those that began later and are
     * committed would be missed.
     *
     * @throws KafkaException if the broker is unavailable or refuses, or a transaction does not end
     *     in time
     */
    public synchronized void readInto(Ledger ledger) {
        Map<String, Object> settings =
                KafkaAdmin.clientSettings(client, ConsumerConfig.configNames(), PURPOSE, timeout);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // the producer's are no ConsumerInterceptors
        settings.remove(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG);
        // closing waits for the fetch that was sent ahead, which finds nothing more
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        StringDeserializer text = new StringDeserializer();
        try (Consumer<String, String> consumer = new KafkaConsumer<>(settings, text, text)) {
            List<TopicPartition> partitions = partitions(consumer);
            Map<TopicPartition, Long> ends = ends(partitions);
            consumer.assign(partitions);
            for (TopicPartition partition : partitions) {
                Long position = positions.get(partition);
                // a topic that was deleted and created again is shorter
                if (position == null || position > ends.get(partition)) {
                    consumer.seekToBeginning(List.of(partition));
                } else {
                    consumer.seek(partition, position);
                }
            }
            // the first read is all or nothing: if it fails half-way, the part read would make the
            // rest look open
            Ledger read = positions.isEmpty() ? ledger.emptied() : ledger;
            readTo(ends, consumer, read);
            if (read != ledger) {
                ledger.replaceBy(read);
            }
        }
    }

    private List<TopicPartition> partitions(Consumer<String, String> consumer) {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic, timeout);
        if (partitions.isEmpty() && !positions.isEmpty()) {
            LOG.warn(
                    "The ledger's topic {} was deleted, and is made again. An agent that starts"
                            + " later knows nothing of the hours before",
                    topic);
            madeSure = false;
            createIfMissing();
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        // brokers learn of a new topic one after another; `status` never made sure of one, so it
        // does not wait
        while (partitions.isEmpty() && madeSure && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(POLL.toNanos());
            partitions = consumer.partitionsFor(topic, timeout);
        }
        if (partitions.isEmpty()) {
            madeSure = false;
            throw new UnknownTopicOrPartitionException("There is no topic " + topic);
        }
        return partitions.stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    private Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        ListOffsetsOptions all = new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Long> ends = new HashMap<>();
        ask(timeout, it -> it.listOffsets(latest, all).all())
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    private void readTo(
            Map<TopicPartition, Long> ends, Consumer<String, String> consumer, Ledger ledger) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!reached(ends, consumer)) {
            if (System.nanoTime() - deadline > 0) {
                throw new OpenTransactionException(topic, timeout);
            }
            for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                ledger.apply(record.key(), record.value());
                deadline = System.nanoTime() + timeout.toNanos();
            }
            ledger.requireRoom();
        }
        ends.keySet().forEach(p -> positions.put(p, consumer.position(p, timeout)));
    }

    private boolean reached(Map<TopicPartition, Long> ends, Consumer<String, String> consumer) {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey(), timeout) >= end.getValue());
    }

    /** The ledger could not be read to its end, most likely because a transaction is open. */
    public static final class OpenTransactionException extends TimeoutException {

        OpenTransactionException(String topic, Duration waited) {
            super(
                    ("The reading of the ledger %s got no further for %d s: the broker is slow, or"
                                    + " a transaction is open, maybe that of an agent that was"
                                    + " killed. The broker ends it within"
                                    + " kafka.transaction.timeout.ms, a minute by default; then it"
                                    + " works again")
                            .formatted(topic, waited.toSeconds()));
        }
    }
}
