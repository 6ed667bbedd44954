package io.scrapingagent.check;

import io.scrapingagent.check.KafkaRequirements.Grant;
import io.scrapingagent.check.KafkaRequirements.State;
import io.scrapingagent.check.KafkaRequirements.Topic;
import io.scrapingagent.config.Plural;
import io.scrapingagent.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
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

    /** More than any record has, and what a producer's batch has where nothing else is set. */
    private static final long LARGEST_RECORD = 16 * 1024;

    private final Settings settings;
    private final Rule retention;
    private final List<Rule> ofTimestamps;
    private final List<Rule> ofMetrics;

    /**
     * What a setting of a topic has to be.
     *
     * @param fits tells of a value whether it is so
     * @param otherwise what happens where it is not
     * @param better a value that fits
     */
    private record Rule(String setting, Predicate<String> fits, String otherwise, String better) {}

    TopicRules(Settings settings) {
        this.settings = settings;
        Duration kept = Duration.ofHours(settings.retentionHours());
        long oldestMs = kept.plus(TO_READ_IT).toMillis();
        String batch = settings.kafka().getOrDefault(ProducerConfig.BATCH_SIZE_CONFIG, "0");
        long needed = Math.max(Long.parseLong(batch), LARGEST_RECORD);
        Rule cleanup =
                new Rule(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        policy -> !policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT),
                        "which keeps one hour of each key, whose records have the same key",
                        TopicConfig.CLEANUP_POLICY_DELETE);
        Rule timestampType =
                new Rule(
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        CREATE_TIME::equals,
                        "which replaces each record's hour by the time of its arrival",
                        CREATE_TIME);
        Rule timestampAge =
                new Rule(
                        TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
                        age -> Long.parseLong(age) >= oldestMs,
                        "and hours of up to %s ago are fetched: they would be refused"
                                .formatted(words(kept)),
                        Long.toString(Long.MAX_VALUE));
        Rule messageBytes =
                new Rule(
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        bytes -> Long.parseLong(bytes) >= needed,
                        "and the producer sends batches of up to %d: they would be refused"
                                .formatted(needed),
                        "1048588, or set KAFKA_BATCH_SIZE to less");
        retention =
                new Rule(
                        TopicConfig.RETENTION_MS_CONFIG,
                        ms -> Long.parseLong(ms) < 0 || Long.parseLong(ms) >= oldestMs,
                        "and hours of up to %s ago are fetched: they would vanish at once"
                                .formatted(words(kept)),
                        USUAL_RETENTION_MS);
        ofTimestamps = List.of(timestampType, timestampAge);
        ofMetrics = List.of(cleanup, timestampType, timestampAge, retention, messageBytes);
    }

    /** Judges the topic of records. */
    List<Finding> ofMetrics(Topic topic) {
        return topic.config().isEmpty()
                ? unreadable(topic)
                : ofMetrics.stream().map(rule -> judge(topic, rule)).toList();
    }

    /** Judges how the topic of records treats their timestamps. */
    List<Finding> ofTimestamps(Topic topic) {
        return ofTimestamps.stream().map(rule -> judge(topic, rule)).toList();
    }

    /** Judges the ledger's topic. */
    List<Finding> ofLedger(Topic topic) {
        if (topic.state() != State.THERE || topic.config().isEmpty()) {
            return unreadable(topic);
        }
        String setting = TopicConfig.CLEANUP_POLICY_CONFIG;
        String policy = topic.setting(setting).orElse("");
        Finding compacted =
                policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)
                        ? Finding.ok(question(topic, setting), policy)
                        : Finding.warning(
                                question(topic, setting),
                                policy + " only, so it keeps more than it has to",
                                alter(topic, setting, "[compact,delete]"));
        return policy.contains(TopicConfig.CLEANUP_POLICY_DELETE)
                ? List.of(compacted, judge(topic, retention))
                : List.of(compacted);
    }

    private List<Finding> unreadable(Topic topic) {
        if (topic.state() != State.THERE) {
            return List.of();
        }
        Set<AclOperation> toRead = Set.of(AclOperation.DESCRIBE_CONFIGS);
        return List.of(
                Finding.warning(
                        question(topic, "settings"),
                        "the agent may not read them, and does not have to",
                        "look at them yourself, or "
                                + Grant.ofTopic(topic.name(), toRead).command(settings)));
    }

    private Finding judge(Topic topic, Rule rule) {
        String question = question(topic, rule.setting);
        String value = topic.setting(rule.setting).orElse("");
        if (value.isEmpty()) {
            // brokers before Kafka 3.6 do not have message.timestamp.before.max.ms
            return Finding.warning(question, "the brokers do not say", "look at it yourself");
        }
        String shown = rule.setting.endsWith(".ms") ? words(Long.parseLong(value)) : value;
        return rule.fits.test(value)
                ? Finding.ok(question, shown)
                : Finding.failed(
                        question,
                        shown + ", " + rule.otherwise,
                        alter(topic, rule.setting, rule.better));
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

    private static String words(long ms) {
        return ms < 0 || ms == Long.MAX_VALUE ? "without limit" : words(Duration.ofMillis(ms));
    }

    private static String words(Duration time) {
        return time.toDays() > 0 && time.equals(Duration.ofDays(time.toDays()))
                ? Plural.of(time.toDays(), "day")
                : time.toHours() > 0 ? Plural.of(time.toHours(), "hour") : time.toMillis() + " ms";
    }
}
