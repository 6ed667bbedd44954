package io.scrapingagent.check;

import io.scrapingagent.check.Topics.State;
import io.scrapingagent.check.Topics.Topic;
import io.scrapingagent.config.Plural;
import io.scrapingagent.config.Settings;
import io.scrapingagent.ledger.KafkaRights.KafkaGrant;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Do the topics' settings fit hourly records that carry their hour as their timestamp, up to as
 * many days in the past as the Metrics API keeps hours?
 */
final class TopicSettings {

    static final String USUAL_RETENTION =
            TopicConfig.RETENTION_MS_CONFIG + "=" + Duration.ofDays(90).toMillis();

    /** The oldest hour that is still fetched is to be there for a day at least. */
    private static final Duration TO_READ_IT = Duration.ofDays(1);

    /** More than any one record has: its names are of a few hundred characters. */
    private static final long LARGEST_RECORD = 16 * 1024;

    private static final long PRODUCER_BATCH = 16 * 1024;

    private final Settings settings;
    private final Duration oldest;

    TopicSettings(Settings settings) {
        this.settings = settings;
        this.oldest = Duration.ofHours(settings.retentionHours()).plus(TO_READ_IT);
    }

    /** Judges the topic of records. */
    void ofMetrics(Topic topic, List<Finding> findings) {
        if (!areKnown(topic, findings)) {
            return;
        }
        findings.add(cleanup(topic));
        findings.add(timestampType(topic));
        findings.add(timestampAge(topic));
        findings.add(retention(topic));
        findings.add(messageBytes(topic));
    }

    /** Judges the ledger's topic. */
    void ofLedger(Topic topic, List<Finding> findings) {
        if (topic.state() != State.THERE || !areKnown(topic, findings)) {
            return;
        }
        String policy = value(topic, TopicConfig.CLEANUP_POLICY_CONFIG);
        findings.add(
                policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)
                        ? Finding.ok(question(topic, TopicConfig.CLEANUP_POLICY_CONFIG), policy)
                        : Finding.warning(
                                question(topic, TopicConfig.CLEANUP_POLICY_CONFIG),
                                policy + " only, so it keeps more than it has to",
                                alter(
                                        topic,
                                        TopicConfig.CLEANUP_POLICY_CONFIG + "=[compact,delete]")));
        if (policy.contains(TopicConfig.CLEANUP_POLICY_DELETE)) {
            findings.add(retention(topic));
        }
    }

    private boolean areKnown(Topic topic, List<Finding> findings) {
        if (topic.config().isEmpty() && topic.state() == State.THERE) {
            findings.add(
                    Finding.warning(
                            question(topic, "settings"),
                            "the agent may not read them, and does not have to",
                            "look at them yourself, or "
                                    + KafkaGrant.ofTopic(
                                                    topic.name(),
                                                    Set.of(AclOperation.DESCRIBE_CONFIGS))
                                            .command(settings)));
        }
        return topic.config().isPresent();
    }

    private Finding cleanup(Topic topic) {
        String setting = TopicConfig.CLEANUP_POLICY_CONFIG;
        String policy = value(topic, setting);
        return policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)
                ? Finding.failed(
                        question(topic, setting),
                        policy + " keeps one hour of each key, whose records have the same key",
                        alter(topic, setting + "=" + TopicConfig.CLEANUP_POLICY_DELETE))
                : Finding.ok(question(topic, setting), policy);
    }

    private Finding timestampType(Topic topic) {
        String setting = TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;
        String type = value(topic, setting);
        if (type.isEmpty()) {
            return notSaid(topic, setting);
        }
        return type.equals("CreateTime")
                ? Finding.ok(question(topic, setting), type)
                : Finding.failed(
                        question(topic, setting),
                        type + " replaces each record's hour by the time of its arrival",
                        alter(topic, setting + "=CreateTime"));
    }

    private Finding timestampAge(Topic topic) {
        String setting = TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG;
        OptionalLong age = number(topic, setting);
        if (age.isEmpty()) {
            return Finding.warning(
                    question(topic, setting),
                    "the broker, of a version before Kafka 3.6, does not have it",
                    "see that message.timestamp.difference.max.ms, which it has in its place, is at"
                            + " least "
                            + oldest.toMillis());
        }
        return age.getAsLong() >= oldest.toMillis()
                ? Finding.ok(question(topic, setting), words(age.getAsLong()))
                : Finding.failed(
                        question(topic, setting),
                        "records of more than %s ago are refused, and hours of up to %s ago are fetched"
                                .formatted(words(age.getAsLong()), retentionOfTheApi()),
                        alter(topic, setting + "=" + Long.MAX_VALUE));
    }

    private Finding retention(Topic topic) {
        String setting = TopicConfig.RETENTION_MS_CONFIG;
        OptionalLong ms = number(topic, setting);
        if (ms.isEmpty()) {
            return notSaid(topic, setting);
        }
        return ms.getAsLong() < 0 || ms.getAsLong() >= oldest.toMillis()
                ? Finding.ok(question(topic, setting), words(ms.getAsLong()))
                : Finding.failed(
                        question(topic, setting),
                        "%s, and hours of up to %s ago are fetched: they would vanish at once"
                                .formatted(words(ms.getAsLong()), retentionOfTheApi()),
                        alter(topic, USUAL_RETENTION));
    }

    private Finding messageBytes(Topic topic) {
        String setting = TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
        OptionalLong most = number(topic, setting);
        if (most.isEmpty()) {
            return notSaid(topic, setting);
        }
        long batch =
                settings.kafka().containsKey(ProducerConfig.BATCH_SIZE_CONFIG)
                        ? Long.parseLong(settings.kafka().get(ProducerConfig.BATCH_SIZE_CONFIG))
                        : PRODUCER_BATCH;
        long needed = Math.max(batch, LARGEST_RECORD);
        if (most.getAsLong() >= needed) {
            return Finding.ok(question(topic, setting), Long.toString(most.getAsLong()));
        }
        return Finding.failed(
                question(topic, setting),
                "%d, and the producer sends batches of up to %d: they would be refused"
                        .formatted(most.getAsLong(), needed),
                alter(topic, setting + "=1048588")
                        + (most.getAsLong() >= LARGEST_RECORD
                                ? ", or KAFKA_BATCH_SIZE=" + most.getAsLong()
                                : ""));
    }

    private static Finding notSaid(Topic topic, String setting) {
        return Finding.warning(
                question(topic, setting), "the brokers do not say", "look at it yourself");
    }

    private static OptionalLong number(Topic topic, String setting) {
        return topic.setting(setting).stream().mapToLong(Long::parseLong).findFirst();
    }

    private static String question(Topic topic, String setting) {
        return "Topic " + topic.name() + " " + setting;
    }

    private static String value(Topic topic, String setting) {
        return topic.setting(setting).orElse("");
    }

    private String alter(Topic topic, String config) {
        return "kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s"
                .formatted(settings.kafka().get("bootstrap.servers"), topic.name(), config);
    }

    private String retentionOfTheApi() {
        return words(Duration.ofHours(settings.retentionHours()));
    }

    private static String words(long ms) {
        return ms < 0 || ms == Long.MAX_VALUE ? "without limit" : words(Duration.ofMillis(ms));
    }

    private static String words(Duration time) {
        return time.toDays() > 0 && time.equals(Duration.ofDays(time.toDays()))
                ? Plural.of(time.toDays(), "day")
                : time.toHours() > 0 ? Plural.of(time.toHours(), "hour") : time.toMillis() + " ms";
    }
}
