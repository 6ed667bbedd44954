package io.scrapingagent.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The jar's command {@code check}. */
class CheckIT {

    private static final String SECRET = "not/the+secret";

    @RegisterExtension
    private final ProcessFixture fixture =
            new ProcessFixture(MetricsApiSimulator.builder().cluster("lkc-aaa", 3, 3), "lkc-aaa");

    @Test
    void allIsWellBesideAnAgentThatRuns() throws Exception {
        AgentProcess agent = fixture.start();
        agent.awaitLine("Scrape finished");

        AgentProcess check = fixture.start("check");

        assertThat(check.exitCode()).isZero();
        assertThat(check.output())
                .hasSizeGreaterThan(15)
                .allMatch(line -> line.startsWith("✓ "))
                .contains("✓ Clusters: 1 of 1 allowed")
                .endsWith("✓ Nothing speaks against a start.");
    }

    @ParameterizedTest
    @CsvSource({
        "message.timestamp.type, LogAppendTime",
        "message.timestamp.before.max.ms, 86400000"
    })
    void aTopicWithWrongTimestampsIsAWarningOfTheRunInTheSameWords(String setting, String value)
            throws Exception {
        String topic = TestKafka.uniqueTopic("timestamps");
        TestKafka.createTopic(topic, 1, Map.of(setting, value, "retention.ms", "-1"));
        fixture.environment("METRICS_TOPIC", topic);

        AgentProcess once = fixture.start("once");

        assertThat(once.exitCode()).isZero();
        AgentProcess check = fixture.start("check");
        assertThat(check.exitCode()).isEqualTo(1);
        List<String> failed =
                check.output().stream().filter(line -> line.startsWith("✗ Topic ")).toList();
        assertThat(failed).singleElement().asString().contains(setting, " → kafka-configs.sh ");
        assertThat(once.output())
                .filteredOn(line -> line.contains(" WARN "))
                .singleElement()
                .asString()
                .endsWith(failed.get(0).substring("✗ ".length()));
    }

    @Test
    void whatDoesNotWorkIsSaidInWordsAlone() throws Exception {
        AgentProcess check =
                fixture.environment("CONFLUENT_METRICS_HOST", "http://127.0.0.1:1")
                        .environment("CONFLUENT_METRICS_API_SECRET", SECRET)
                        .environment("KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT")
                        .environment("KAFKA_SASL_MECHANISM", "PLAIN")
                        .environment("KAFKA_SASL_USERNAME", "agent")
                        .environment("KAFKA_SASL_PASSWORD", SECRET)
                        .start("check");

        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(check.output())
                .allMatch(line -> line.matches("[✓✗–] .*"))
                .noneMatch(line -> line.contains(SECRET))
                .anyMatch(line -> line.startsWith("✗ Metrics API: The Metrics API cannot be"))
                .anyMatch(line -> line.startsWith("✗ Kafka login: SASL_PLAINTEXT PLAIN: "))
                .last()
                .asString()
                .isEqualTo("✗ It will not work yet: 2 to mend, see the arrows.");
    }

    @Test
    void wrongSettingsAreFindingsLikeOthers() throws Exception {
        AgentProcess check =
                fixture.without("CONFLUENT_METRICS_API_KEY")
                        .environment("MINUTE_TO_SCRAPE_AT", "75")
                        .start("check", "--output", "json");

        assertThat(check.exitCode()).isEqualTo(1);
        JsonNode findings = new ObjectMapper().readTree(String.join("\n", check.output()));
        assertThat(findings.findValuesAsText("mark"))
                .containsExactly("failed", "failed", "not asked", "not asked", "not asked");
        assertThat(findings.findValuesAsText("answer"))
                .startsWith(
                        "CONFLUENT_METRICS_API_KEY is not set: it is required (or"
                                + " CONFLUENT_METRICS_API_KEY_FILE)",
                        "MINUTE_TO_SCRAPE_AT=75: allowed is a whole number from 5 to 59");
        assertThat(fixture.simulator().requests()).isEmpty();
    }
}
