package io.scrapingagent.check;

import io.scrapingagent.check.Topics.State;
import io.scrapingagent.check.Topics.Topic;
import io.scrapingagent.config.Settings;
import io.scrapingagent.ledger.Brokers;
import io.scrapingagent.ledger.KafkaRights.KafkaGrant;
import io.scrapingagent.ledger.LedgerTopic;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AclOperation;

/** Are the topics there or can be made, and is each as it has to be? */
final class TopicsCheck {

    private static final String AUTO_CREATE = "auto.create.topics.enable";

    private final Settings settings;
    private final Topics topics;
    private final RightsCheck rights;
    private final TopicSettings topicSettings;
    private final String bootstrap;

    TopicsCheck(Settings settings, Brokers brokers) {
        this.settings = settings;
        this.topics = new Topics(brokers);
        this.rights = new RightsCheck(settings, brokers, topics);
        this.topicSettings = new TopicSettings(settings);
        this.bootstrap = settings.kafka().get("bootstrap.servers");
    }

    void run(List<Finding> findings) {
        Topic metrics =
                topics.find(new NewTopic(settings.topic(), Optional.empty(), Optional.empty()));
        Finding there = metrics(metrics);
        findings.add(there);
        if (there.isGood() || metrics.state() != State.MISSING) {
            topicSettings.ofMetrics(metrics, findings);
        }
        findings.add(rights.toWrite(metrics));
        if (settings.delivery().hasLedger()) {
            Topic ledger = topics.find(LedgerTopic.describe(settings.ledgerTopic()));
            findings.add(ledger(ledger));
            topicSettings.ofLedger(ledger, findings);
            findings.add(rights.toReadAndWrite(ledger));
        }
        if (settings.delivery().isTransactional()) {
            findings.add(rights.toUseTransactionalId());
        }
    }

    private Finding metrics(Topic topic) {
        String question = "Topic " + topic.name();
        if (topic.state() == State.THERE) {
            return Finding.ok(question, "there");
        } else if (topic.state() == State.HIDDEN) {
            return Finding.failed(
                    question,
                    "the agent may not see whether it is there",
                    KafkaGrant.ofTopic(topic.name(), Set.of(AclOperation.WRITE)).command(settings));
        }
        String create =
                "kafka-topics.sh --bootstrap-server %s --create --topic %s --config %s"
                        .formatted(bootstrap, topic.name(), TopicSettings.USUAL_RETENTION);
        if (topic.refusal() != null) {
            return Finding.failed(question, "missing, and " + topic.refusal(), create);
        }
        Optional<String> autoCreate = topics.brokerSetting(AUTO_CREATE);
        if (autoCreate.isEmpty()) {
            return Finding.failed(
                    question, "missing, and whether Kafka makes it by itself is hidden", create);
        }
        return Boolean.parseBoolean(autoCreate.get())
                ? Finding.warning(
                        question,
                        "missing; Kafka will make it with its own defaults unless you do",
                        create)
                : Finding.failed(
                        question,
                        "missing, and Kafka makes none by itself (" + AUTO_CREATE + "=false)",
                        create);
    }

    private Finding ledger(Topic topic) {
        String question = "Topic " + topic.name();
        if (topic.state() == State.THERE) {
            return Finding.ok(question, "there");
        } else if (topic.state() == State.MISSING && topic.refusal() == null) {
            return Finding.ok(question, "missing, the agent will make it");
        }
        return Finding.failed(
                question,
                topic.state() == State.HIDDEN
                        ? "the agent may not see whether it is there"
                        : "missing, and " + topic.refusal(),
                KafkaGrant.ofLedger(topic.name()).command(settings));
    }
}
