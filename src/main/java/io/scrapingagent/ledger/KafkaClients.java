package io.scrapingagent.ledger;

import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Creates the producers of camel-kafka. All Kafka steps share one replaceable transactional
 * producer: two with one transactional id would fence each other.
 */
public final class KafkaClients extends DefaultKafkaClientFactory {

    private ReplaceableProducer producer;
    private volatile Properties transactionalSettings;

    @Override
    @SuppressWarnings("rawtypes")
    public synchronized Producer getProducer(Properties settings) {
        if (settings.getProperty(ProducerConfig.TRANSACTIONAL_ID_CONFIG) == null) {
            return new FailFastProducer(settings);
        }
        // reloaded routes may have other settings; the next producer gets them
        transactionalSettings = settings;
        if (producer == null) {
            producer = new ReplaceableProducer(() -> new FailFastProducer(transactionalSettings));
        }
        return producer.proxy();
    }

    /** Returns the transactional producer of the one Kafka step, or null without transactions. */
    synchronized ReplaceableProducer transactional() {
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
         * The producer splits a batch that turns out larger than estimated; that is rare. One that
         * the topic does not take and that fits into {@code batch.size} it splits into itself, for
         * ever.
         */
        private static final int MAX_SPLITS = 100;

        FailFastProducer(Properties settings) {
            super(settings);
        }

        @Override
        public Future<RecordMetadata> send(
                ProducerRecord<Object, Object> record, Callback callback) {
            Future<RecordMetadata> sent = super.send(record, callback);
            // most are still in flight
            if (sent.isDone()) {
                KafkaAdmin.await(sent);
            }
            return new Sent(this, sent);
        }

        private double splits() {
            return metrics().values().stream()
                    .filter(it -> it.metricName().name().equals("batch-split-total"))
                    .mapToDouble(it -> (Double) it.metricValue())
                    .sum();
        }

        /** A record that is not acknowledged yet. */
        private record Sent(FailFastProducer producer, Future<RecordMetadata> record)
                implements Future<RecordMetadata> {

            private static final long LOOK_MS = 500;

            @Override
            public RecordMetadata get() throws InterruptedException, ExecutionException {
                while (true) {
                    try {
                        return get(LOOK_MS, TimeUnit.MILLISECONDS);
                    } catch (TimeoutException e) {
                        if (producer.splits() > MAX_SPLITS) {
                            // not as its cause: camel-kafka would wait for the transaction to abort
                            throw new RecordTooLargeException(
                                    "a batch is larger than the topic's max.message.bytes");
                        }
                    }
                }
            }

            @Override
            public RecordMetadata get(long timeout, TimeUnit unit)
                    throws InterruptedException, ExecutionException, TimeoutException {
                return record.get(timeout, unit);
            }

            @Override
            public boolean cancel(boolean mayInterrupt) {
                return record.cancel(mayInterrupt);
            }

            @Override
            public boolean isCancelled() {
                return record.isCancelled();
            }

            @Override
            public boolean isDone() {
                return record.isDone();
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
