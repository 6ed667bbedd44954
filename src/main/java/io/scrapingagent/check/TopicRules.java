package io.scrapingagent.check;

import io.scrapingagent.check.KafkaRequirements.Grant;
import io.scrapingagent.check.KafkaRequirements.State;
import io.scrapingagent.check.KafkaRequirements.Topic;
import io.scrapingagent.config.Plural;
import io.scrapingagent.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Do the topics' settings fit hourly records that carry their hour as their timestamp, up to as
 * many days in the past as the Metrics API keeps hours?
 */
final class TopicRules {

    private static final String USUAL_RETENTION_MS = Long.toString(Duration.ofDays(90).toMillis());

    static final String USUAL_RETENTION =
            TopicConfig.RETENTION_MS_CONFIG + "=" + USUAL_RETENTION_MS;

    private static final String CREATE_TIME = "CreateTime";

    /** The oldest hour that is still fetched is to be there for a day at least. */
    private static final Duration TO_READ_IT = Duration.ofDays(1);

    /** More than any one record has: its names are of a few hundred characters. */
    private static final long LARGEST_RECORD = 16 * 1024;

    private static final long PRODUCER_BATCH = 16 * 1024;

    private final Settings settings;
    private final Duration oldest;

    TopicRules(Settings settings) {
        this.settings = settings;
        this.oldest = Duration.ofHours(settings.retentionHours()).plus(TO_READ_IT);
    }

    /** Judges the topic of records. */
    List<Finding> ofMetrics(Topic topic) {
        if (topic.config().isEmpty()) {
            return unreadable(topic);
        }
        return List.of(
                cleanup(topic),
                timestampType(topic),
                timestampAge(topic),
                retention(topic),
                messageBytes(topic));
    }

    /** Judges how the topic of records treats their timestamps. */
    List<Finding> ofTimestamps(Topic topic) {
        return List.of(timestampType(topic), timestampAge(topic));
    }

    /** Judges the ledger's topic. */
    List<Finding> ofLedger(Topic topic) {
        if (topic.state() != State.THERE || topic.config().isEmpty()) {
            return unreadable(topic);
        }
        String setting = TopicConfig.CLEANUP_POLICY_CONFIG;
        String policy = value(topic, setting);
        List<Finding> findings = new ArrayList<>();
        findings.add(
                policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)
                        ? Finding.ok(question(topic, setting), policy)
                        : Finding.warning(
                                question(topic, setting),
                                policy + " only, so it keeps more than it has to",
                                alter(topic, setting, "[compact,delete]")));
        if (policy.contains(TopicConfig.CLEANUP_POLICY_DELETE)) {
            findings.add(retention(topic));
        }
        return findings;
    }

    private List<Finding> unreadable(Topic topic) {
        return topic.state() != State.THERE
                ? List.of()
                : List.of(
                        Finding.warning(
                                question(topic, "settings"),
                                "the agent may not read them, and does not have to",
                                "look at them yourself, or "
                                        + Grant.ofTopic(
                                                        topic.name(),
                                                        Set.of(AclOperation.DESCRIBE_CONFIGS))
                                                .command(settings)));
    }

    private Finding cleanup(Topic topic) {
        String setting = TopicConfig.CLEANUP_POLICY_CONFIG;
        String policy = value(topic, setting);
        return judge(
                topic,
                setting,
                !policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT),
                policy,
                policy + " keeps one hour of each key, whose records have the same key",
                TopicConfig.CLEANUP_POLICY_DELETE);
    }

    private Finding timestampType(Topic topic) {
        String setting = TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;
        String type = value(topic, setting);
        return judge(
                topic,
                setting,
                type.equals(CREATE_TIME),
                type,
                type + " replaces each record's hour by the time of its arrival",
                CREATE_TIME);
    }

    private Finding timestampAge(Topic topic) {
        String setting = TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG;
        if (value(topic, setting).isEmpty()) {
            return Finding.warning(
                    question(topic, setting),
                    "the broker, of a version before Kafka 3.6, does not have it",
                    "see that message.timestamp.difference.max.ms, which it has in its place, is at"
                            + " least "
                            + oldest.toMillis());
        }
        long age = number(topic, setting);
        return judge(
                topic,
                setting,
                age >= oldest.toMillis(),
                words(age),
                "records of more than %s ago are refused, and hours of up to %s ago are fetched"
                        .formatted(words(age), retentionOfTheApi()),
                Long.toString(Long.MAX_VALUE));
    }

    private Finding retention(Topic topic) {
        String setting = TopicConfig.RETENTION_MS_CONFIG;
        long ms = number(topic, setting);
        return judge(
                topic,
                setting,
                ms < 0 || ms >= oldest.toMillis(),
                words(ms),
                "%s, and hours of up to %s ago are fetched: they would vanish at once"
                        .formatted(words(ms), retentionOfTheApi()),
                USUAL_RETENTION_MS);
    }

    private Finding messageBytes(Topic topic) {
        String setting = TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
        long most = number(topic, setting);
        String batch = settings.kafka().get(ProducerConfig.BATCH_SIZE_CONFIG);
        long needed =
                Math.max(batch == null ? PRODUCER_BATCH : Long.parseLong(batch), LARGEST_RECORD);
        return judge(
                topic,
                setting,
                most >= needed,
                Long.toString(most),
                "%d, and the producer sends batches of up to %d: they would be refused"
                        .formatted(most, needed),
                "1048588" + (most >= LARGEST_RECORD ? ", or KAFKA_BATCH_SIZE=" + most : ""));
    }

    private Finding judge(
            Topic topic,
            String setting,
            boolean fits,
            String shown,
            String problem,
            String better) {
        String question = question(topic, setting);
        if (value(topic, setting).isEmpty()) {
            return Finding.warning(question, "the brokers do not say", "look at it yourself");
        }
        return fits
                ? Finding.ok(question, shown)
                : Finding.failed(question, problem, alter(topic, setting, better));
    }

    private static String value(Topic topic, String setting) {
        return topic.setting(setting).orElse("");
    }

    private static long number(Topic topic, String setting) {
        return topic.setting(setting).map(Long::parseLong).orElse(0L);
    }

    private static String question(Topic topic, String setting) {
        return "Topic " + topic.name() + " " + setting;
    }

    private String alter(Topic topic, String setting, String value) {
        return "kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s=%s"
                .formatted(
                        settings.kafka().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG),
                        topic.name(),
                        setting,
                        value);
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
