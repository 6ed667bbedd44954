package io.scrapingagent.ledger;

import io.scrapingagent.api.RouteMistakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the producers of camel-kafka. All Kafka steps share one replaceable transactional
 * producer: two with one transactional id would fence each other.
 */
public final class KafkaClients extends DefaultKafkaClientFactory {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaClients.class);
    private static final Duration TOPIC_LIMIT_TIMEOUT = Duration.ofSeconds(5);

    private final List<String> topics;
    private final String ledgerTopic;
    private final Map<String, String> settings;
    private ReplaceableProducer producer;
    private volatile Properties transactionalSettings;

    /**
     * Creates the factory.
     *
     * @param topic the topic of the records
     * @param ledgerTopic the ledger's topic, or null without a ledger
     * @param settings win over those of the Kafka steps
     */
    public KafkaClients(String topic, String ledgerTopic, Map<String, String> settings) {
        this.topics = Stream.of(topic, ledgerTopic).filter(Objects::nonNull).toList();
        this.ledgerTopic = ledgerTopic;
        this.settings = Map.copyOf(settings);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public synchronized Producer getProducer(Properties step) {
        step.putAll(settings);
        if (step.getProperty(ProducerConfig.TRANSACTIONAL_ID_CONFIG) == null) {
            return new FailFastProducer(withinTopicLimit(step));
        }
        // reloaded routes may have other settings; the next producer gets them
        transactionalSettings = step;
        if (producer == null) {
            producer =
                    new ReplaceableProducer(
                            () -> new FailFastProducer(withinTopicLimit(transactionalSettings)),
                            topics.get(0),
                            ledgerTopic);
        }
        return producer.proxy();
    }

    /**
     * Lowers {@code batch.size} to the topics' {@code max.message.bytes}: the brokers limit batches
     * by it. Without DESCRIBE_CONFIGS on the topics the settings stay as they are.
     */
    private Properties withinTopicLimit(Properties settings) {
        List<Config> described = new ArrayList<>();
        try (KafkaAdmin kafka =
                new KafkaAdmin(Utils.propsToMap(settings), "limits", TOPIC_LIMIT_TIMEOUT)) {
            // one by one: what is known of the first counts, though the second is refused
            for (String name : topics) {
                ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
                described.addAll(
                        kafka.ask(it -> it.describeConfigs(List.of(topic)).all()).values());
            }
        } catch (KafkaException e) {
            LOG.debug("The topics' max.message.bytes is not known: {}", e.getMessage());
        }
        Properties limited = new Properties();
        limited.putAll(settings);
        OptionalInt limit = smallestLimit(described);
        if (limit.isPresent()) {
            limited.computeIfPresent(
                    ProducerConfig.BATCH_SIZE_CONFIG,
                    (name, size) -> Math.min(Integer.parseInt(size.toString()), limit.getAsInt()));
        }
        return limited;
    }

    /** Returns the smallest {@code max.message.bytes} of some topics; not all brokers name it. */
    static OptionalInt smallestLimit(Collection<Config> topics) {
        return topics.stream()
                .map(it -> it.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG))
                .filter(Objects::nonNull)
                .mapToInt(it -> Integer.parseInt(it.value()))
                .min();
    }

    /**
     * Returns the producer that all Kafka steps share. Only with transactions there is one.
     *
     * @throws RouteMistakeException if no Kafka step has asked for it when the routes started
     */
    synchronized ReplaceableProducer transactional() {
        if (producer == null) {
            throw new RouteMistakeException(
                    "The routes have no step that sends to Kafka: look for one that is disabled");
        }
        return producer;
    }

    /**
     * A producer whose send throws at once if it failed at once. Kafka's own returns a failed
     * future, and camel-kafka goes on to the next record: each of a thousand waits for the same
     * missing broker.
     */
    static final class FailFastProducer extends KafkaProducer<Object, Object> {

        private static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);

        /**
         * When a broker refuses a batch as too large, which is rare, Kafka's producer splits it
         * into batches of {@code batch.size}. If {@code batch.size} itself is above the topic's
         * limit, because {@link #withinTopicLimit} could not ask for it, the parts are refused
         * again, and it splits for ever. A single record that is too large fails at once.
         */
        private static final int MAX_SPLITS = 100;

        private final Duration patience;

        FailFastProducer(Properties settings) {
            super(settings);
            Object deliveryMs =
                    settings.getOrDefault(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000);
            this.patience = Duration.ofMillis(2 * Long.parseLong(deliveryMs.toString()));
        }

        @Override
        public Future<RecordMetadata> send(
                ProducerRecord<Object, Object> record, Callback callback) {
            Sent sent = new Sent();
            super.send(
                    record,
                    (metadata, failure) -> {
                        if (callback != null) {
                            callback.onCompletion(metadata, failure);
                        }
                        if (failure == null) {
                            sent.complete(metadata);
                        } else {
                            sent.completeExceptionally(failure);
                        }
                    });
            try {
                // most are still in flight, and throw nothing
                sent.getNow(null);
            } catch (CompletionException e) {
                throw e.getCause() instanceof KafkaException kafka
                        ? kafka
                        : new KafkaException(e.getCause());
            }
            return sent;
        }

        private double splits() {
            return metrics().entrySet().stream()
                    .filter(it -> it.getKey().name().equals("batch-split-total"))
                    .mapToDouble(it -> (Double) it.getValue().metricValue())
                    .sum();
        }

        /** The acknowledgement of a record, which may still be to come. */
        private final class Sent extends CompletableFuture<RecordMetadata> {

            private static final long LOOK_MS = 500;

            @Override
            public RecordMetadata get() throws InterruptedException, ExecutionException {
                long start = System.nanoTime();
                // counted only when a record is late: to go through all metrics for each
                // would be slow
                double splitsBefore = Double.NaN;
                while (true) {
                    try {
                        return get(LOOK_MS, TimeUnit.MILLISECONDS);
                    } catch (TimeoutException e) {
                        double splits = splits();
                        if (Double.isNaN(splitsBefore)) {
                            splitsBefore = splits;
                        } else if (splits - splitsBefore > MAX_SPLITS) {
                            // thrown bare, not wrapped in an ExecutionException: after a
                            // KafkaException camel-kafka closes the producer; after any other
                            // exception it calls abortTransaction, which would wait
                            throw new RecordTooLargeException(
                                    "a batch is larger than the topic's max.message.bytes");
                        }
                        if (System.nanoTime() - start > patience.toNanos()) {
                            // Kafka keeps its own time-out, unless its thread has ended
                            throw new org.apache.kafka.common.errors.TimeoutException(
                                    "the producer gave no answer within "
                                            + patience.toSeconds()
                                            + " s");
                        }
                    }
                }
            }
        }

        /**
         * Closes within 3 s. A stop that Camel forces interrupts the thread, which Kafka's close
         * does not accept.
         */
        @Override
        public void close(Duration timeout) {
            boolean interrupted = Thread.interrupted();
            try {
                super.close(timeout.compareTo(CLOSE_LIMIT) < 0 ? timeout : CLOSE_LIMIT);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
