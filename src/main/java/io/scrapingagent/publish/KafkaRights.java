package io.scrapingagent.publish;

import io.scrapingagent.ledger.LedgerTopic;
import io.scrapingagent.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
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
    private final List<String> missing = new ArrayList<>();

    private KafkaRights(Settings settings) {
        this.settings = settings;
    }

    /**
     * Finds the rights that are missing, as the {@code kafka-acls} arguments that grant them; none
     * where there is nothing to grant. Makes the ledger's topic where it is missing.
     *
     * @throws KafkaException when the broker cannot be asked
     */
    public static List<String> missing(Settings settings) {
        KafkaRights rights = new KafkaRights(settings);
        rights.checkTopic(settings.topic(), Set.of(AclOperation.WRITE));
        if (settings.delivery().hasLedger()) {
            rights.checkLedger();
        }
        if (settings.delivery().isTransactional()) {
            rights.checkTransactionalId();
        }
        return rights.missing;
    }

    /**
     * Returns the command that grants a right.
     *
     * @param arguments of {@code kafka-acls}, as {@link #missing} returns them
     */
    public static String grant(Settings settings, String arguments) {
        return "kafka-acls.sh --bootstrap-server %s --add --allow-principal User:<the agent> %s"
                .formatted(settings.kafka().get("bootstrap.servers"), arguments);
    }

    private void checkLedger() {
        String ledger = settings.ledgerTopic();
        try {
            new LedgerTopic(ledger, settings.kafka(), TIMEOUT).create();
            checkTopic(ledger, Set.of(AclOperation.WRITE, AclOperation.READ));
        } catch (AuthorizationException e) {
            missing.add("--operation Create --operation Write --operation Read --topic " + ledger);
        }
    }

    private void checkTopic(String topic, Set<AclOperation> needed) {
        Map<String, Object> client = new HashMap<>(settings.kafka());
        client.keySet().retainAll(AdminClientConfig.configNames());
        client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
        client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
        Set<AclOperation> allowed;
        try (Admin admin = Admin.create(client)) {
            allowed =
                    admin.describeTopics(
                                    List.of(topic),
                                    new DescribeTopicsOptions().includeAuthorizedOperations(true))
                            .topicNameValues()
                            .get(topic)
                            .get()
                            .authorizedOperations();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                allowed = Set.of();
            } else if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                // made by the first record, or named in the failure of the first window
                return;
            } else {
                throw e.getCause() instanceof KafkaException kafka
                        ? kafka
                        : new KafkaException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
        if (allowed != null && !allowed.containsAll(needed)) {
            StringBuilder grant = new StringBuilder();
            needed.stream()
                    .sorted()
                    .forEach(right -> grant.append("--operation ").append(name(right)).append(' '));
            missing.add(grant + "--topic " + topic);
        }
    }

    private void checkTransactionalId() {
        String id = TransactionalId.of(settings);
        Map<String, Object> client = new HashMap<>(settings.kafka());
        client.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        client.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT.toMillis());
        ByteArraySerializer bytes = new ByteArraySerializer();
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(client, bytes, bytes)) {
            producer.initTransactions();
        } catch (AuthorizationException e) {
            missing.add("--operation Write --operation Describe --transactional-id " + id);
        }
    }

    private static String name(AclOperation operation) {
        return operation == AclOperation.READ ? "Read" : "Write";
    }
}
