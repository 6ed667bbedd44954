package io.scrapingagent.check;

import io.scrapingagent.config.Settings;
import io.scrapingagent.ledger.KafkaAdmin;
import io.scrapingagent.ledger.LedgerTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.SecurityUtils;

/**
 * What Kafka must offer: the topic of records to write, the ledger's to read and write, and a
 * transactional id to use. A start asks and makes what it can; {@code check} asks without changing
 * anything. Every method but {@code close} throws a {@link KafkaException} when the brokers cannot
 * be asked.
 */
public final class KafkaRequirements implements AutoCloseable {

    static final Set<AclOperation> TO_PUBLISH = Set.of(AclOperation.WRITE);
    static final Set<AclOperation> TO_KEEP_LEDGER = Set.of(AclOperation.READ, AclOperation.WRITE);
    static final Set<AclOperation> TO_MAKE_LEDGER =
            Set.of(AclOperation.READ, AclOperation.WRITE, AclOperation.CREATE);

    private final Settings settings;
    private final Duration patience;
    private final KafkaAdmin kafka;

    /**
     * Makes the client; nothing is connected to.
     *
     * @param purpose what is added to the {@code client.id}
     * @param patience how long one answer may take
     */
    public KafkaRequirements(Settings settings, String purpose, Duration patience) {
        this.settings = settings;
        this.patience = patience;
        Map<String, Object> client = new HashMap<>(settings.kafka());
        // how long the login goes on asking an OAuth token endpoint that is away
        client.put(SaslConfigs.SASL_LOGIN_RETRY_BACKOFF_MAX_MS, patience.dividedBy(2).toMillis());
        this.kafka = new KafkaAdmin(client, purpose, patience);
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
     * @param allowed what the agent may do with the topic. Empty if it may not see the topic, or
     *     may not make a missing one. Null if that is not known; then it lacks nothing
     * @param settings its settings; none where the agent may not read them
     * @param refusal why the agent cannot make it, or null
     */
    record Topic(
            String name,
            State state,
            Set<AclOperation> allowed,
            Map<String, String> settings,
            String refusal) {

        boolean lacks(Set<AclOperation> needed) {
            return allowed != null && !allowed.containsAll(needed);
        }

        private Topic refused(Set<AclOperation> allowedInstead, String reason) {
            return new Topic(name, state, allowedInstead, settings, reason);
        }
    }

    /**
     * Prepares a start: makes the ledger's topic where it is missing, and fences another agent with
     * the same transactional id. Doing both shows whether the agent may. For its rights on topics
     * that are there, the brokers are asked. Where a right is missing, no agent is fenced.
     *
     * @param grants gets the commands that grant the missing rights
     */
    public void prepareStart(List<String> grants) {
        // a missing topic lacks nothing: Kafka makes it with the first record, or refuses that
        if (describe(settings.topic()).lacks(TO_PUBLISH)) {
            grants.add(grant(settings, settings.topic(), TO_PUBLISH));
        }
        String ledger = settings.ledgerTopic();
        if (settings.delivery().hasLedger()) {
            try {
                new LedgerTopic(ledger, settings.kafka(), patience).createIfMissing();
                if (describe(ledger).lacks(TO_KEEP_LEDGER)) {
                    grants.add(grant(settings, ledger, TO_KEEP_LEDGER));
                }
            } catch (AuthorizationException e) {
                grants.add(grant(settings, ledger, TO_MAKE_LEDGER));
            }
        }
        if (settings.delivery().isTransactional()) {
            try {
                if (grants.isEmpty()) {
                    kafka.ask(it -> it.fenceProducers(List.of(settings.transactionalId())).all());
                } else {
                    describeTransactionalId();
                }
            } catch (AuthorizationException e) {
                grants.add(grantTransactionalId(settings));
            }
        }
    }

    /** Returns which settings of the topics do not fit, as far as they are known. */
    public List<Finding> wrongTopicSettings() {
        TopicRules rules = new TopicRules(settings);
        List<Finding> findings = new ArrayList<>(rules.ofMetrics(describe(settings.topic())));
        if (settings.delivery().hasLedger()) {
            findings.addAll(rules.ofLedger(describe(settings.ledgerTopic())));
        }
        return findings.stream().filter(it -> it.mark() == Finding.Mark.FAILED).toList();
    }

    int countBrokers() {
        return kafka.ask(it -> it.describeCluster().nodes()).size();
    }

    /** Describes the topic of records, and whether it can be made where it is missing. */
    Topic metricsTopic() {
        return find(new NewTopic(settings.topic(), Optional.empty(), Optional.empty()));
    }

    /** Describes the ledger's topic, and whether the agent can make it where it is missing. */
    Topic ledgerTopic() {
        return find(LedgerTopic.describe(settings.ledgerTopic()));
    }

    /** Tells whether a topic is visibly not there. */
    boolean isMissing(String name) {
        return describe(name).state == State.MISSING;
    }

    /** Returns a setting of the brokers, or null if the agent may not read it. */
    String brokerSetting(String setting) {
        int id = kafka.ask(it -> it.describeCluster().nodes()).iterator().next().id();
        return settings(ConfigResource.Type.BROKER, Integer.toString(id)).get(setting);
    }

    /**
     * Asks for the transactional id without using it.
     *
     * @throws AuthorizationException when the agent may not
     */
    void describeTransactionalId() {
        String id = settings.transactionalId();
        try {
            kafka.ask(it -> it.describeTransactions(List.of(id)).description(id));
        } catch (TransactionalIdNotFoundException e) {
            // nobody has used it yet
        }
    }

    /** Tells whether the brokers have no authorizer, so that nobody needs rights. */
    boolean hasNoAuthorizer() {
        try {
            kafka.ask(it -> it.describeAcls(AclBindingFilter.ANY).values());
            return false;
        } catch (SecurityDisabledException e) {
            return true;
        } catch (AuthorizationException e) {
            return false;
        }
    }

    @Override
    public void close() {
        kafka.close();
    }

    private Topic find(NewTopic wanted) {
        Topic topic = describe(wanted.name());
        if (topic.state != State.MISSING) {
            return topic;
        }
        try {
            CreateTopicsOptions onlyAsked = new CreateTopicsOptions().validateOnly(true);
            kafka.ask(it -> it.createTopics(List.of(wanted), onlyAsked).all());
            return topic;
        } catch (AuthorizationException e) {
            return topic.refused(Set.of(), "the agent has no right to make it");
        } catch (RetriableException e) {
            throw e;
        } catch (KafkaException e) {
            return topic.refused(null, "it cannot be made: " + e.getMessage());
        }
    }

    private Topic describe(String name) {
        DescribeTopicsOptions withRights =
                new DescribeTopicsOptions().includeAuthorizedOperations(true);
        try {
            Map<String, TopicDescription> topics =
                    kafka.ask(it -> it.describeTopics(List.of(name), withRights).allTopicNames());
            Set<AclOperation> allowed = topics.get(name).authorizedOperations();
            Map<String, String> config = settings(ConfigResource.Type.TOPIC, name);
            return new Topic(name, State.THERE, allowed, config, null);
        } catch (AuthorizationException e) {
            return new Topic(name, State.HIDDEN, Set.of(), Map.of(), null);
        } catch (UnknownTopicOrPartitionException e) {
            return new Topic(name, State.MISSING, null, Map.of(), null);
        }
    }

    /** Returns settings; none where the agent may not read them. */
    private Map<String, String> settings(ConfigResource.Type type, String name) {
        ConfigResource resource = new ConfigResource(type, name);
        try {
            Config config =
                    kafka.ask(it -> it.describeConfigs(List.of(resource)).all()).get(resource);
            return config.entries().stream()
                    .filter(it -> it.value() != null)
                    .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
        } catch (AuthorizationException e) {
            return Map.of();
        }
    }

    /** Returns the command that grants operations on a topic. */
    static String grant(Settings settings, String topic, Set<AclOperation> operations) {
        String options =
                operations.stream()
                        .sorted()
                        .map(it -> "--operation " + SecurityUtils.operationName(it))
                        .collect(Collectors.joining(" "));
        return grant(settings, options + " --topic " + topic);
    }

    /** Returns the command that grants the use of the transactional id. */
    static String grantTransactionalId(Settings settings) {
        return grant(
                settings,
                "--operation Write --operation Describe --transactional-id "
                        + settings.transactionalId());
    }

    private static String grant(Settings settings, String right) {
        return "kafka-acls.sh --bootstrap-server %s --add --allow-principal 'User:<the agent>' %s"
                .formatted(
                        settings.kafka().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG), right);
    }
}
