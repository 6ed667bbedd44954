package io.scrapingagent.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrapingagent.TestSettings;
import io.scrapingagent.config.InvalidSettingsException;
import io.scrapingagent.config.Settings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests of deploy/kubernetes are valid, and fit the agent. */
class KubernetesManifestsTest {

    private static final String DEPLOYMENT = "kubernetes/agent/deployment.yaml";
    private static final String CRON_JOB = "kubernetes/cronjob/cronjob.yaml";
    private static final String SECRET = "kubernetes/base/secret.example.yaml";

    /** How long the agent takes at most to stop, in seconds. */
    private static final int LONGEST_STOP = 30;

    static Stream<Manifest> manifests() {
        return Stream.concat(
                Manifest.in("kubernetes").stream(),
                Manifest.in("camel-k").stream().filter(it -> it.kind().equals("PodMonitor")));
    }

    static Stream<JsonNode> pods() {
        return Stream.of(
                Manifest.of(DEPLOYMENT).content().at("/spec/template/spec"),
                Manifest.of(CRON_JOB).content().at("/spec/jobTemplate/spec/template/spec"));
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void isValid(Manifest manifest) {
        assertThat(KubernetesTypes.problems(manifest.content())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "agent/deployment.yaml, /spec, replica, 1, replica",
        "agent/deployment.yaml, /spec/template/spec/containers/0/securityContext, readOnly, x, readOnly",
        "cronjob/cronjob.yaml, /spec/jobTemplate/spec, backoffLimit, none, Integer",
    })
    void isInvalidWithAMistake(
            String file, String place, String field, String value, String problem) {
        ObjectNode broken = Manifest.of("kubernetes/" + file).content().deepCopy();
        ((ObjectNode) broken.at(place)).put(field, value);

        assertThat(KubernetesTypes.problems(broken)).singleElement().asString().contains(problem);
    }

    @Test
    void oneAgentAtATime() {
        JsonNode deployment = Manifest.of(DEPLOYMENT).content().path("spec");
        JsonNode cronJob = Manifest.of(CRON_JOB).content().path("spec");

        assertThat(deployment.path("replicas").asInt()).isEqualTo(1);
        assertThat(deployment.at("/strategy/type").asText()).isEqualTo("Recreate");
        assertThat(cronJob.path("concurrencyPolicy").asText()).isEqualTo("Forbid");
    }

    @Test
    void theRulesAreThoseOfPrometheus() {
        JsonNode rules = Manifest.of("kubernetes/agent/prometheusrule.yaml").content();
        JsonNode alerts = Manifest.of("prometheus/alerts.yml").content();

        assertThat(alerts.path("groups")).isNotEmpty();
        assertThat(rules.at("/spec/groups")).isEqualTo(alerts.path("groups"));
    }

    /** What is not listed is not applied; kustomize itself refuses what is listed and not there. */
    @ParameterizedTest
    @ValueSource(strings = {"kubernetes/agent", "kubernetes/cronjob"})
    void eachManifestIsInItsKustomization(String directory) {
        JsonNode resources =
                Manifest.of(directory + "/kustomization.yaml").content().path("resources");

        assertThat(resources)
                .map(JsonNode::asText)
                .containsAll(
                        Manifest.in(directory).stream()
                                .map(it -> it.path().getFileName().toString())
                                .toList());
    }

    @ParameterizedTest
    @MethodSource("pods")
    void thePodHasNoRights(JsonNode pod) {
        JsonNode container = pod.at("/containers/0/securityContext");

        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/runAsUser").asInt()).isPositive();
        assertThat(pod.at("/securityContext/seccompProfile/type").asText())
                .isEqualTo("RuntimeDefault");
        assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(container.at("/capabilities/drop")).map(JsonNode::asText).containsExactly("ALL");
        assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isGreaterThan(LONGEST_STOP);
    }

    @ParameterizedTest
    @MethodSource("pods")
    void eachSecretOfThePodIsInTheExample(JsonNode pod) {
        JsonNode example = Manifest.of(SECRET).content();
        JsonNode volume = pod.at("/volumes/0/secret");
        String mounted = pod.at("/containers/0/volumeMounts/0/mountPath").asText();

        assertThat(volume.path("secretName").asText())
                .isEqualTo(example.at("/metadata/name").asText());
        assertThat(pod.at("/containers/0/env"))
                .filteredOn(it -> it.path("name").asText().endsWith("_FILE"))
                .hasSize(3)
                .allSatisfy(
                        it -> {
                            Path file = Path.of(it.path("value").asText());
                            assertThat(file.getParent()).isEqualTo(Path.of(mounted));
                            assertThat(
                                            example.path("stringData")
                                                    .has(file.getFileName().toString()))
                                    .isTrue();
                        });
    }

    @Test
    void theExamplesAreRefused() throws Exception {
        Map<String, String> environment = settings();
        JsonNode example = Manifest.of(SECRET).content().path("stringData");
        environment.put("CONFLUENT_METRICS_API_KEY", example.path("metrics-api-key").asText());
        environment.put(
                "CONFLUENT_METRICS_API_SECRET", example.path("metrics-api-secret").asText());

        InvalidSettingsException refused =
                catchThrowableOfType(
                        InvalidSettingsException.class, () -> TestSettings.of(environment));

        assertThat(refused.problems())
                .anyMatch(it -> it.startsWith("CONFLUENT_METRICS_API_KEY"))
                .anyMatch(it -> it.startsWith("CONFLUENT_METRICS_API_SECRET"))
                .anyMatch(it -> it.startsWith("CONFLUENT_METRICS_CLUSTER_ID_LIST"));
    }

    @Test
    void theSettingsAreTheAgents(@TempDir Path directory) throws Exception {
        Map<String, String> environment = settings();
        environment.put("CONFLUENT_METRICS_API_KEY", "key");
        environment.put("CONFLUENT_METRICS_API_SECRET", "secret");
        environment.put("CONFLUENT_METRICS_CLUSTER_ID_LIST", "lkc-aaa");
        Path kafka = directory.resolve("kafka-settings");
        Files.writeString(
                kafka, Manifest.of(SECRET).content().at("/stringData/kafka-settings").asText());
        environment.put("KAFKA_SETTINGS_FILE", kafka.toString());

        Settings settings = TestSettings.of(environment);

        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.kafka())
                .containsKeys("bootstrap.servers", "sasl.jaas.config", "security.protocol");
    }

    private static Map<String, String> settings() throws IOException {
        Properties properties = new Properties();
        try (Reader file =
                Files.newBufferedReader(Path.of("deploy/kubernetes/base/settings.env"))) {
            properties.load(file);
        }
        Map<String, String> values = new HashMap<>();
        properties.stringPropertyNames().forEach(n -> values.put(n, properties.getProperty(n)));
        return values;
    }
}
