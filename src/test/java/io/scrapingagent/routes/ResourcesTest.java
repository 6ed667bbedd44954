package io.scrapingagent.routes;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrapingagent.command.CheckLines;
import io.scrapingagent.command.StartException;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.ReceivedRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Any metric of any resource by a step of YAML: the recipes of {@code docs/routes.md}, run. */
class ResourcesTest {

    private static final String[] CLUSTERS = {"lkc-aaa", "lkc-bbb"};

    @TempDir private Path directory;

    @AutoClose
    private final ScrapeFixture fixture =
            new ScrapeFixture(
                    MetricsApiSimulator.of(CLUSTERS[0], 3, 4)
                            .cluster(CLUSTERS[1], 2, 2)
                            .resource("connector", "lcc-one")
                            .resource("connector", "lcc-two")
                            .resource("ksql", "lksqlc-one")
                            .resource("compute_pool", "lfcp-one")
                            .resource("schema_registry", "lsrc-one"),
                    String.join(",", CLUSTERS));

    /** Each row: the recipe, its steps as a metric and its tags, and a part of one key. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Bytes per topic and partition | received_bytes topic partition | received_bytes:topic-0001:2",
                "Requests per principal | request_count principal | request_count:",
                "Load and partitions of a cluster | cluster_load_percent, partition_count"
                        + " | confluent_kafka_server_partition_count:lkc-aaa"
            })
    void stepsOfClusters(String recipe, String steps, String key) throws Exception {
        List<ExpectedRecord> truth = run(recipe, 3 + steps.split(", ").length);

        for (String step : steps.split(", ")) {
            String metric = "io.confluent.kafka.server/" + step.split(" ")[0];
            String[] tags = Stream.of(step.split(" ")).skip(1).toArray(String[]::new);
            String groupBy =
                    Stream.of(tags)
                            .map(it -> "metric." + it.replace("principal", "principal_id"))
                            .collect(Collectors.joining(","));
            for (String cluster : CLUSTERS) {
                truth.addAll(
                        ExpectedRecord.ofStep(
                                fixture.simulator(),
                                HOUR,
                                cluster,
                                metric,
                                groupBy,
                                "cluster_id",
                                tags));
            }
        }
        fixture.assertConsumed(truth);
        assertThat(truth).anyMatch(it -> it.key().contains(key));
    }

    @Test
    void otherResources() throws Exception {
        withIds();

        List<ExpectedRecord> truth = run("Connectors, ksqlDB, Flink and Schema Registry", 3 + 5);

        truth.addAll(others());
        fixture.assertConsumed(truth);
        assertThat(fixture.simulator().requests())
                .filteredOn(it -> it.clusters().contains("lcc-one"))
                .extracting(ReceivedRequest::clusters)
                .containsOnly(List.of("lcc-one", "lcc-two"));
        fixture.scrapeNext(1);
        fixture.restart();
        fixture.simulator().forgetRequests();
        fixture.scrapeAll();
        assertThat(fixture.simulator().requests()).isEmpty();
    }

    @Test
    void aStepOfATypeWithoutIdsDoesNothingOnceSaid() throws Exception {
        try (LogLines log = new LogLines("io.scrapingagent.scrape.CurrentQueries")) {
            List<ExpectedRecord> truth = run("Connectors, ksqlDB, Flink and Schema Registry", 3);
            fixture.scrape();

            fixture.assertConsumed(truth);
            assertThat(log.lines())
                    .hasSize(4)
                    .contains(
                            "INFO The steps of the resource connector do nothing:"
                                    + " CONFLUENT_METRICS_CONNECTOR_ID_LIST is not set");
        }
    }

    @Test
    void checkHoldsThemAgainstTheDescriptors() throws Exception {
        withIds();
        Recipe.under("Connectors, ksqlDB, Flink and Schema Registry").into(directory);
        fixture.environment("AGENT_ROUTES_DIR", directory.toString());

        assertThat(CheckLines.of(fixture))
                .contains(
                        "✓ Query io.confluent.kafka.ksql/streaming_unit_count by resource.ksql.id: known",
                        "✓ Resources of type connector: 2 of 2 allowed")
                .allMatch(line -> line.startsWith("✓"));
    }

    @Test
    void checkWarnsOfIdsWithoutAStepAndOfAStepWithoutIds() throws Exception {
        withIds();
        assertThat(CheckLines.of(fixture))
                .filteredOn(line -> !line.startsWith("✓"))
                .hasSize(4)
                .contains(
                        "! Resources of type connector: no step of the routes has `resource:"
                                + " connector`, so none is scraped → add one for each metric");

        fixture.environment("CONFLUENT_METRICS_CONNECTOR_ID_LIST", "");
        Recipe.under("Connectors, ksqlDB, Flink and Schema Registry").into(directory);
        fixture.environment("AGENT_ROUTES_DIR", directory.toString());
        assertThat(CheckLines.of(fixture))
                .filteredOn(line -> !line.startsWith("✓"))
                .hasSize(2)
                .allMatch(
                        line ->
                                line.startsWith("! Query io.confluent.kafka.connect/")
                                        && line.endsWith(
                                                "CONFLUENT_METRICS_CONNECTOR_ID_LIST is not set, so"
                                                        + " the step does nothing → set it, or take"
                                                        + " the step out of the routes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"connector", "of ksqlDB"})
    void checkSaysThatATypeHasNoSuchMetric(String type) throws Exception {
        withIds();
        Recipe.under("Connectors, ksqlDB, Flink and Schema Registry")
                .with("resource: ksql", "resource: " + type)
                .into(directory);
        fixture.environment("AGENT_ROUTES_DIR", directory.toString());

        assertThat(CheckLines.of(fixture))
                .anyMatch(
                        line ->
                                line.startsWith(
                                        ("✗ Query io.confluent.kafka.ksql/streaming_unit_count by"
                                                        + " resource.%1$s.id: the Metrics API has no"
                                                        + " metric of this name for resources of type"
                                                        + " %1$s")
                                                .formatted(type)));
    }

    @Test
    void aStepWithFewerTagsThanLabelsIsRefused() throws Exception {
        Recipe recipe = Recipe.under("Bytes per topic and partition");
        recipe.with("tag: topic,partition", "tag: topic").into(directory);
        fixture.environment("AGENT_ROUTES_DIR", directory.toString());

        assertThatThrownBy(fixture::scrape)
                .isInstanceOf(StartException.class)
                .hasMessageContaining(recipe.file() + ", line ")
                .hasMessageEndingWith(
                        "`groupBy` has metric.topic,metric.partition, `tag` has topic");
    }

    private void withIds() {
        fixture.environment("CONFLUENT_METRICS_CONNECTOR_ID_LIST", "lcc-one,lcc-two")
                .environment("CONFLUENT_METRICS_KSQL_ID_LIST", "lksqlc-one")
                .environment("CONFLUENT_METRICS_COMPUTE_POOL_ID_LIST", "lfcp-one")
                .environment("CONFLUENT_METRICS_SCHEMA_REGISTRY_ID_LIST", "lsrc-one");
    }

    /** Scrapes with a recipe, and returns what the packaged steps publish. */
    private List<ExpectedRecord> run(String recipe, int steps) throws Exception {
        Recipe.under(recipe).into(directory);
        fixture.environment("AGENT_ROUTES_DIR", directory.toString());

        Scrape scrape = fixture.scrapeAll();
        assertThat(scrape.getCompletedQueries()).isGreaterThanOrEqualTo(steps);
        return fixture.truth("lkc-aaa 0", "lkc-bbb 0");
    }

    private List<ExpectedRecord> others() {
        return Stream.of(
                        other("connector", "lcc-one", "kafka.connect/sent_bytes"),
                        other("connector", "lcc-two", "kafka.connect/sent_bytes"),
                        other("connector", "lcc-one", "kafka.connect/received_bytes"),
                        other("connector", "lcc-two", "kafka.connect/received_bytes"),
                        other("ksql", "lksqlc-one", "kafka.ksql/streaming_unit_count"),
                        other(
                                "compute_pool",
                                "lfcp-one",
                                "flink/compute_pool_utilization/current_cfus"),
                        other("schema_registry", "lsrc-one", "kafka.schema_registry/schema_count"))
                .flatMap(List::stream)
                .toList();
    }

    private List<ExpectedRecord> other(String type, String id, String metric) {
        return ExpectedRecord.ofStep(
                fixture.simulator(), HOUR, id, "io.confluent." + metric, "", type + "_id");
    }
}
