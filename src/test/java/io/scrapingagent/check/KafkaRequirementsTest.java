package io.scrapingagent.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.TestSettings;
import io.scrapingagent.config.Settings;
import io.scrapingagent.kafka.EmbeddedKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KafkaRequirementsTest {

    private static final String USER = "agent";
    private static EmbeddedKafka kafka;
    private static Admin admin;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().saslPlaintext(USER, "secret").authorizing().start();
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        kafka.close();
    }

    @Test
    void eachMissingRightIsNamedAsItIsGrantedAndThenNoneIsMissing() throws Exception {
        String topic = "metrics";
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
                .all()
                .get(30, TimeUnit.SECONDS);

        assertThat(missing(settings(topic, "exactly-once")))
                .extracting(it -> it.replaceFirst(".*'User:<the agent>' ", ""))
                .containsExactly(
                        "--operation Write --topic metrics",
                        "--operation Read --operation Write --operation Create"
                                + " --topic metrics-ledger",
                        "--operation Write --operation Describe"
                                + " --transactional-id confluent-scraping-agent-metrics");
        assertThat(missing(settings(topic, "at-least-once"))).hasSize(2);
        assertThat(missing(settings(topic, "stateless"))).hasSize(1);

        grant(ResourceType.TOPIC, topic, AclOperation.WRITE);
        grant(ResourceType.TOPIC, "metrics-ledger", AclOperation.CREATE);
        grant(ResourceType.TOPIC, "metrics-ledger", AclOperation.WRITE);
        grant(ResourceType.TOPIC, "metrics-ledger", AclOperation.READ);
        String id = "confluent-scraping-agent-metrics";
        grant(ResourceType.TRANSACTIONAL_ID, id, AclOperation.WRITE);
        grant(ResourceType.TRANSACTIONAL_ID, id, AclOperation.DESCRIBE);

        assertThat(missing(settings(topic, "exactly-once"))).isEmpty();
        assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).contains("metrics-ledger");
    }

    private static List<String> missing(Settings settings) {
        try (KafkaRequirements kafka =
                new KafkaRequirements(settings, "rights", Duration.ofSeconds(10))) {
            return kafka.missingRights();
        }
    }

    private static void grant(ResourceType type, String name, AclOperation operation)
            throws Exception {
        admin.createAcls(
                        List.of(
                                new AclBinding(
                                        new ResourcePattern(type, name, PatternType.LITERAL),
                                        new AccessControlEntry(
                                                "User:" + USER,
                                                "*",
                                                operation,
                                                AclPermissionType.ALLOW))))
                .all()
                .get(30, TimeUnit.SECONDS);
    }

    private static Settings settings(String topic, String delivery) throws Exception {
        return TestSettings.of(
                Map.ofEntries(
                        Map.entry("CONFLUENT_METRICS_API_KEY", "key"),
                        Map.entry("CONFLUENT_METRICS_API_SECRET", "secret"),
                        Map.entry("CONFLUENT_METRICS_CLUSTER_ID_LIST", "lkc-aaa"),
                        Map.entry("CONFLUENT_METRICS_HOST", "https://localhost"),
                        Map.entry("METRICS_TOPIC", topic),
                        Map.entry("METRICS_DELIVERY", delivery),
                        Map.entry("KAFKA_BOOTSTRAP_SERVERS", kafka.saslBootstrapServers()),
                        Map.entry("KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT"),
                        Map.entry("KAFKA_SASL_MECHANISM", "PLAIN"),
                        Map.entry("KAFKA_SASL_USERNAME", USER),
                        Map.entry("KAFKA_SASL_PASSWORD", "secret")));
    }
}
