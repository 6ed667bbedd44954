package io.scrapingagent.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /** {@code docker run --env-file} takes quotes and a comment behind a value as they are. */
    @Test
    void theExampleIsReadAlikeByDockerAndByCompose() throws IOException {
        assertThat(Files.readAllLines(Path.of(".env.example")))
                .filteredOn(it -> it.matches("#?[A-Z_]+=.*"))
                .hasSizeGreaterThan(20)
                .allMatch(it -> it.matches("#?[A-Z_]+=([^\\s'\"$#][^\\s'$#]*)?"));
    }
}
