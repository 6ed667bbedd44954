package io.scrapingagent.ledger;

import java.util.Properties;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Gives camel-kafka its producer: in transactions one that can be replaced. All Kafka steps share
 * it, since two producers with one transactional id would fence each other.
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
        // routes that were reloaded may have other settings, for the next producer
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
}
