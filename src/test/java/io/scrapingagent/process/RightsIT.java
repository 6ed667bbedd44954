package io.scrapingagent.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The jar at a broker that allows it nothing. */
class RightsIT {

    private static final int CANNOT_START = 1;

    @AutoClose
    private final EmbeddedKafka kafka =
            EmbeddedKafka.builder().saslPlaintext("agent", "secret").authorizing().start();

    @AutoClose
    private final ProcessFixture fixture =
            new ProcessFixture(MetricsApiSimulator.of("lkc-aaa", 3, 3))
                    .environment("METRICS_TOPIC", "usage")
                    .environment("KAFKA_BOOTSTRAP_SERVERS", kafka.saslBootstrapServers())
                    .environment("KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT")
                    .environment("KAFKA_SASL_MECHANISM", "PLAIN")
                    .environment("KAFKA_SASL_USERNAME", "agent")
                    .environment("KAFKA_SASL_PASSWORD", "secret");

    @Test
    void namesWhatIsMissing() throws Exception {
        createTopic("usage");

        List<String> said = fixture.run(CANNOT_START).output();

        String grant =
                "  kafka-acls.sh --bootstrap-server %s --add --allow-principal 'User:<the agent>' "
                        .formatted(kafka.saslBootstrapServers());
        assertThat(said.get(0))
                .contains(" ERROR ", "The agent cannot start: with METRICS_DELIVERY=exactly-once");
        assertThat(said.subList(1, said.size()))
                .containsExactly(
                        grant + "--operation Write --topic usage",
                        grant
                                + "--operation Read --operation Write --operation Create"
                                + " --topic usage-ledger",
                        grant
                                + "--operation Write --operation Describe"
                                + " --transactional-id confluent-scraping-agent-usage",
                        "METRICS_DELIVERY=at-least-once does without the transactional id.",
                        "METRICS_DELIVERY=stateless does without the ledger's topic.");
        assertThat(fixture.simulator().requests()).isEmpty();

        createTopic("usage-ledger");

        assertThat(fixture.run(CANNOT_START, "status").output())
                .singleElement()
                .asString()
                .contains(" ERROR ", "usage-ledger")
                .contains("READ and WRITE on METRICS_LEDGER_TOPIC; `check` names the commands");
    }

    private void createTopic(String name) {
        TestKafka.createTopic(kafka.bootstrapServers(), name, 1, Map.of());
    }
}
