package io.scrapingagent.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.simulator.MetricsApiSimulator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The jar's command {@code check}. */
class CheckIT {

    private static final String SECRET = "not/the+secret";

    @AutoClose
    private final ProcessFixture fixture =
            new ProcessFixture(MetricsApiSimulator.of("lkc-aaa", 3, 3));

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
