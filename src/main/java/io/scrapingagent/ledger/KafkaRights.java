package io.scrapingagent.ledger;

import io.scrapingagent.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What the agent may do on its topics, asked before it starts. */
public final class KafkaRights {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Settings settings;
    private final Brokers brokers;
    private final List<KafkaGrant> missing = new ArrayList<>();

    private KafkaRights(Settings settings, Brokers brokers) {
        this.settings = settings;
        this.brokers = brokers;
    }

    /**
     * Finds the rights that are missing; none where there is nothing to grant. Makes the ledger's
     * topic where it is missing.
     *
     * @throws KafkaException when the broker cannot be asked
     */
    public static List<KafkaGrant> missing(Settings settings) {
        try (Brokers brokers = new Brokers(settings.kafka(), "rights", TIMEOUT)) {
            KafkaRights rights = new KafkaRights(settings, brokers);
            rights.checkTopic(settings.topic(), Set.of(AclOperation.WRITE));
            if (settings.delivery().hasLedger()) {
                rights.checkLedger();
            }
            if (settings.delivery().isTransactional()) {
                rights.checkTransactionalId();
            }
            return rights.missing;
        }
    }

    private void checkLedger() {
        String ledger = settings.ledgerTopic();
        try {
            new LedgerTopic(ledger, settings.kafka(), TIMEOUT).create(brokers);
            checkTopic(ledger, Set.of(AclOperation.WRITE, AclOperation.READ));
        } catch (AuthorizationException e) {
            missing.add(KafkaGrant.ofLedger(ledger));
        }
    }

    private void checkTopic(String topic, Set<AclOperation> needed) {
        Set<AclOperation> allowed;
        try {
            allowed =
                    Brokers.answer(
                                    brokers.admin()
                                            .describeTopics(
                                                    List.of(topic),
                                                    new DescribeTopicsOptions()
                                                            .includeAuthorizedOperations(true))
                                            .topicNameValues()
                                            .get(topic))
                            .authorizedOperations();
        } catch (AuthorizationException e) {
            allowed = Set.of();
        } catch (UnknownTopicOrPartitionException e) {
            // made by the first record, or named in the failure of the first window
            return;
        }
        if (allowed != null && !allowed.containsAll(needed)) {
            missing.add(KafkaGrant.ofTopic(topic, needed));
        }
    }

    private void checkTransactionalId() {
        String id = settings.transactionalId();
        Map<String, Object> client = new HashMap<>(settings.kafka());
        client.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        client.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT.toMillis());
        ByteArraySerializer bytes = new ByteArraySerializer();
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(client, bytes, bytes)) {
            producer.initTransactions();
        } catch (AuthorizationException e) {
            missing.add(KafkaGrant.ofTransactionalId(id));
        }
    }

    /** A right that the agent needs, as {@code kafka-acls} grants it. */
    public record KafkaGrant(String arguments) {

        /** Operations on a topic. */
        public static KafkaGrant ofTopic(String topic, Collection<AclOperation> operations) {
            return new KafkaGrant(
                    operations.stream()
                            .sorted()
                            .map(operation -> "--operation " + name(operation))
                            .collect(Collectors.joining(" ", "", " --topic " + topic)));
        }

        /** All that the ledger's topic needs, its making included. */
        public static KafkaGrant ofLedger(String topic) {
            return new KafkaGrant(
                    "--operation Create --operation Write --operation Read --topic " + topic);
        }

        /** The use of a transactional id. */
        public static KafkaGrant ofTransactionalId(String id) {
            return new KafkaGrant(
                    "--operation Write --operation Describe --transactional-id " + id);
        }

        /** Returns the whole command. */
        public String command(Settings settings) {
            return "kafka-acls.sh --bootstrap-server %s --add --allow-principal 'User:<the agent>' %s"
                    .formatted(
                            settings.kafka().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG),
                            arguments);
        }

        /** As {@code kafka-acls} writes it: {@code DescribeConfigs}. */
        private static String name(AclOperation operation) {
            StringBuilder name = new StringBuilder();
            for (String word : operation.name().split("_")) {
                name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
            }
            return name.toString();
        }
    }
}
