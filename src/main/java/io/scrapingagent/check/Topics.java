package io.scrapingagent.check;

import io.scrapingagent.ledger.Brokers;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What the brokers say of topics, those included that are not there yet. */
final class Topics {

    private final Brokers brokers;

    Topics(Brokers brokers) {
        this.brokers = brokers;
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
    }

    /**
     * Finds a topic.
     *
     * @param wanted what it would be made like
     */
    Topic find(NewTopic wanted) {
        String name = wanted.name();
        try {
            TopicDescription description = describe(name);
            return new Topic(
                    name,
                    State.THERE,
                    description.authorizedOperations(),
                    config(new ConfigResource(ConfigResource.Type.TOPIC, name)),
                    null);
        } catch (AuthorizationException e) {
            return new Topic(name, State.HIDDEN, Set.of(), Optional.empty(), null);
        } catch (UnknownTopicOrPartitionException e) {
            return missing(wanted);
        }
    }

    /** Tells whether a topic is visibly not there. */
    boolean isMissing(String name) {
        try {
            describe(name);
            return false;
        } catch (AuthorizationException e) {
            return false;
        } catch (UnknownTopicOrPartitionException e) {
            return true;
        }
    }

    /** Returns a setting of the brokers, if the agent may read it. */
    Optional<String> brokerSetting(String setting) {
        Collection<Node> nodes = Brokers.answer(brokers.admin().describeCluster().nodes());
        String id = Integer.toString(nodes.iterator().next().id());
        return config(new ConfigResource(ConfigResource.Type.BROKER, id))
                .map(it -> it.get(setting))
                .map(ConfigEntry::value);
    }

    private TopicDescription describe(String name) {
        return Brokers.answer(
                brokers.admin()
                        .describeTopics(
                                List.of(name),
                                new DescribeTopicsOptions().includeAuthorizedOperations(true))
                        .topicNameValues()
                        .get(name));
    }

    private Optional<Config> config(ConfigResource resource) {
        try {
            return Optional.of(
                    Brokers.answer(
                            brokers.admin()
                                    .describeConfigs(List.of(resource))
                                    .values()
                                    .get(resource)));
        } catch (AuthorizationException e) {
            return Optional.empty();
        }
    }

    private Topic missing(NewTopic wanted) {
        CreateTopicsResult made =
                brokers.admin()
                        .createTopics(
                                List.of(wanted), new CreateTopicsOptions().validateOnly(true));
        String refusal = null;
        try {
            Brokers.answer(made.values().get(wanted.name()));
        } catch (TimeoutException e) {
            throw e;
        } catch (AuthorizationException e) {
            refusal = "the agent has no right to make it";
        } catch (TopicExistsException e) {
            refusal = "it was made just now, so check again";
        } catch (KafkaException e) {
            refusal = "it cannot be made: " + e.getMessage();
        }
        return new Topic(wanted.name(), State.MISSING, null, config(made, wanted), refusal);
    }

    /** Returns the settings that the brokers would give it, the agent's and their defaults. */
    private static Optional<Config> config(CreateTopicsResult made, NewTopic wanted) {
        try {
            return Optional.of(Brokers.answer(made.config(wanted.name())));
        } catch (KafkaException e) {
            // why it cannot be made is said already, and the right to read them is not needed
            return Optional.empty();
        }
    }
}
