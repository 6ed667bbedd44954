package io.scrapingagent.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The jar's command {@code check}. */
class CheckIT {

    private static final String SECRET = "not/the+secret";

    @AutoClose
    private final ProcessFixture fixture =
            new ProcessFixture(MetricsApiSimulator.of("lkc-aaa", 3, 3));

    /** One that runs is not disturbed, and says what is found in the same words. */
    @Test
    void topicsWithWrongSettingsBesideAnAgentThatRuns() throws Exception {
        String topic = TestKafka.uniqueTopic("wrong-settings");
        TestKafka.createTopic(
                topic, 1, Map.of("message.timestamp.type", "LogAppendTime", "retention.ms", "-1"));
        TestKafka.createTopic(topic + "-ledger", 1, Map.of("retention.ms", "3600000"));
        AgentProcess agent = fixture.environment("METRICS_TOPIC", topic).start();
        agent.awaitLine("Scrape finished");

        List<String> found = fixture.run(1, "check").output();

        assertThat(found).hasSizeGreaterThan(15).contains("✓ Clusters: 1 of 1 allowed");
        List<String> failed = found.stream().filter(line -> line.startsWith("✗ Topic ")).toList();
        assertThat(failed)
                .satisfiesExactly(
                        it ->
                                assertThat(it)
                                        .contains(
                                                "message.timestamp.type: LogAppendTime",
                                                " → kafka-configs.sh "),
                        it -> assertThat(it).contains("-ledger retention.ms: 1 hour"));
        assertThat(agent.output())
                .filteredOn(line -> line.contains(" WARN "))
                .map(line -> line.replaceFirst(".* WARN  Agent - ", "✗ "))
                .isEqualTo(failed);
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
                        .run(1, "check");

        assertThat(check.output())
                .allMatch(line -> line.matches("[✓✗–] .*"))
                .noneMatch(line -> line.contains(SECRET))
                .anyMatch(line -> line.startsWith("✗ Metrics API: The Metrics API cannot be"))
                .anyMatch(line -> line.startsWith("✗ Kafka login: SASL_PLAINTEXT PLAIN: "))
                .last()
                .asString()
                .isEqualTo("✗ It will not work yet: 2 to mend, see the lines with ✗.");
    }

    @Test
    void wrongSettingsAreFindingsLikeOthers() throws Exception {
        AgentProcess check =
                fixture.without("CONFLUENT_METRICS_API_KEY")
                        .environment("MINUTE_TO_SCRAPE_AT", "75")
                        .run(1, "check", "--output", "json");

        JsonNode findings = new ObjectMapper().readTree(String.join("\n", check.output()));
        assertThat(findings.findValuesAsText("mark"))
                .containsExactly("failed", "failed", "not asked");
        assertThat(findings.findValuesAsText("answer"))
                .startsWith(
                        "CONFLUENT_METRICS_API_KEY is not set: it is required (or"
                                + " CONFLUENT_METRICS_API_KEY_FILE)",
                        "MINUTE_TO_SCRAPE_AT=75: allowed is a whole number from 5 to 59");
        assertThat(fixture.simulator().requests()).isEmpty();
    }
}
