package io.scrapingagent.command;

import static io.scrapingagent.command.CheckLines.bad;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrapingagent.check.KafkaRequirements;
import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.kafka.KafkaState;
import io.scrapingagent.kafka.PemCertificates;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.routes.ScrapeFixture;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code check} and a start find at a broker with logins and ACLs, which makes no topic by
 * itself.
 */
class CheckRightsTest {

    private static final String USER = "agent";

    @TempDir private static Path directory;
    @AutoClose private static EmbeddedKafka kafka;

    @AutoClose
    private final ScrapeFixture fixture =
            new ScrapeFixture(MetricsApiSimulator.of("lkc-a", 3, 3))
                    .login(kafka, "PLAIN", USER, "secret");

    @BeforeAll
    static void startBroker() {
        kafka =
                EmbeddedKafka.builder()
                        .saslPlaintext(USER, "secret")
                        .ssl(PemCertificates.generate(directory))
                        .authorizing()
                        .autoCreateTopics(false)
                        .start();
    }

    @Test
    void eachMissingRightIsNamedAsItIsGrantedUntilAllIsWell() throws Exception {
        fixture.environment("METRICS_TOPIC", "usage");
        String grant =
                "→ kafka-acls.sh --bootstrap-server %s --add --allow-principal 'User:<the agent>' "
                        .formatted(kafka.saslBootstrapServers());
        String ledgerGrant =
                grant
                        + "--operation Read --operation Write --operation Create --topic usage-ledger";
        TestKafka.createTopic(
                kafka.bootstrapServers(), "usage", 1, Map.of("retention.ms", "7776000000"));
        KafkaState before = KafkaState.of(kafka.bootstrapServers());

        assertThat(bad(check()))
                .containsExactly(
                        "✗ Topic usage: the agent may not see whether it is there "
                                + grant
                                + "--operation Write --topic usage",
                        "✗ Topic usage-ledger: the agent may not see whether it is there "
                                + ledgerGrant,
                        "✗ Right to use transactional id confluent-scraping-agent-usage: missing "
                                + grant
                                + "--operation Write --operation Describe --transactional-id"
                                + " confluent-scraping-agent-usage");
        assertThat(missingRights("stateless")).hasSize(1);
        assertThat(missingRights("at-least-once")).hasSize(2);
        assertThat(missingRights("exactly-once")).hasSize(3);
        assertThat(KafkaState.of(kafka.bootstrapServers())).isEqualTo(before);

        allow(ResourceType.TOPIC, "usage", AclOperation.WRITE);
        allow(ResourceType.TOPIC, "usage-ledger", AclOperation.READ, AclOperation.WRITE);
        assertThat(bad(check()))
                .hasSize(2)
                .first()
                .asString()
                .isEqualTo(
                        "✗ Topic usage-ledger: missing, and the agent has no right to make it "
                                + ledgerGrant);

        // it could grant itself the right, and does not have it
        allow(ResourceType.CLUSTER, "kafka-cluster", AclOperation.ALTER);
        assertThat(bad(check()))
                .last()
                .asString()
                .startsWith("✗ Right to use transactional id confluent-scraping-agent-usage: ");

        allow(ResourceType.TOPIC, "usage-ledger", AclOperation.CREATE);
        allow(
                ResourceType.TRANSACTIONAL_ID,
                "confluent-scraping-agent-usage",
                AclOperation.DESCRIBE,
                AclOperation.WRITE);
        allow(ResourceType.TOPIC, "usage", AclOperation.DESCRIBE_CONFIGS);
        List<String> lines = check();
        assertThat(bad(lines)).isEmpty();
        assertThat(lines)
                .contains(
                        "✓ Topic usage retention.ms: 90 days",
                        "✓ Topic usage: there, and the agent may WRITE",
                        "✓ Topic usage-ledger: missing, the agent will make it",
                        "✓ Right to use transactional id confluent-scraping-agent-usage: DESCRIBE;"
                                + " whether WRITE as well shows only at the start");
        assertThat(missingRights("exactly-once")).isEmpty();
        assertThat(KafkaState.of(kafka.bootstrapServers()).topics()).contains("usage-ledger");
        assertThat(fixture.agent().scrape().getFailures()).isEmpty();

        KafkaState running = KafkaState.of(kafka.bootstrapServers());
        assertThat(bad(check())).isEmpty();
        assertThat(check())
                .contains("✓ Topic usage-ledger: there, and the agent may READ and WRITE");
        assertThat(KafkaState.of(kafka.bootstrapServers())).isEqualTo(running);
        assertThat(fixture.agent().scrape().getFailures()).isEmpty();
    }

    @Test
    void aStartThatIsRefusedFencesNobody() throws Exception {
        TestKafka.createTopic(kafka.bootstrapServers(), "unfenced", 1, Map.of());
        fixture.environment("METRICS_TOPIC", "unfenced");
        String id = "confluent-scraping-agent-unfenced";
        AclOperation[] both = {AclOperation.DESCRIBE, AclOperation.WRITE};
        kafka.allow(USER, ResourceType.TRANSACTIONAL_ID, id, PatternType.LITERAL, both);

        assertThat(missingRights("exactly-once")).hasSize(2);
        assertThat(KafkaState.of(kafka.bootstrapServers()).producers()).doesNotContainKey(id);
    }

    /** The ledger's name is too like another topic's. */
    @Test
    void aLedgerThatCannotBeMadeHidesNoMissingRight() throws Exception {
        for (String topic : List.of("hidden", "hidden_ledger")) {
            TestKafka.createTopic(kafka.bootstrapServers(), topic, 1, Map.of());
        }
        fixture.environment("METRICS_TOPIC", "hidden")
                .environment("METRICS_LEDGER_TOPIC", "hidden.ledger");
        allow(ResourceType.TOPIC, "hidden.ledger", AclOperation.CREATE);

        assertThatThrownBy(() -> AgentCommand.start(fixture.settings(), false).close())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("--operation Write --topic hidden");
    }

    @Test
    void aShardIsToldOfNoDeliveryThatItCannotHave() throws Exception {
        fixture.environment("METRICS_TOPIC", "sharded").environment("AGENT_SHARD", "1/2");

        assertThatThrownBy(() -> AgentCommand.start(fixture.settings(), false).close())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("--transactional-id confluent-scraping-agent-sharded-1-of-2")
                .hasMessageNotContaining("does without");
    }

    @Test
    void aTopicThatNobodyMakes() throws Exception {
        // who logs in without a password may do everything here
        fixture.environment("METRICS_TOPIC", "nobodys")
                .environment("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers())
                .environment("KAFKA_SECURITY_PROTOCOL", "PLAINTEXT");

        List<String> lines = check();

        assertThat(lines).noneMatch(line -> line.contains("Topic nobodys retention.ms"));
        assertThat(bad(lines))
                .first()
                .asString()
                .isEqualTo(
                        "✗ Topic nobodys: missing, and auto.create.topics.enable is false →"
                                + " kafka-topics.sh"
                                + " --bootstrap-server %s --create --topic nobodys --config"
                                        .formatted(kafka.bootstrapServers())
                                + " retention.ms=7776000000");
    }

    @Test
    void aWrongPassword() throws Exception {
        fixture.environment("KAFKA_SASL_PLAIN_PASSWORD", "not-the-secret");

        assertThat(check())
                .noneMatch(line -> line.contains("not-the-secret"))
                .contains(
                        "✗ Kafka login: SASL_PLAINTEXT PLAIN: Kafka failed: Authentication failed: Invalid"
                                + " username or password → check KAFKA_SASL_…, and that"
                                + " KAFKA_SECURITY_PROTOCOL is the one of this port",
                        "– Kafka, all else: the agent is not logged in");
    }

    @Test
    void aCertificateThatIsNotTrusted() throws Exception {
        fixture.environment("KAFKA_BOOTSTRAP_SERVERS", kafka.sslBootstrapServers())
                .environment("KAFKA_SECURITY_PROTOCOL", "SSL");

        assertThat(bad(check()).get(0))
                .startsWith("✗ Kafka login: SSL: ")
                .contains("unable to find valid certification path")
                .contains("→ check KAFKA_SSL_…");
    }

    @Test
    void aPortOfAnotherProtocol() throws Exception {
        fixture.environment("KAFKA_SECURITY_PROTOCOL", "PLAINTEXT");

        assertThat(bad(CheckLines.of(fixture, CheckLines.NOW, Duration.ofSeconds(8))))
                .first()
                .asString()
                .startsWith("✗ Kafka login: PLAINTEXT: ")
                .contains("that KAFKA_SECURITY_PROTOCOL is the one of this port");
    }

    private static void allow(ResourceType type, String name, AclOperation... operations) {
        kafka.allow(USER, type, name, PatternType.LITERAL, operations);
    }

    /** Returns what a start says, which makes the ledger's topic if it may. */
    private List<String> missingRights(String delivery) throws Exception {
        fixture.environment("METRICS_DELIVERY", delivery);
        try (KafkaRequirements kafka =
                new KafkaRequirements(fixture.settings(), "rights", Duration.ofSeconds(10))) {
            List<String> grants = new ArrayList<>();
            kafka.prepareStart(grants);
            return grants;
        }
    }

    private List<String> check() throws Exception {
        return CheckLines.of(fixture);
    }
}
