package io.scrapingagent.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar at a broker that allows it nothing. */
class RightsIT {

    private static final int CANNOT_START = 1;

    private final EmbeddedKafka kafka =
            EmbeddedKafka.builder().saslPlaintext("agent", "secret").authorizing().start();

    @RegisterExtension
    private final ProcessFixture fixture =
            new ProcessFixture(MetricsApiSimulator.builder().cluster("lkc-aaa", 3, 3), "lkc-aaa")
                    .environment("METRICS_TOPIC", "usage")
                    .environment("KAFKA_BOOTSTRAP_SERVERS", kafka.saslBootstrapServers())
                    .environment("KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT")
                    .environment("KAFKA_SASL_MECHANISM", "PLAIN")
                    .environment("KAFKA_SASL_USERNAME", "agent")
                    .environment("KAFKA_SASL_PASSWORD", "secret");

    @AfterEach
    void end() {
        kafka.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "once"})
    void namesTheCommandsThatGrantWhatIsMissing(String command) throws Exception {
        createTopics("usage");

        AgentProcess agent = command.isEmpty() ? fixture.start() : fixture.start(command);

        assertThat(agent.exitCode()).isEqualTo(CANNOT_START);
        String grant =
                "  kafka-acls.sh --bootstrap-server %s --add --allow-principal 'User:<the agent>' "
                        .formatted(kafka.saslBootstrapServers());
        assertThat(agent.output()).hasSize(6);
        assertThat(agent.output().get(0))
                .contains(" ERROR ", "The agent cannot start: with METRICS_DELIVERY=exactly-once");
        assertThat(agent.output().subList(1, 6))
                .containsExactly(
                        grant + "--operation Write --topic usage",
                        grant
                                + "--operation Read --operation Write --operation Create"
                                + " --topic usage-ledger",
                        grant
                                + "--operation Write --operation Describe"
                                + " --transactional-id confluent-scraping-agent-usage",
                        "METRICS_DELIVERY=at-least-once does without the transactional id.",
                        "METRICS_DELIVERY=stateless does without the ledger's topic as well.");
        assertThat(fixture.simulator().requests()).isEmpty();
    }

    @Test
    void statusNamesTheRightToReadTheLedger() throws Exception {
        createTopics("usage-ledger");

        AgentProcess status = fixture.start("status");

        assertThat(status.exitCode()).isEqualTo(CANNOT_START);
        assertThat(status.output())
                .singleElement()
                .asString()
                .contains(" ERROR ", "usage-ledger")
                .contains("READ and WRITE on METRICS_LEDGER_TOPIC; `check` names the commands");
    }

    private void createTopics(String... names) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            for (String name : names) {
                admin.createTopics(List.of(new NewTopic(name, 1, (short) 1)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            }
        }
    }
}
