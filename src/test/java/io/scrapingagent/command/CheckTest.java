package io.scrapingagent.command;

import static io.scrapingagent.command.CheckLines.NOW;
import static io.scrapingagent.command.CheckLines.bad;
import static io.scrapingagent.simulator.Misbehaviour.hang;
import static io.scrapingagent.simulator.Misbehaviour.redirect;
import static io.scrapingagent.simulator.Misbehaviour.status;
import static io.scrapingagent.simulator.Misbehaviour.tooManyRequestsWithoutHint;
import static io.scrapingagent.simulator.Misbehaviour.unavailable;
import static io.scrapingagent.simulator.RequestMatcher.any;
import static io.scrapingagent.simulator.RequestMatcher.moreClustersThan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrapingagent.api.Redirects;
import io.scrapingagent.check.Check;
import io.scrapingagent.check.Finding;
import io.scrapingagent.kafka.KafkaState;
import io.scrapingagent.kafka.PemCertificates;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.routes.LogLines;
import io.scrapingagent.routes.ScrapeFixture;
import io.scrapingagent.routes.TestClock;
import io.scrapingagent.scrape.Scrape.Backfill;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code check} finds at an API and a broker without rights. */
class CheckTest {

    private static final Path QUERIES = Path.of("src/main/resources/routes/queries.camel.yaml");
    private static final String EIGHT = "lkc-1,lkc-2,lkc-3,lkc-4,lkc-5,lkc-6,lkc-7,lkc-8";

    @TempDir private Path directory;

    @AutoClose
    private ScrapeFixture fixture =
            new ScrapeFixture(simulator(), EIGHT)
                    .environment("CONFLUENT_METRICS_REQUESTS_PER_MINUTE", "50");

    private static MetricsApiSimulator.Builder simulator() {
        return MetricsApiSimulator.of(EIGHT.split(","), 3, 3);
    }

    @Test
    void allIsWellAndNothingIsChanged() throws Exception {
        String topic = fixture.topic();
        KafkaState before = KafkaState.of(TestKafka.bootstrapServers());

        List<String> lines = check();

        assertThat(lines)
                .containsExactly(
                        "✓ Settings: 8 clusters to topic " + topic + ", exactly-once",
                        "✓ Routes: 3 queries",
                        "✓ Metrics API: " + fixture.simulator().baseUri() + " answers",
                        "✓ Clock: within a minute of the Metrics API's",
                        "✓ API credentials: accepted",
                        "✓ Query io.confluent.kafka.server/request_bytes by metric.principal_id: known",
                        "✓ Query io.confluent.kafka.server/response_bytes by metric.principal_id: known",
                        "✓ Query io.confluent.kafka.server/retained_bytes by metric.topic: known",
                        "✓ Clusters: 8 of 8 allowed",
                        "✓ Kafka: " + TestKafka.bootstrapServers() + " accepts connections",
                        "✓ Kafka login: PLAINTEXT, 1 broker",
                        "✓ Topic " + topic + ": there, and the agent may WRITE",
                        "✓ Topic " + topic + " cleanup.policy: delete",
                        "✓ Topic " + topic + " message.timestamp.type: CreateTime",
                        "✓ Topic " + topic + " message.timestamp.before.max.ms: without limit",
                        "✓ Topic " + topic + " retention.ms: without limit",
                        "✓ Topic " + topic + "-ledger: missing, the agent will make it",
                        "✓ Right to use transactional id confluent-scraping-agent-"
                                + topic
                                + ": nobody needs rights, the brokers have no authorizer");
        assertThat(KafkaState.of(TestKafka.bootstrapServers())).isEqualTo(before);
        // two pages of descriptors, and all clusters at once
        assertThat(fixture.simulator().requests()).hasSize(3).allMatch(it -> it.status() == 200);
    }

    @Test
    void anAgentThatRunsIsNotDisturbed() throws Exception {
        fixture.scrapeAll();
        KafkaState before = KafkaState.of(TestKafka.bootstrapServers());

        assertThat(check()).allMatch(line -> line.startsWith("✓"));

        assertThat(KafkaState.of(TestKafka.bootstrapServers())).isEqualTo(before);
        Instant earlier = ScrapeFixture.HOUR.minus(Duration.ofHours(1));
        Backfill backfill = new Backfill(earlier, earlier, List.of("lkc-1"), line -> {});
        assertThat(fixture.agent().scrape(backfill).getFailures()).isEmpty();
    }

    @Test
    void aStartWithABrokenRouteFileDisturbsNoAgentEither() throws Exception {
        fixture.scrapeAll();
        routes("- route:\n    id: queries\n    form:\n      uri: direct:x\n");
        KafkaState before = KafkaState.of(TestKafka.bootstrapServers());

        assertThatThrownBy(() -> AgentCommand.start(fixture.settings(), false))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("queries.camel.yaml, line 2: ");

        assertThat(KafkaState.of(TestKafka.bootstrapServers())).isEqualTo(before);
    }

    @Test
    void aDeliveryWithoutLedgerNeedsLess() throws Exception {
        fixture.environment("METRICS_DELIVERY", "stateless");

        assertThat(check())
                .hasSize(16)
                .allMatch(line -> line.startsWith("✓"))
                .noneMatch(line -> line.contains("ledger") || line.contains("transactional"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://nowhere.invalid | The Metrics API cannot be reached: nowhere.invalid",
                "http://127.0.0.1:1 | The Metrics API cannot be reached: ",
                "https://127.0.0.1:PORT | No TLS connection to the Metrics API: "
            })
    void aMetricsApiThatIsNotThere(String host, String answer) throws Exception {
        int port = fixture.simulator().baseUri().getPort();
        fixture.environment("CONFLUENT_METRICS_HOST", host.replace("PORT", "" + port));

        List<String> lines = check();

        assertThat(lines)
                .filteredOn(line -> line.startsWith("✗"))
                .singleElement()
                .asString()
                .startsWith("✗ Metrics API: " + answer)
                .contains("check ");
        assertThat(lines)
                .filteredOn(line -> line.startsWith("–"))
                .containsExactly("– Metrics API, all else: it cannot be asked");
    }

    @Test
    void credentialsThatAreNotAccepted() throws Exception {
        fixture.environment("CONFLUENT_METRICS_API_SECRET", "wrong");

        assertThat(bad(check()))
                .containsExactly(
                        "✗ API credentials: The Metrics API answered 401 (Authorization: a valid"
                                + " Cloud API key is required) → CONFLUENT_METRICS_API_KEY and"
                                + " CONFLUENT_METRICS_API_SECRET must be a Cloud API key, not a"
                                + " cluster's; or the key was"
                                + " deleted or disabled, or the secret is another key's",
                        "– Metrics API, all else: the credentials are not accepted");
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        fixture.simulator().answerAlways(any(), redirect(307, "https://elsewhere/x"));

        assertThat(bad(check()))
                .first()
                .asString()
                .contains("redirected to https://elsewhere, which is not followed")
                .endsWith("set CONFLUENT_METRICS_HOST");
        assertThat(fixture.simulator().requests()).hasSize(1);
    }

    @Test
    void anApiThatIsNotWellOrSilentOrBusy() throws Exception {
        MetricsApiSimulator simulator = fixture.simulator();
        simulator.answer(any(), 1, status(503, "maintenance"));
        simulator.answer(any(), 1, hang());
        simulator.answer(any(), 1, tooManyRequestsWithoutHint());

        assertThat(bad(check()).get(0))
                .startsWith("✗ Metrics API: The Metrics API answered 503 (maintenance) → ");
        assertThat(bad(CheckLines.of(fixture, NOW, Duration.ofSeconds(8))).get(0))
                .matches(
                        "✗ Metrics API: (The Metrics API did not answer in time|no answer).* → .*");
        assertThat(bad(check()).get(0)).startsWith("– Metrics API: its rate limit is reached");
        assertThat(simulator.requests()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"61, ahead of", "-62, behind"})
    void aClockThatIsOffByMoreThanAMinute(int seconds, String direction) throws Exception {
        assertThat(bad(check(NOW.plusSeconds(seconds))))
                .singleElement()
                .asString()
                .startsWith("✗ Clock: ")
                .contains(Math.abs(seconds) + " seconds " + direction)
                .endsWith("→ set the clock (NTP)");
        assertThat(bad(check(NOW.plusSeconds(seconds > 0 ? 60 : -60)))).isEmpty();
    }

    @Test
    void clustersThatAreNotAllowedAreFoundWithFewRequests() throws Exception {
        fixture.environment(
                "CONFLUENT_METRICS_CLUSTER_ID_LIST", EIGHT.replace("lkc-3", "lkc-alien"));

        List<String> lines = check();

        assertThat(lines).contains("✓ Clusters: 7 of 8 allowed");
        assertThat(bad(lines))
                .containsExactly(
                        "✗ Cluster lkc-alien: The Metrics API answered 403 (the API key is not"
                                + " authorized for the resource lkc-alien) → grant the API key's"
                                + " owner the role MetricsViewer for cluster lkc-alien; or the id is"
                                + " wrong, deleted or another organization's");
        // two pages of descriptors; 8, 4, 2, 2 of them, 1 and 1, 4
        assertThat(fixture.simulator().requests()).hasSize(9);
    }

    /** Behind the 404 of all may be one that the key may not see. */
    @Test
    void clustersThatAreNotFoundTogetherAreAskedInHalves() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", EIGHT.replace("lkc-3", "lkc-x"));
        fixture.simulator().answerAlways(moreClustersThan(1), status(404));

        List<String> lines = check();

        assertThat(lines).contains("✓ Clusters: 7 of 8 allowed");
        assertThat(bad(lines)).singleElement().asString().startsWith("✗ Cluster lkc-x: ");
    }

    /** Its name is too like that of another one, and no right would help. */
    @Test
    void aLedgerThatCannotBeMade() throws Exception {
        TestKafka.createTopic(fixture.topic() + "_x", 1);
        fixture.environment("METRICS_LEDGER_TOPIC", fixture.topic() + ".x");

        assertThat(bad(check()))
                .singleElement()
                .asString()
                .contains("missing, and it cannot be made: ", "→ kafka-topics.sh")
                .endsWith(
                        "--config cleanup.policy=compact,delete --config retention.ms=2592000000");
    }

    /** The API may answer for the others alone, and leave out what the key may not see. */
    @Test
    void aClusterThatIsLeftOutOfTheAnswerIsAskedAlone() throws Exception {
        fixture.close();
        fixture =
                new ScrapeFixture(
                        simulator().cluster("lkc-alien", 3, 3).forbid("lkc-alien").silentlyMixed(),
                        EIGHT.replace("lkc-3", "lkc-alien"));

        List<String> lines = check();

        assertThat(lines).contains("✓ Clusters: 7 of 8 allowed");
        assertThat(bad(lines))
                .singleElement()
                .asString()
                .startsWith("✗ Cluster lkc-alien: The Metrics API answered 403");
        assertThat(fixture.simulator().requests()).hasSize(4);
    }

    /** Many idle clusters are no reason to ask for each of them. */
    @Test
    void fewOfTheClustersThatAreLeftOutAreAskedAlone() throws Exception {
        String ids =
                IntStream.range(0, 60).mapToObj(i -> "lkc-i" + i).collect(Collectors.joining(","));
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", ids);
        fixture.simulator()
                .answerAlways(moreClustersThan(0), Misbehaviour.body(200, "{\"data\":[]}"));

        assertThat(check())
                .contains(
                        "✓ Clusters: 10 of 60 allowed",
                        "! Clusters: 50 had no points in the last hour; whether the API key may see"
                                + " them shows in the first scrape")
                .noneMatch(line -> line.startsWith("–"));

        // two pages of descriptors, two batches, and one alone
        fixture.environment("CONFLUENT_METRICS_REQUESTS_PER_MINUTE", "5");
        assertThat(bad(check())).isEmpty();
    }

    @Test
    void noMoreRequestsThanAMinuteAllows() throws Exception {
        String aliens =
                IntStream.range(0, 200).mapToObj(i -> "lkc-a" + i).collect(Collectors.joining(","));
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", aliens)
                .environment("CONFLUENT_METRICS_REQUESTS_PER_MINUTE", "20");

        List<String> bad = bad(check());

        // two pages of descriptors among them
        assertThat(fixture.simulator().requests()).hasSize(20);
        assertThat(bad.get(0)).startsWith("✗ Cluster lkc-a0: The Metrics API answered 403");
        assertThat(bad.get(bad.size() - 1))
                .matches("– Clusters: \\d+ not asked: the 20 requests .* used up, .*");
    }

    @Test
    void queriesAreThoseOfTheRoutesAsTheyAre() throws Exception {
        String step =
                """
                        - to:
                            id: %s
                            description: A query
                            disabled: %s
                            uri: kamelet:confluent-metrics-query
                            parameters: {metric: io.confluent.kafka.server/%s,
                              groupBy: metric.%s, tag: topic}
                """;
        routes(
                Files.readString(QUERIES)
                        + """
                                - kamelet:
                                    id: known
                                    name: confluent-metrics-query
                                    parameters: {metric: io.confluent.kafka.server/received_bytes,
                                      groupBy: metric.topic, tag: topic}
                        """
                        + step.formatted("no-metric", false, "recieved_bytes", "topic")
                        + step.formatted("no-label", false, "retained_bytes", "principal_id")
                        + step.formatted("disabled", true, "nothing", "topic"));

        List<String> lines = check();

        assertThat(lines)
                .contains(
                        "✓ Routes: 6 queries",
                        "✓ Query io.confluent.kafka.server/received_bytes by metric.topic: known");
        assertThat(bad(lines))
                .containsExactly(
                        "✗ Query io.confluent.kafka.server/recieved_bytes by metric.topic: the"
                                + " Metrics API has no metric of this name for resources of type"
                                + " kafka → correct `metric`, or `resource`, of the step in the routes",
                        "✗ Query io.confluent.kafka.server/retained_bytes by metric.principal_id:"
                                + " the metric has no such label, but resource.kafka.id, metric.topic →"
                                + " correct `groupBy` of the step in the routes");
    }

    @Test
    void whatIsNoQueryIsNotLookedInto() throws Exception {
        Files.writeString(
                directory.resolve("extra.camel.yaml"),
                """
                - routeTemplate:
                    id: extra
                    parameters: [{name: where}]
                    from:
                      uri: direct:extra
                      steps:
                        - to: "{{where}}"
                        - filter:
                            disabled: true
                            simple: "true"
                            steps:
                              - to:
                                  uri: kamelet:confluent-metrics-query
                                  parameters: {metric: disabled, groupBy: with, tag: its-filter}
                - templatedRoute:
                    routeTemplateRef: extra
                    parameters: [{name: where, value: direct:queries}]
                """);
        routes(Files.readString(QUERIES));

        assertThat(check()).contains("✓ Routes: 3 queries");
        fixture.scrapeAll();
    }

    @ParameterizedTest
    @CsvSource({
        "kamelet:confluent-metrics-query, kamelet:confluent-metric-query",
        "kamelet:confluent-metrics-query, nosuch:component",
        "metric: io.confluent.kafka.server/request_bytes, tags: none",
        "groupBy: metric.topic, groupby: metric.topic",
        "groupBy: metric.topic, groupBy: ''",
        "description: Retained bytes, ref: unknown",
        "id: response-bytes, id: request-bytes"
    })
    void routesThatCannotBeStarted(String part, String other) throws Exception {
        routes(Files.readString(QUERIES).replaceFirst(part, other));

        assertThat(bad(check()).get(0))
                .startsWith("✗ Routes: ")
                .containsPattern("queries.camel.yaml, line \\d+: ")
                .endsWith("→ mend the file, see AGENT_ROUTES_DIR");
    }

    @Test
    void routesThatCannotBeLoadedOrAskNothing() throws Exception {
        routes("- route:\n    id: queries\n    form:\n      uri: direct:x\n");
        assertThat(bad(check()).get(0))
                .startsWith("✗ Routes: ")
                .contains("queries.camel.yaml, line 2: Unsupported field: form");

        routes(Files.readString(QUERIES).replace("kamelet:confluent-metrics-query", "mock:x"));
        assertThat(bad(check()).get(0)).startsWith("✗ Routes: no step is a kamelet:");
    }

    @Test
    void aBrokerThatIsNotThere() throws Exception {
        fixture.environment("KAFKA_BOOTSTRAP_SERVERS", "nowhere.invalid:9092,localhost:1");

        List<String> bad = bad(check());

        assertThat(bad.get(0))
                .startsWith(
                        "✗ Kafka: nowhere.invalid:9092: the host name is unknown, localhost:1: ")
                .endsWith("→ check KAFKA_BOOTSTRAP_SERVERS, DNS, network and firewall");
        assertThat(bad.subList(1, bad.size()))
                .containsExactly("– Kafka, all else: it cannot be reached");
    }

    @Test
    void aSideThatFailsUnexpectedlyLeavesTheOthersFindings() throws Exception {
        Clock stopsWithinASide =
                new TestClock(NOW) {
                    @Override
                    public Instant instant() {
                        if (Thread.currentThread().getName().equals("check")) {
                            throw new IllegalStateException("the clock stopped");
                        }
                        return super.instant();
                    }
                };

        assertThat(
                        CheckCommand.findings(
                                fixture.settings(), stopsWithinASide, Duration.ofSeconds(60)))
                .extracting(Finding::toLine)
                .contains("✗ Metrics API: IllegalStateException: the clock stopped")
                .anyMatch(line -> line.startsWith("✓ Kafka login: "));
    }

    @ParameterizedTest
    @CsvSource({
        "cleanup.policy, compact, cleanup.policy=delete",
        "message.timestamp.type, LogAppendTime, message.timestamp.type=CreateTime",
        "message.timestamp.before.max.ms, 86400000, message.timestamp.before.max.ms=",
        "retention.ms, 604800000, retention.ms=7776000000"
    })
    void aTopicThatDoesNotFit(String setting, String value, String remedy) throws Exception {
        String topic = TestKafka.uniqueTopic("unfit");
        Map<String, String> config = new HashMap<>(TestKafka.KEEP);
        config.put(setting, value);
        TestKafka.createTopic(topic, 1, config);
        fixture.environment("METRICS_TOPIC", topic);

        assertThat(onlyTrouble())
                .startsWith("✗ Topic " + topic + " " + setting + ": ")
                .matches(".* → .*" + remedy + ".*");
        try (LogLines log = new LogLines("io.scrapingagent.Agent")) {
            AgentCommand.start(fixture.settings(), false).close();
            assertThat(log.lines())
                    .anyMatch(it -> it.startsWith("WARN Topic " + topic + " " + setting + ": "));
        }
    }

    @Test
    void aLedgerThatForgets() throws Exception {
        String ledger = fixture.topic() + "-ledger";
        TestKafka.createTopic(
                ledger, 1, Map.of("cleanup.policy", "compact,delete", "retention.ms", "86400000"));

        assertThat(onlyTrouble())
                .startsWith("✗ Topic " + ledger + " retention.ms: 1 day,")
                .contains(" → kafka-configs.sh --bootstrap-server ");
    }

    @Test
    void aTopicThatKafkaWouldMakeIsNotMade() throws Exception {
        fixture.environment("METRICS_TOPIC", "missing-topic");
        KafkaState before = KafkaState.of(TestKafka.bootstrapServers());

        assertThat(onlyTrouble())
                .startsWith("! Topic missing-topic: missing; Kafka will")
                .endsWith("--create --topic missing-topic --config retention.ms=7776000000");
        assertThat(KafkaState.of(TestKafka.bootstrapServers())).isEqualTo(before);
    }

    /** Whatever it was doing: being interrupted is no finding. */
    @Test
    void whatIsAskedWhenTimeIsUpDoesNotFail() throws Exception {
        for (int i = 0; i < 40; i++) {
            Duration patience = Duration.ofMillis(20 + 5 * (i % 20));
            assertThat(
                            Check.ofBothSides(
                                    fixture.settings(),
                                    List.of(),
                                    NOW,
                                    Clock.systemUTC(),
                                    patience))
                    .noneMatch(it -> it.toLine().contains("InterruptedException"));
        }
    }

    @Test
    void aSlowAnswerIsAnAnswer() throws Exception {
        fixture.close();
        fixture =
                new ScrapeFixture(
                        MetricsApiSimulator.of("lkc-aaa", 3, 3).latency(Duration.ofMillis(2200)));

        assertThat(bad(CheckLines.of(fixture, NOW, Duration.ofSeconds(8)))).isEmpty();
    }

    /** With 200, it lets everybody in. */
    @ParameterizedTest
    @ValueSource(ints = {200, 401, 403, 407, 502})
    void aProxysPageIsNotTheMetricsApis(int status) throws Exception {
        fixture.simulator().answerAlways(any(), unavailable(status));

        assertThat(check())
                .anyMatch(
                        line ->
                                line.startsWith("✗ Metrics API: A server that is not the Metrics")
                                        && line.contains(" API answered " + status + " → ")
                                        && line.contains("HTTPS_PROXY"))
                .noneMatch(line -> line.startsWith("✓ API credentials"));
    }

    @Test
    void anAnswerWithoutABodySaysNothing() throws Exception {
        fixture.simulator().answerAlways(any(), Misbehaviour.body(204, ""));

        assertThat(bad(check()).get(0))
                .startsWith("✗ Metrics API: The Metrics API answered 204 → check ");
    }

    /** A proxy may let the descriptors through and block only what is posted. */
    @Test
    void aProxyThatBlocksQueriesIsNotAskedForEachCluster() throws Exception {
        fixture.simulator().answerAlways(moreClustersThan(0), unavailable(403));

        assertThat(bad(check()))
                .anyMatch(
                        line ->
                                line.startsWith(
                                        "✗ Clusters: A server that is not the Metrics API"
                                                + " answered 403"))
                .noneMatch(line -> line.contains("MetricsViewer"));
        assertThat(fixture.simulator().requests())
                .filteredOn(it -> !it.clusters().isEmpty())
                .hasSize(1);
    }

    /** As in a scrape, over TLS only. */
    @Test
    void redirectsAreFollowedButNotForEver() throws Exception {
        PemCertificates certificates = PemCertificates.generate(directory);
        fixture.close();
        fixture =
                new ScrapeFixture(
                                simulator()
                                        .tls(
                                                certificates.serverCertificate(),
                                                certificates.serverKey()))
                        .environment("CONFLUENT_METRICS_CA_FILE", certificates.caFile().toString());
        MetricsApiSimulator api = fixture.simulator();
        String descriptors = api.baseUri() + "/v2/metrics/cloud/descriptors/metrics";
        api.answer(any(), 1, redirect(307, descriptors));
        assertThat(check()).allMatch(line -> line.startsWith("✓"));
        assertThat(api.requests().get(0).status()).isEqualTo(307);

        api.forgetRequests();
        api.answerAlways(any(), redirect(307, api.baseUri() + "/again"));
        assertThat(bad(check()).get(0))
                .startsWith(
                        "✗ Metrics API: The Metrics API answered 307 (moved) → check CONFLUENT_METR");
        assertThat(api.requests()).hasSize(1 + Redirects.MAX);
    }

    private void routes(String text) throws Exception {
        Files.writeString(directory.resolve("queries.camel.yaml"), text);
        fixture.environment("AGENT_ROUTES_DIR", directory.toString());
    }

    private List<String> check() throws Exception {
        return CheckLines.of(fixture);
    }

    /** Returns the one line that does not say that all is well. */
    private String onlyTrouble() throws Exception {
        List<String> trouble = check().stream().filter(line -> !line.startsWith("✓")).toList();
        assertThat(trouble).hasSize(1);
        return trouble.get(0);
    }

    private List<String> check(Instant now) throws Exception {
        return CheckLines.of(fixture, now, Duration.ofSeconds(60));
    }
}
