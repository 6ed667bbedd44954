package io.scrapingagent.check;

import io.scrapingagent.check.Topics.State;
import io.scrapingagent.check.Topics.Topic;
import io.scrapingagent.config.Settings;
import io.scrapingagent.ledger.Brokers;
import io.scrapingagent.ledger.KafkaRights.KafkaGrant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

/**
 * May the agent do what it has to? Asked without doing any of it: {@code KafkaRights}, which an
 * agent asks at its start, would make the ledger's topic and fence an agent that runs.
 */
final class RightsCheck {

    private static final String TRANSACTION_STATE = "__transaction_state";
    private static final String EVERYTHING = "the brokers ask nobody for rights";

    private final Settings settings;
    private final Brokers brokers;
    private final Topics topics;
    private final String transactionalId;
    private final boolean everythingAllowed;

    RightsCheck(Settings settings, Brokers brokers, Topics topics) {
        this.settings = settings;
        this.brokers = brokers;
        this.topics = topics;
        this.transactionalId = settings.transactionalId();
        this.everythingAllowed = everythingAllowed();
    }

    Finding toWrite(Topic topic) {
        return topic(topic, EnumSet.of(AclOperation.WRITE));
    }

    Finding toReadAndWrite(Topic topic) {
        return topic(topic, EnumSet.of(AclOperation.READ, AclOperation.WRITE));
    }

    /**
     * A principal that may WRITE may DESCRIBE as well, so one that may not DESCRIBE lacks both. The
     * reverse cannot be seen: only the use of the id shows it, and that would fence an agent.
     */
    Finding toUseTransactionalId() {
        String question = "Right to use transactional id " + transactionalId;
        if (everythingAllowed) {
            return Finding.ok(question, EVERYTHING);
        }
        if (topics.isMissing(TRANSACTION_STATE)) {
            return Finding.warning(
                    question,
                    "not asked: there has been no transaction yet, and Kafka would make its topic "
                            + TRANSACTION_STATE,
                    "if the agent cannot start, " + grantTransactionalId());
        }
        try {
            Brokers.answer(
                    brokers.admin()
                            .describeTransactions(List.of(transactionalId))
                            .description(transactionalId));
        } catch (TransactionalIdNotFoundException e) {
            // nobody has used it yet
        } catch (AuthorizationException e) {
            return Finding.failed(question, "missing", grantTransactionalId());
        } catch (UnsupportedVersionException e) {
            return Finding.warning(
                    question,
                    "brokers before Kafka 3.0 cannot be asked",
                    "if the agent cannot start, " + grantTransactionalId());
        } catch (KafkaException e) {
            return Finding.failed(
                    question, e.getMessage(), "check that the brokers' transaction log is well");
        }
        return Finding.ok(question, "DESCRIBE; whether WRITE as well shows only at the start");
    }

    private Finding topic(Topic topic, Set<AclOperation> needed) {
        String question =
                "Right to %s topic %s"
                        .formatted(
                                needed.stream()
                                        .map(it -> it.name())
                                        .collect(Collectors.joining(" and ")),
                                topic.name());
        String grant = KafkaGrant.ofTopic(topic.name(), needed).command(settings);
        if (everythingAllowed) {
            return Finding.ok(question, EVERYTHING);
        } else if (topic.state() == State.MISSING) {
            return Finding.warning(
                    question, "not known before the topic is there", "if it is missing, " + grant);
        }
        return topic.allowed() == null || topic.allowed().containsAll(needed)
                ? Finding.ok(question, "granted")
                : Finding.failed(question, "missing", grant);
    }

    private String grantTransactionalId() {
        return KafkaGrant.ofTransactionalId(transactionalId).command(settings);
    }

    /**
     * Brokers without an authorizer say so to whoever asks for ACLs. Who may not ask is refused
     * with an error in the brokers' log, so it is not tried then; that there are ACLs is known as
     * well.
     */
    private boolean everythingAllowed() {
        Set<AclOperation> onCluster =
                Brokers.answer(
                        brokers.admin()
                                .describeCluster(
                                        new DescribeClusterOptions()
                                                .includeAuthorizedOperations(true))
                                .authorizedOperations());
        if (onCluster != null && !onCluster.contains(AclOperation.DESCRIBE)) {
            return false;
        }
        try {
            Brokers.answer(
                    brokers.admin()
                            .describeAcls(
                                    new AclBindingFilter(
                                            new ResourcePatternFilter(
                                                    ResourceType.TRANSACTIONAL_ID,
                                                    transactionalId,
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
}
