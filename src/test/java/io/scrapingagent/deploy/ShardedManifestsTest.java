package io.scrapingagent.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scrapingagent.TestSettings;
import io.scrapingagent.config.Shard;
import java.net.URI;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The StatefulSet of deploy/kubernetes/sharded, as a patch of the Deployment. */
class ShardedManifestsTest {

    @Test
    void eachPodFindsAShardOfItsOwn() throws Exception {
        JsonNode patch = patch();
        int replicas = value(patch, "/spec/replicas").asInt();
        JsonNode shard =
                values(patch, "/spec/template/spec/containers/0/env/-")
                        .filter(it -> it.path("name").asText().equals("AGENT_SHARD"))
                        .findFirst()
                        .orElseThrow();
        Set<Shard> shards = new HashSet<>();
        for (int pod = 0; pod < replicas; pod++) {
            String text =
                    shard.path("value")
                            .asText()
                            .replace("$(POD_NAME)", "confluent-scraping-agent-" + pod);
            Map<String, String> environment =
                    TestSettings.environment(
                            URI.create("http://localhost"), "lkc-a", "localhost:1", "t");
            environment.put("AGENT_SHARD", text);
            shards.add(TestSettings.of(environment).shard());
        }

        assertThat(shards).hasSize(replicas).allMatch(it -> it.of() == replicas);
    }

    @Test
    void kustomizeMakesValidManifestsOfIt() throws Exception {
        assertThat(Manifest.kustomized("kubernetes/sharded"))
                .allSatisfy(it -> assertThat(KubernetesTypes.problems(it)).isEmpty())
                .map(it -> it.path("kind").asText())
                .contains("StatefulSet", "Service", "ConfigMap")
                .doesNotContain("Deployment");
    }

    private static JsonNode patch() {
        JsonNode kustomization = Manifest.of("kubernetes/sharded/kustomization.yaml").content();
        return Manifest.yaml(kustomization.at("/patches/0/patch").asText());
    }

    private static JsonNode value(JsonNode patch, String path) {
        return values(patch, path).findFirst().orElseThrow();
    }

    private static Stream<JsonNode> values(JsonNode patch, String path) {
        return patch.valueStream()
                .filter(it -> it.path("path").asText().equals(path))
                .map(it -> it.path("value"));
    }
}
