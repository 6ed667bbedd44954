package io.scrapingagent.bench;

import io.scrapingagent.bench.HandWrittenLoop.Measurement;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A producer to which each point is given at once: as fast as it goes. */
final class PlainProducer implements HandWrittenLoop.Destination {

    private final String topic;
    private final Producer<String, byte[]> producer;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private boolean open;

    /**
     * Creates the producer.
     *
     * @param properties its settings, serializers included
     */
    PlainProducer(String topic, Properties properties) {
        this.topic = topic;
        this.producer = new KafkaProducer<>(properties);
        producer.initTransactions();
    }

    @Override
    public void add(Measurement point) {
        if (!open) {
            producer.beginTransaction();
            open = true;
        }
        producer.send(
                new ProducerRecord<>(topic, null, point.time(), point.key(), point.value()),
                (metadata, exception) -> failure.compareAndSet(null, exception));
    }

    @Override
    public void flush() throws Exception {
        producer.flush();
        if (open) {
            producer.commitTransaction();
            open = false;
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
