package io.scrapingagent.check;

import io.scrapingagent.check.KafkaRequirements.Topic;
import io.scrapingagent.config.Plural;
import io.scrapingagent.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What the topics' settings must be. Records carry their hour as their timestamp, which lies in the
 * past by up to as many days as the Metrics API keeps it. The ledger's records carry the time of
 * their writing, and must outlast the hours that can still be fetched.
 */
final class TopicRules {

    /** 90 days. */
    static final String USUAL_RETENTION_MS = Long.toString(Duration.ofDays(90).toMillis());

    private static final String CREATE_TIME = "CreateTime";
    private static final long DAY_MS = Duration.ofDays(1).toMillis();

    private static final Rule CLEANUP =
            new Rule(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    policy -> !policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT),
                    "which keeps only the last hour of each principal and topic: the records of all its hours have the same key",
                    TopicConfig.CLEANUP_POLICY_DELETE);

    private static final Rule TIMESTAMP_TYPE =
            new Rule(
                    TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                    CREATE_TIME::equals,
                    "which replaces each record's hour by the time of its arrival",
                    CREATE_TIME);

    private final Settings settings;
    private final Rule timestampAge;
    private final Rule retention;
    private final Rule ledgerRetention;

    /**
     * What a setting of a topic has to be.
     *
     * @param fits tells whether a value will do
     * @param otherwise what happens with one that will not
     * @param better a value that fits
     */
    private record Rule(String setting, Predicate<String> fits, String otherwise, String better) {}

    TopicRules(Settings settings) {
        this.settings = settings;
        long keptMs = Duration.ofHours(settings.retentionHours()).toMillis();
        String oldHours = "and hours of up to %s ago are fetched: ".formatted(words(keptMs));
        // the oldest hour that is still fetched is to be there for a day at least
        LongPredicate isEnough = ms -> ms >= keptMs + DAY_MS;
        timestampAge =
                new Rule(
                        TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
                        age -> isEnough.test(Long.parseLong(age)),
                        oldHours + "they would be refused",
                        Long.toString(Long.MAX_VALUE));
        retention = retention(isEnough, oldHours + "they would vanish at once");
        ledgerRetention =
                retention(isEnough, oldHours + "the agent would forget that it has published them");
    }

    private static Rule retention(LongPredicate isEnough, String otherwise) {
        return new Rule(
                TopicConfig.RETENTION_MS_CONFIG,
                ms -> Long.parseLong(ms) < 0 || isEnough.test(Long.parseLong(ms)),
                otherwise,
                USUAL_RETENTION_MS);
    }

    /** Judges the topic of records. */
    List<Finding> ofMetrics(Topic topic) {
        return judgeAll(topic, CLEANUP, TIMESTAMP_TYPE, timestampAge, retention);
    }

    /** Judges the ledger's topic. */
    List<Finding> ofLedger(Topic topic) {
        String policy = topic.settings().getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "");
        // one that is only compacted keeps the last entry of each hour for ever
        return policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)
                ? List.of()
                : judgeAll(topic, ledgerRetention);
    }

    private List<Finding> judgeAll(Topic topic, Rule... rules) {
        if (topic.settings().isEmpty()) {
            Set<AclOperation> toRead = Set.of(AclOperation.DESCRIBE_CONFIGS);
            return List.of(
                    Finding.warning(
                            "Topic " + topic.name() + " settings",
                            "the agent may not read them, and does not have to",
                            "look at them yourself, or "
                                    + KafkaRequirements.grant(settings, topic.name(), toRead)));
        }
        return Stream.of(rules).map(rule -> judge(topic, rule)).toList();
    }

    private Finding judge(Topic topic, Rule rule) {
        String question = "Topic " + topic.name() + " " + rule.setting;
        String value = topic.settings().get(rule.setting);
        if (value == null) {
            // brokers before Kafka 3.6 do not have message.timestamp.before.max.ms
            return Finding.warning(question, "the brokers do not say", "look at it yourself");
        }
        String shown = rule.setting.endsWith(".ms") ? words(Long.parseLong(value)) : value;
        return rule.fits.test(value)
                ? Finding.ok(question, shown)
                : Finding.failed(
                        question,
                        shown + ", " + rule.otherwise,
                        "kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s=%s"
                                .formatted(
                                        settings.kafka()
                                                .get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG),
                                        topic.name(),
                                        rule.setting,
                                        rule.better));
    }

    private static String words(long ms) {
        if (ms < 0 || ms == Long.MAX_VALUE) {
            return "without limit";
        } else if (ms > 0 && ms % DAY_MS == 0) {
            return Plural.of(ms / DAY_MS, "day");
        }
        long hours = Duration.ofMillis(ms).toHours();
        return hours > 0 ? Plural.of(hours, "hour") : ms + " ms";
    }
}
