package io.scrapingagent.check;

import io.scrapingagent.config.Settings;
import io.scrapingagent.ledger.KafkaAdmin;
import io.scrapingagent.ledger.LedgerTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What Kafka must offer: the topic of records to write, the ledger's to read and write, and a
 * transactional id to use. A start asks and makes what it can; {@code check} asks without changing
 * anything. Every method but {@code close} throws a {@link KafkaException} when the brokers cannot
 * be asked.
 */
public final class KafkaRequirements implements AutoCloseable {

    static final Set<AclOperation> TO_PUBLISH = Set.of(AclOperation.WRITE);
    static final Set<AclOperation> TO_KEEP_LEDGER = Set.of(AclOperation.READ, AclOperation.WRITE);

    private final Settings settings;
    private final Duration patience;
    private final KafkaAdmin brokers;

    /**
     * Makes the client; nothing is connected to.
     *
     * @param purpose what is added to the {@code client.id}
     * @param patience how long one answer may take
     */
    public KafkaRequirements(Settings settings, String purpose, Duration patience) {
        this.settings = settings;
        this.patience = patience;
        this.brokers = new KafkaAdmin(settings.kafka(), purpose, patience);
    }

    enum State {
        THERE,
        MISSING,
        /** The agent has no right to know. */
        HIDDEN
    }

    /**
     * A topic.
     *
     * @param allowed what the agent may do with it; null where that is not known
     * @param config its settings, or those that it would be made with; empty where the agent may
     *     not read them
     * @param refusal why the agent cannot make it, or null
     */
    record Topic(
            String name,
            State state,
            Set<AclOperation> allowed,
            Optional<Config> config,
            String refusal) {

        /** Returns the value of a setting, as far as it is known and the brokers have it. */
        Optional<String> setting(String setting) {
            return config.map(it -> it.get(setting)).map(ConfigEntry::value);
        }

        boolean lacks(Set<AclOperation> needed) {
            return allowed != null && !allowed.containsAll(needed);
        }
    }

    /**
     * Finds the rights that are missing, by using them: makes the ledger's topic where it is
     * missing, and fences another agent with the same transactional id.
     *
     * @return none where there is nothing to grant
     */
    public List<Grant> missingRights() {
        List<Grant> missing = new ArrayList<>();
        // one that is not there is made by the first record, or named in the first failure
        if (describe(settings.topic()).lacks(TO_PUBLISH)) {
            missing.add(Grant.ofTopic(settings.topic(), TO_PUBLISH));
        }
        String ledger = settings.ledgerTopic();
        if (settings.delivery().hasLedger()) {
            try {
                new LedgerTopic(ledger, settings.kafka(), patience).createIfMissing();
                if (describe(ledger).lacks(TO_KEEP_LEDGER)) {
                    missing.add(Grant.ofTopic(ledger, TO_KEEP_LEDGER));
                }
            } catch (AuthorizationException e) {
                missing.add(Grant.ofLedger(ledger));
            }
        }
        if (settings.delivery().isTransactional()) {
            try {
                useTransactionalId();
            } catch (AuthorizationException e) {
                missing.add(Grant.ofTransactionalId(settings.transactionalId()));
            }
        }
        return missing;
    }

    /** Returns what is wrong with how the topic of records treats timestamps, if that is known. */
    public List<Finding> wrongTimestamps() {
        Topic topic = describe(settings.topic());
        return topic.state == State.THERE
                ? new TopicRules(settings)
                        .ofTimestamps(withConfig(topic)).stream()
                                .filter(it -> it.mark() == Finding.Mark.FAILED)
                                .toList()
                : List.of();
    }

    int countBrokers() {
        return nodes().size();
    }

    /** Finds the topic of records, and what Kafka would make it like where it is missing. */
    Topic metricsTopic() {
        return find(new NewTopic(settings.topic(), Optional.empty(), Optional.empty()));
    }

    /** Finds the ledger's topic, and what the agent would make it like where it is missing. */
    Topic ledgerTopic() {
        return find(LedgerTopic.describe(settings.ledgerTopic()));
    }

    /** Tells whether a topic is visibly not there. */
    boolean isMissing(String name) {
        return describe(name).state == State.MISSING;
    }

    /** Returns a setting of the brokers, if the agent may read it. */
    Optional<String> brokerSetting(String setting) {
        String id = Integer.toString(nodes().iterator().next().id());
        return config(ConfigResource.Type.BROKER, id)
                .map(it -> it.get(setting))
                .map(ConfigEntry::value);
    }

    /**
     * Asks for the transactional id without using it.
     *
     * @throws AuthorizationException when the agent may not
     */
    void describeTransactionalId() {
        String id = settings.transactionalId();
        KafkaAdmin.await(brokers.admin().describeTransactions(List.of(id)).description(id));
    }

    /**
     * Tells whether the brokers ask nobody for rights. Brokers without an authorizer say so to
     * whoever asks for ACLs. A caller without the right to ask causes an error in the brokers' log,
     * so the agent does not ask then. A missing right shows as well that there are ACLs.
     */
    boolean isEverythingAllowed() {
        try {
            Set<AclOperation> onCluster =
                    KafkaAdmin.await(
                            brokers.admin()
                                    .describeCluster(
                                            new DescribeClusterOptions()
                                                    .includeAuthorizedOperations(true))
                                    .authorizedOperations());
            if (onCluster != null && !onCluster.contains(AclOperation.DESCRIBE)) {
                return false;
            }
            KafkaAdmin.await(
                    brokers.admin()
                            .describeAcls(
                                    new AclBindingFilter(
                                            new ResourcePatternFilter(
                                                    ResourceType.TRANSACTIONAL_ID,
                                                    settings.transactionalId(),
                                                    PatternType.MATCH),
                                            AccessControlEntryFilter.ANY))
                            .values());
            return false;
        } catch (SecurityDisabledException e) {
            return true;
        } catch (AuthorizationException | UnsupportedVersionException e) {
            return false;
        }
    }

    @Override
    public void close() {
        brokers.close();
    }

    private Collection<Node> nodes() {
        return KafkaAdmin.await(brokers.admin().describeCluster().nodes());
    }

    private void useTransactionalId() {
        Map<String, Object> client = new HashMap<>(settings.kafka());
        client.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.transactionalId());
        client.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, patience.toMillis());
        ByteArraySerializer bytes = new ByteArraySerializer();
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(client, bytes, bytes)) {
            producer.initTransactions();
        }
    }

    private Topic find(NewTopic wanted) {
        Topic topic = describe(wanted.name());
        return switch (topic.state) {
            case THERE -> withConfig(topic);
            case MISSING -> toBeMade(wanted);
            case HIDDEN -> topic;
        };
    }

    /** Returns a topic without its settings. */
    private Topic describe(String name) {
        try {
            Set<AclOperation> allowed =
                    KafkaAdmin.await(
                                    brokers.admin()
                                            .describeTopics(
                                                    List.of(name),
                                                    new DescribeTopicsOptions()
                                                            .includeAuthorizedOperations(true))
                                            .topicNameValues()
                                            .get(name))
                            .authorizedOperations();
            return new Topic(name, State.THERE, allowed, Optional.empty(), null);
        } catch (AuthorizationException e) {
            return new Topic(name, State.HIDDEN, Set.of(), Optional.empty(), null);
        } catch (UnknownTopicOrPartitionException e) {
            return new Topic(name, State.MISSING, null, Optional.empty(), null);
        }
    }

    private Topic withConfig(Topic there) {
        Optional<Config> config = config(ConfigResource.Type.TOPIC, there.name);
        return new Topic(there.name, there.state, there.allowed, config, null);
    }

    private Topic toBeMade(NewTopic wanted) {
        CreateTopicsResult made =
                brokers.admin()
                        .createTopics(
                                List.of(wanted), new CreateTopicsOptions().validateOnly(true));
        String refusal = null;
        try {
            KafkaAdmin.await(made.values().get(wanted.name()));
        } catch (TimeoutException e) {
            throw e;
        } catch (AuthorizationException e) {
            refusal = "the agent has no right to make it";
        } catch (TopicExistsException e) {
            refusal = "it was made just now, so check again";
        } catch (KafkaException e) {
            refusal = "it cannot be made: " + e.getMessage();
        }
        Optional<Config> config = Optional.empty();
        try {
            config = Optional.of(KafkaAdmin.await(made.config(wanted.name())));
        } catch (KafkaException e) {
            // why it cannot be made is said already, and the right to read them is not needed
        }
        return new Topic(wanted.name(), State.MISSING, null, config, refusal);
    }

    private Optional<Config> config(ConfigResource.Type type, String name) {
        ConfigResource resource = new ConfigResource(type, name);
        try {
            return Optional.of(
                    KafkaAdmin.await(
                            brokers.admin()
                                    .describeConfigs(List.of(resource))
                                    .values()
                                    .get(resource)));
        } catch (AuthorizationException e) {
            return Optional.empty();
        }
    }

    /** A right that the agent needs, as {@code kafka-acls} grants it. */
    public record Grant(String arguments) {

        /** Operations on a topic. */
        static Grant ofTopic(String topic, Collection<AclOperation> operations) {
            return new Grant(
                    operations.stream()
                            .sorted()
                            .map(operation -> "--operation " + name(operation))
                            .collect(Collectors.joining(" ", "", " --topic " + topic)));
        }

        /** All that the ledger's topic needs, its making included. */
        static Grant ofLedger(String topic) {
            return new Grant(
                    "--operation Create --operation Write --operation Read --topic " + topic);
        }

        /** The use of a transactional id. */
        static Grant ofTransactionalId(String id) {
            return new Grant("--operation Write --operation Describe --transactional-id " + id);
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
