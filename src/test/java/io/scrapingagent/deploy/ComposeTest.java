package io.scrapingagent.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@code docker-compose.yml} and {@code .env.example} promise. */
class ComposeTest {

    private static final JsonNode COMPOSE = Manifest.of("../docker-compose.yml").content();

    @Test
    void eachContainerHasAMemoryLimit() {
        assertThat(COMPOSE.path("services"))
                .isNotEmpty()
                .allSatisfy(it -> assertThat(it.path("mem_limit").asText()).isNotEmpty());
    }

    @Test
    void brokerAndAgentComeBackWithTheEngine() {
        for (String service : List.of("kafka", "agent")) {
            assertThat(COMPOSE.at("/services/" + service + "/restart").asText())
                    .isEqualTo("unless-stopped");
        }
    }

    /** The volumes that Kafka's image declares, but for the one that has a name. */
    @Test
    void noContainerLeavesAnAnonymousVolume() {
        assertThat(COMPOSE.at("/services/kafka/tmpfs"))
                .map(JsonNode::asText)
                .containsExactlyInAnyOrder("/etc/kafka/secrets", "/mnt/shared/config");
        assertThat(COMPOSE.at("/services/topic/tmpfs"))
                .map(JsonNode::asText)
                .containsExactlyInAnyOrder(
                        "/etc/kafka/secrets", "/mnt/shared/config", "/var/lib/kafka/data");
    }

    @Test
    void theOverlayGivesTheAgentItsSecretsAsFilesAlone() {
        JsonNode overlay = Manifest.of("../docker-compose.secrets.yml").content();
        JsonNode agent = overlay.at("/services/agent");
        Set<String> mounted = new HashSet<>();
        agent.path("secrets").forEach(it -> mounted.add("/run/secrets/" + it.asText()));

        for (String variable :
                List.of("CONFLUENT_METRICS_API_KEY", "CONFLUENT_METRICS_API_SECRET")) {
            assertThat(agent.path("environment").path(variable).asText("unset")).isEmpty();
            assertThat(mounted)
                    .contains(agent.path("environment").path(variable + "_FILE").asText());
        }
        assertThat(overlay.path("secrets"))
                .hasSameSizeAs(mounted)
                .allMatch(it -> it.path("file").asText().startsWith("./secrets/"));
    }

    /** Compose would prefer a shell's value, which is for the jar. */
    @Test
    void theAgentsBrokerIsThatOfTheFileWhateverTheShellSays() throws IOException {
        String variable = "KAFKA_BOOTSTRAP_SERVERS";

        assertThat(COMPOSE.at("/services/agent/environment").has(variable)).isFalse();
        assertThat(COMPOSE.at("/services/kafka/environment/KAFKA_ADVERTISED_LISTENERS").asText())
                .endsWith(",INTERNAL://kafka:19092");
        assertThat(Files.readAllLines(Path.of(".env.example"))).contains(variable + "=kafka:19092");
    }

    /** {@code docker run --env-file} takes quotes and a comment behind a value as they are. */
    @Test
    void theExampleIsReadAlikeByDockerAndByCompose() throws IOException {
        assertThat(Files.readAllLines(Path.of(".env.example")))
                .filteredOn(it -> it.matches("#?[A-Z_]+=.*"))
                .hasSizeGreaterThan(20)
                .allMatch(it -> it.matches("#?[A-Z_]+=([^\\s'\"$#][^\\s'$#]*)?"));
    }
}
