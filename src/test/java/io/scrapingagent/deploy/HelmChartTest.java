package io.scrapingagent.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.scrapingagent.TestSettings;
import io.scrapingagent.config.Settings;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The chart of deploy/helm: its values fit its schema and, where there is a {@code helm}, what it
 * renders is what deploy/kubernetes has.
 */
class HelmChartTest {

    private static final String CHART = "helm/confluent-scraping-agent/";
    private static final JsonNode DEPLOYMENT =
            Manifest.of("kubernetes/agent/deployment.yaml").content();
    private static final JsonNode CRON_JOB =
            Manifest.of("kubernetes/cronjob/cronjob.yaml").content();
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String REQUIRED =
            """
            settings:
              CONFLUENT_METRICS_CLUSTER_ID_LIST: lkc-aaa,lkc-bbb
              KAFKA_BOOTSTRAP_SERVERS: pkc-aaa.example:9092
            """;

    /** All that both modes have. */
    private static final String ALL =
            REQUIRED
                    + """
                        METRICS_API_RESPONSE_MAX_BYTES: 33554432
                        KAFKA_LINGER_MS: 0
                        KAFKA_ENABLE_IDEMPOTENCE: true
                        KAFKA_SASL_USERNAME: "0123"
                        HTTPS_PROXY: http://proxy.example:3128
                      files:
                        CONFLUENT_METRICS_API_KEY_FILE: {secret: of-confluent, key: key}
                        CONFLUENT_METRICS_API_SECRET_FILE: {secret: of-confluent, key: secret}
                        KAFKA_SETTINGS_FILE: null
                        KAFKA_SASL_PASSWORD_FILE: {secret: of-kafka, key: password}
                        CONFLUENT_METRICS_CA_FILE: {configMap: corporate-ca, key: ca.crt}
                      routesConfigMap: my-routes
                      image: {repository: registry.example/agent, tag: 1.2.3, pullPolicy: Always}
                      imagePullSecrets: [{name: registry}]
                      fullnameOverride: metrics
                      serviceAccountName: reader
                      podAnnotations: {team: costs}
                      podLabels: {injected: "false"}
                      nodeSelector: {zone: a}
                      tolerations: [{key: spot, operator: Exists}]
                      affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: []}}
                      """;

    private static final String DEPLOYMENT_WITH_ALL =
            ALL
                    + """
                    podMonitor: {enabled: true, interval: 15s, labels: {release: prometheus}}
                    prometheusRule: {enabled: true, labels: {release: prometheus}}
                    """;
    private static final String SHARDED_WITH_ALL = DEPLOYMENT_WITH_ALL + "shards: 5\n";
    private static final String CRON_JOB_WITH_ALL = ALL + "mode: cronjob\nschedule: 17 * * * *\n";

    @Test
    void theValuesFitTheSchema() {
        assertThat(problems(values())).isEmpty();
        assertThat(problems(with(values(), Manifest.yaml(DEPLOYMENT_WITH_ALL)))).isEmpty();
        assertThat(problems(with(values(), Manifest.yaml(SHARDED_WITH_ALL)))).isEmpty();
        assertThat(problems(with(values(), Manifest.yaml(CRON_JOB_WITH_ALL)))).isEmpty();
        assertThat(problems(with(values(), Manifest.yaml("settings: {AGENT_SHARD: 2/5}"))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "settigns: {A: b} | settigns",
                "mode: statefulset | mode",
                "replicas: 2 | replicas",
                "shards: 0 | shards",
                "shards: 2.5 | shards",
                "shards: '2' | shards",
                "{mode: cronjob, shards: 2} | shards",
                "{shards: 2, settings: {AGENT_SHARD: 1/2}} | AGENT_SHARD",
                "settings: {kafka.acks: all} | kafka.acks",
                "settings: {KAFKA_SASL_PASSWORD: x} | KAFKA_SASL_PASSWORD",
                "settings: {METRICS_TOPIC: [a]} | METRICS_TOPIC",
                "settings: {MANAGEMENT_PORT: 9090} | MANAGEMENT_PORT",
                "settings: {HTTPS_PROXY: 'http://user:password@proxy:3128'} | HTTPS_PROXY",
                "files: {CONFLUENT_METRICS_CA_FILE: /etc/ca.crt} | CONFLUENT_METRICS_CA_FILE",
                "files: {CONFLUENT_METRICS_CA_FILE: {secret: a}} | key",
                "files: {CONFLUENT_METRICS_CA_FILE: {secrets: a, key: b}} | secrets",
                "image: {version: 1.0.0} | version",
                "image: {tag: 1.0} | tag",
                "podMonitor: {enable: true} | enable",
                "{mode: cronjob, podMonitor: {enabled: true}} | podMonitor.enabled",
                "{mode: cronjob, prometheusRule: {enabled: true}} | prometheusRule.enabled",
                "podMonitor: {interval: 30} | interval",
                "resources: {limit: {memory: 1Gi}} | limit",
                "podAnnotations: {checked: true} | checked",
            })
    void aWrongValueIsRefused(String value, String name) {
        assertThat(problems(with(values(), Manifest.yaml(value))))
                .isNotEmpty()
                .anyMatch(it -> it.contains(name));
    }

    static Stream<String> secrets() {
        return Stream.of(
                """
                CONFLUENT_METRICS_API_KEY CONFLUENT_METRICS_API_SECRET KAFKA_SETTINGS
                KAFKA_SASL_JAAS_CONFIG KAFKA_SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_SECRET
                KAFKA_SASL_OAUTHBEARER_ASSERTION_PRIVATE_KEY_PASSPHRASE KAFKA_SASL_PASSWORD
                KAFKA_SASL_PLAIN_PASSWORD KAFKA_SSL_KEY_PASSWORD KAFKA_SSL_KEYSTORE_KEY
                KAFKA_SSL_KEYSTORE_PASSWORD KAFKA_SSL_PASSWORD KAFKA_SSL_TRUSTSTORE_PASSWORD
                """
                        .split("\\s+"));
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aSecretIsNoSetting(String variable) {
        ObjectNode secret = JSON.createObjectNode();
        secret.putObject("settings").put(variable, "hush-hush");

        assertThat(problems(with(values(), secret)))
                .isNotEmpty()
                .anyMatch(it -> it.contains(variable))
                .noneMatch(it -> it.contains("hush-hush"));
    }

    @Test
    void theVersionsAreThePoms() throws IOException {
        JsonNode chart = Manifest.of(CHART + "Chart.yaml").content();

        assertThat(Files.readString(Path.of("pom.xml")))
                .contains(
                        "<artifactId>%s</artifactId>%n  <version>%s</version>"
                                .formatted(
                                        chart.path("name").asText(),
                                        chart.path("version").asText()));
        assertThat(chart.path("appVersion")).isEqualTo(chart.path("version"));
    }

    @Test
    void theRulesAreACopyOfThoseOfPrometheus() {
        assertThat(Path.of("deploy", CHART, "alerts.yml"))
                .hasSameTextualContentAs(Path.of("deploy/prometheus/alerts.yml"));
    }

    /** With {@code helm} itself, of the PATH or of {@code -Dhelm=<file>}. */
    @Nested
    class Rendered {

        private static final Path HELM =
                Stream.concat(
                                Stream.ofNullable(System.getProperty("helm")).map(Path::of),
                                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                                        .map(directory -> Path.of(directory, "helm")))
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElse(null);

        @TempDir private Path directory;

        @BeforeEach
        void helmIsThere() {
            assumeThat(HELM).as("helm, on the PATH or as -Dhelm=<file>").isNotNull();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"", REQUIRED, DEPLOYMENT_WITH_ALL, SHARDED_WITH_ALL, CRON_JOB_WITH_ALL})
        void helmFindsNothingWrong(String values) throws Exception {
            Run lint = helm("lint", values, "--strict");

            assertThat(lint.exitCode()).as("%s", lint).isZero();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "settings: {KAFKA_SASL_PASSWORD: hush-hush} | KAFKA_SASL_PASSWORD",
                    "settings: {KAFKA_BOOTSTRAP_SERVERS: ''} | settings.KAFKA_BOOTSTRAP_SERVERS is required",
                    "settings: {CONFLUENT_METRICS_CLUSTER_ID_LIST: null} | settings.CONFLUENT_METRICS_CLUSTER_ID_LIST is required",
                })
        void helmRefusesAWrongValue(String values, String problem) throws Exception {
            String wrong = with(Manifest.yaml(REQUIRED), Manifest.yaml(values)).toString();

            Run template = template(wrong);

            assertThat(template.exitCode()).isNotZero();
            assertThat(template.errors()).contains(problem).doesNotContain("hush-hush");
        }

        static Stream<Arguments> kinds() {
            return Stream.of(
                    Arguments.of(REQUIRED, "Deployment Pod"),
                    Arguments.of(REQUIRED + "shards: 2", "StatefulSet Service Pod"),
                    Arguments.of(REQUIRED + "mode: cronjob", "CronJob Pod"),
                    Arguments.of(DEPLOYMENT_WITH_ALL, "Deployment PodMonitor PrometheusRule Pod"),
                    Arguments.of(
                            SHARDED_WITH_ALL, "StatefulSet Service PodMonitor PrometheusRule Pod"),
                    Arguments.of(CRON_JOB_WITH_ALL, "CronJob Pod"));
        }

        @ParameterizedTest
        @MethodSource("kinds")
        void thereIsWhatTheValuesWantAndATest(String values, String kinds) throws Exception {
            assertThat(rendered(values))
                    .allSatisfy(it -> assertThat(KubernetesTypes.problems(it)).isEmpty())
                    .map(it -> it.path("kind").asText())
                    .containsExactlyInAnyOrder(kinds.split(" "));
        }

        @Test
        void deploymentAndCronJobAreThoseOfKustomize() throws Exception {
            JsonNode deployment = one("Deployment", REQUIRED);
            JsonNode cronJob = one("CronJob", REQUIRED + "mode: cronjob");

            assertSame(deployment, DEPLOYMENT);
            assertSame(cronJob, CRON_JOB);
            assertThat(pod(deployment).at("/containers/0/args")).hasToString("[\"run\"]");
            assertThat(pod(cronJob).at("/containers/0/args"))
                    .isEqualTo(pod(CRON_JOB).at("/containers/0/args"));
        }

        @Test
        void theStatefulSetIsThatOfKustomize() throws Exception {
            List<JsonNode> manifests = Manifest.kustomized("kubernetes/sharded");
            JsonNode expected = one("StatefulSet", manifests);
            List<JsonNode> rendered =
                    rendered(REQUIRED + "shards: 5\nfullnameOverride: confluent-scraping-agent");
            JsonNode statefulSet = one("StatefulSet", rendered);

            assertThat(statefulSet.at("/metadata/name")).isEqualTo(expected.at("/metadata/name"));
            assertSame(statefulSet, expected);
            assertThat(own(statefulSet)).hasSize(3).isEqualTo(own(expected));
            JsonNode service = one("Service", rendered);
            JsonNode expectedService = one("Service", manifests);
            assertThat(service.at("/metadata/name"))
                    .isEqualTo(expectedService.at("/metadata/name"));
            assertThat(without(service.path("spec"), "selector"))
                    .isEqualTo(without(expectedService.path("spec"), "selector"));
            assertThat(service.at("/spec/selector"))
                    .isEqualTo(statefulSet.at("/spec/selector/matchLabels"));
        }

        /** The variables that neither the settings nor the files set, in their order. */
        private List<JsonNode> own(JsonNode manifest) {
            List<String> names = List.of("MANAGEMENT_PORT", "POD_NAME", "AGENT_SHARD");
            return manifest.at("/spec/template/spec/containers/0/env")
                    .valueStream()
                    .filter(it -> names.contains(it.path("name").asText()))
                    .toList();
        }

        /** But for the number of its pods and what tells them apart. */
        @Test
        void theStatefulSetHasThePodOfTheDeployment() throws Exception {
            JsonNode sharded = one("StatefulSet", SHARDED_WITH_ALL).at("/spec/template");
            JsonNode template = one("Deployment", DEPLOYMENT_WITH_ALL).at("/spec/template");
            ArrayNode environment = (ArrayNode) sharded.at("/spec/containers/0/env");
            int size = environment.size();

            assertThat(environment.remove(size - 1))
                    .isEqualTo(Manifest.yaml("{name: AGENT_SHARD, value: $(POD_NAME)/5}"));
            assertThat(environment.remove(size - 2).path("name").asText()).isEqualTo("POD_NAME");
            assertThat(sharded).isEqualTo(template);
        }

        /** With shards it checks the first: its clusters, and a transactional id that is used. */
        @ParameterizedTest
        @ValueSource(strings = {DEPLOYMENT_WITH_ALL, SHARDED_WITH_ALL})
        void theTestChecksWithThePodOfTheAgent(String values) throws Exception {
            JsonNode test = one("Pod", values);
            JsonNode agent = pod(one("Deployment", DEPLOYMENT_WITH_ALL));

            assertThat(test.at("/metadata/annotations/helm.sh~1hook").asText()).isEqualTo("test");
            assertThat(test.at("/spec/containers/0/args")).hasToString("[\"check\"]");
            assertThat(without(test.path("spec"), "restartPolicy", "containers"))
                    .isEqualTo(without(agent, "containers"));
            Map<String, String> environment = environment(agent);
            environment.remove("MANAGEMENT_PORT");
            if (values.equals(SHARDED_WITH_ALL)) {
                environment.put("AGENT_SHARD", "1/5");
            }
            assertThat(environment(test.path("spec"))).isEqualTo(environment);
        }

        @Test
        void thePodMonitorSelectsTheAgentAlone() throws Exception {
            JsonNode monitor = one("PodMonitor", DEPLOYMENT_WITH_ALL);
            JsonNode deployment = one("Deployment", DEPLOYMENT_WITH_ALL);
            Map<String, String> selected = labels(monitor.at("/spec/selector/matchLabels"));

            assertThat(labels(deployment.at("/spec/selector/matchLabels"))).isEqualTo(selected);
            assertThat(labels(deployment.at("/spec/template/metadata/labels")).entrySet())
                    .containsAll(selected.entrySet());
            assertThat(labels(one("Pod", DEPLOYMENT_WITH_ALL).at("/metadata/labels")).entrySet())
                    .doesNotContainAnyElementsOf(selected.entrySet());
            assertThat(monitor.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
            ObjectNode endpoint =
                    Manifest.of("kubernetes/agent/podmonitor.yaml")
                            .content()
                            .at("/spec/podMetricsEndpoints/0")
                            .deepCopy();
            assertThat(monitor.at("/spec/podMetricsEndpoints/0"))
                    .isEqualTo(endpoint.put("interval", "15s"));
        }

        @Test
        void theRulesAreThoseOfPrometheus() throws Exception {
            assertThat(one("PrometheusRule", DEPLOYMENT_WITH_ALL).at("/spec/groups"))
                    .isNotEmpty()
                    .isEqualTo(Manifest.of("prometheus/alerts.yml").content().path("groups"));
        }

        @Test
        void theOptionsAreInThePod() throws Exception {
            JsonNode template = one("Deployment", DEPLOYMENT_WITH_ALL).at("/spec/template");
            JsonNode pod = template.path("spec");

            assertThat(environment(pod))
                    .containsEntry("METRICS_API_RESPONSE_MAX_BYTES", "33554432")
                    .containsEntry("KAFKA_LINGER_MS", "0")
                    .containsEntry("KAFKA_ENABLE_IDEMPOTENCE", "true")
                    .containsEntry("KAFKA_SASL_USERNAME", "0123")
                    .containsEntry("KAFKA_SASL_MECHANISM", "PLAIN")
                    .doesNotContainKey("KAFKA_SETTINGS_FILE");
            assertThat(pod.at("/containers/0/image").asText())
                    .isEqualTo("registry.example/agent:1.2.3");
            assertThat(pod.path("serviceAccountName").asText()).isEqualTo("reader");
            JsonNode given = Manifest.yaml(ALL);
            for (String name :
                    List.of("imagePullSecrets", "nodeSelector", "tolerations", "affinity")) {
                assertThat(pod.path(name)).as(name).isEqualTo(given.path(name));
            }
            assertThat(template.at("/metadata/annotations"))
                    .isEqualTo(given.path("podAnnotations"));
            assertThat(labels(template.at("/metadata/labels"))).containsEntry("injected", "false");
        }

        @ParameterizedTest
        @ValueSource(strings = {DEPLOYMENT_WITH_ALL, SHARDED_WITH_ALL, CRON_JOB_WITH_ALL})
        void eachFileIsMountedFromWhatTheValuesName(String values) throws Exception {
            for (JsonNode manifest : rendered(values)) {
                for (JsonNode pod : manifest.findParents("containers")) {
                    Map<String, String> mounted = mounted(pod);
                    Map<String, String> environment = environment(pod);
                    assertThat(mounted)
                            .containsOnly(
                                    entry(
                                            "CONFLUENT_METRICS_API_KEY_FILE",
                                            "secret of-confluent key"),
                                    entry(
                                            "CONFLUENT_METRICS_API_SECRET_FILE",
                                            "secret of-confluent secret"),
                                    entry("KAFKA_SASL_PASSWORD_FILE", "secret of-kafka password"),
                                    entry(
                                            "CONFLUENT_METRICS_CA_FILE",
                                            "configMap corporate-ca ca.crt"));
                    assertThat(mounted.keySet())
                            .allMatch(it -> environment.get(it).equals("/run/agent/files/" + it));
                    assertThat(environment).containsEntry("AGENT_ROUTES_DIR", "/run/agent/routes");
                    assertThat(pod.at("/volumes/1/configMap/name").asText()).isEqualTo("my-routes");
                    assertThat(pod.at("/containers/0/volumeMounts"))
                            .map(it -> it.path("mountPath").asText())
                            .containsExactly("/run/agent/files", "/run/agent/routes", "/tmp");
                }
            }
        }

        /** The default values name the Secret that docs/kubernetes.md creates. */
        @Test
        void theSettingsAreTheAgents() throws Exception {
            JsonNode pod = pod(one("Deployment", REQUIRED));
            JsonNode secret = Manifest.of("kubernetes/base/secret.example.yaml").content();
            Map<String, String> environment = environment(pod);
            for (Map.Entry<String, String> file : mounted(pod).entrySet()) {
                String[] source = file.getValue().split(" ");
                assertThat(source[1]).isEqualTo(secret.at("/metadata/name").asText());
                String content = secret.path("stringData").path(source[2]).asText("none");
                Path path = directory.resolve(file.getKey());
                Files.writeString(path, content.isEmpty() ? "something" : content);
                environment.put(file.getKey(), path.toString());
            }

            Settings settings = TestSettings.of(environment);

            assertThat(settings.warnings()).isEmpty();
            assertThat(settings.kafka())
                    .containsKeys("bootstrap.servers", "sasl.jaas.config", "security.protocol");
        }

        /** But for the pod, of which not all can be the same. */
        private void assertSame(JsonNode rendered, JsonNode manifest) {
            assertThat(withoutPod(rendered)).isEqualTo(withoutPod(manifest));
            assertSamePod(pod(rendered), pod(manifest));
        }

        private JsonNode withoutPod(JsonNode workload) {
            JsonNode spec = workload.path("spec").deepCopy();
            ((ObjectNode) spec.findParent("template")).remove(List.of("selector", "template"));
            return spec;
        }

        private void assertSamePod(JsonNode rendered, JsonNode manifest) {
            assertThat(without(rendered, "serviceAccountName", "containers", "volumes"))
                    .isEqualTo(without(manifest, "containers", "volumes"));
            assertThat(
                            without(
                                    rendered.at("/containers/0"),
                                    "image",
                                    "imagePullPolicy",
                                    "args",
                                    "env",
                                    "volumeMounts"))
                    .isEqualTo(
                            without(
                                    manifest.at("/containers/0"),
                                    "image",
                                    "args",
                                    "env",
                                    "envFrom",
                                    "volumeMounts"));
            assertThat(rendered.at("/containers/0/volumeMounts/1"))
                    .isEqualTo(manifest.at("/containers/0/volumeMounts/1"));
            assertThat(rendered.at("/volumes/1")).isEqualTo(manifest.at("/volumes/1"));
            assertThat(rendered.at("/volumes/0/projected/defaultMode"))
                    .isEqualTo(manifest.at("/volumes/0/secret/defaultMode"));
        }

        private JsonNode one(String kind, String values) throws Exception {
            return one(kind, rendered(values));
        }

        private JsonNode one(String kind, List<JsonNode> manifests) {
            return manifests.stream()
                    .filter(it -> it.path("kind").asText().equals(kind))
                    .findFirst()
                    .orElseThrow();
        }

        private List<JsonNode> rendered(String values) throws Exception {
            Run template = template(values);
            assertThat(template.exitCode()).as("%s", template).isZero();
            return Manifest.yamls(template.output());
        }

        private Run template(String values) throws Exception {
            // a helm that was built without its Makefile assumes an older one
            return helm("template", values, "--kube-version", "1.25.0");
        }

        private Run helm(String command, String values, String... options) throws Exception {
            Path file = Files.writeString(directory.resolve("values.yaml"), values);
            Path errors = directory.resolve("errors");
            List<String> line =
                    new ArrayList<>(
                            List.of(
                                    HELM.toString(),
                                    command,
                                    "deploy/" + CHART,
                                    "--values",
                                    file.toString()));
            line.addAll(List.of(options));
            Process process = new ProcessBuilder(line).redirectError(errors.toFile()).start();
            process.getOutputStream().close();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Run(process.waitFor(), output, Files.readString(errors));
        }
    }

    /** What a run of helm ended with. */
    private record Run(int exitCode, String output, String errors) {}

    private static JsonNode values() {
        return Manifest.of(CHART + "values.yaml").content();
    }

    private static List<String> problems(JsonNode values) {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                .getSchema(Manifest.of(CHART + "values.schema.json").content())
                .validate(values)
                .stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    /** As Helm merges values: null removes one. */
    private static JsonNode with(JsonNode values, JsonNode own) {
        ObjectNode merged = values.deepCopy();
        own.properties()
                .forEach(
                        it -> {
                            JsonNode value = it.getValue();
                            if (value.isNull()) {
                                merged.remove(it.getKey());
                            } else if (value.isObject() && merged.path(it.getKey()).isObject()) {
                                merged.set(it.getKey(), with(merged.get(it.getKey()), value));
                            } else {
                                merged.set(it.getKey(), value);
                            }
                        });
        return merged;
    }

    private static JsonNode without(JsonNode object, String... names) {
        return object.isObject()
                ? ((ObjectNode) object.deepCopy()).remove(List.of(names))
                : JsonNodeFactory.instance.missingNode();
    }

    private static JsonNode pod(JsonNode manifest) {
        return manifest.findParent("containers");
    }

    private static Map<String, String> environment(JsonNode pod) {
        Map<String, String> environment = new HashMap<>();
        for (JsonNode variable : pod.at("/containers/0/env")) {
            String name = variable.path("name").asText();
            assertThat(environment.put(name, variable.path("value").asText())).as(name).isNull();
        }
        return environment;
    }

    /** The kind, name and key of what is mounted, by the variable. */
    private static Map<String, String> mounted(JsonNode pod) {
        Map<String, String> mounted = new HashMap<>();
        for (JsonNode source : pod.at("/volumes/0/projected/sources")) {
            source.properties()
                    .forEach(
                            it -> {
                                JsonNode item = it.getValue().at("/items/0");
                                mounted.put(
                                        item.path("path").asText(),
                                        "%s %s %s"
                                                .formatted(
                                                        it.getKey(),
                                                        it.getValue().path("name").asText(),
                                                        item.path("key").asText()));
                            });
        }
        return mounted;
    }

    private static Map<String, String> labels(JsonNode object) {
        Map<String, String> labels = new HashMap<>();
        object.properties().forEach(it -> labels.put(it.getKey(), it.getValue().asText()));
        return labels;
    }
}
