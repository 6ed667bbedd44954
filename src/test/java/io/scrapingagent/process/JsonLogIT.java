package io.scrapingagent.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** With {@code LOG_FORMAT=json} each line that the jar prints is one JSON object. */
class JsonLogIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @AutoClose
    private final ProcessFixture fixture =
            new ProcessFixture(MetricsApiSimulator.of("lkc-aaa", 3, 3))
                    .environment("LOG_FORMAT", "JSON");

    @Test
    void logsARunningAgentAndItsScrape() throws Exception {
        AgentProcess agent = fixture.environment("KAFKA_HOME", "/opt/kafka").start();
        agent.awaitLine("Scrape finished");
        agent.terminate();
        agent.exitCode();

        List<JsonNode> lines = lines(agent);
        assertThat(lines)
                .allSatisfy(
                        line -> {
                            assertThat(Instant.parse(line.get("timestamp").asText())).isNotNull();
                            assertThat(line.get("level").asText()).matches("INFO|WARN");
                            assertThat(line.get("logger").asText()).startsWith("io.scrapingagent.");
                            assertThat(line.get("thread").asText()).isNotBlank();
                            assertThat(line.has("exception")).isFalse();
                        });
        assertThat(lines)
                .extracting(line -> line.get("message").asText())
                .anyMatch(message -> message.startsWith("KAFKA_HOME: ignored"))
                .anyMatch(message -> message.startsWith("Ready: the next hour is due at "))
                .anyMatch(message -> message.startsWith("Scrape finished: 1 hour"));
    }

    @Test
    void logsAnExceptionInTheSameLine() throws Exception {
        Path routes = Files.createDirectories(fixture.directory().resolve("routes"));
        Files.writeString(
                routes.resolve("extra.camel.yaml"),
                "- route: {id: extra, from: {uri: 'nosuch:x', steps: [{stop: {}}]}}");

        AgentProcess agent =
                fixture.environment("AGENT_ROUTES_DIR", routes.toString())
                        .environment("GLOBAL_LOG_LEVEL", "DEBUG")
                        .run(1, "once");

        List<JsonNode> lines = lines(agent);
        assertThat(lines)
                .filteredOn(line -> line.get("message").asText().equals("The agent cannot start"))
                .singleElement()
                .satisfies(
                        line ->
                                assertThat(line.get("exception").asText())
                                        .contains("StartException", "\tat ", "Caused by: "));
        assertThat(lines.get(lines.size() - 1).get("level").asText()).isEqualTo("ERROR");
    }

    @Test
    void logsTheProgressOfABackfill() throws Exception {
        String hour = fixture.settle().toString();

        AgentProcess agent = fixture.run(0, "backfill", "--from", hour, "--to", hour);

        assertThat(lines(agent))
                .extracting(line -> line.get("message").asText())
                .contains(hour + ": 1 of 1 hours");
    }

    @Test
    void reportsWrongSettings() throws Exception {
        AgentProcess agent =
                fixture.environment("MINUTE_TO_SCRAPE_AT", "4")
                        .environment("METRICS_TOPIC", "a \"topic\"")
                        .run(2);

        assertThat(lines(agent))
                .hasSize(2)
                .allMatch(line -> line.get("level").asText().equals("ERROR"))
                .extracting(line -> line.get("message").asText())
                .anyMatch(message -> message.startsWith("MINUTE_TO_SCRAPE_AT=4: allowed is "))
                .anyMatch(message -> message.startsWith("METRICS_TOPIC=a \"topic\": allowed is "));
    }

    private static List<JsonNode> lines(AgentProcess agent) {
        assertThat(agent.output()).isNotEmpty();
        return agent.output().stream().map(JsonLogIT::object).toList();
    }

    private static JsonNode object(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            assertThat(node.isObject()).as(line).isTrue();
            return node;
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }
}
