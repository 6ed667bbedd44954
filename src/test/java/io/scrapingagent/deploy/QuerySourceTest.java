package io.scrapingagent.deploy;

import static io.scrapingagent.routes.ExpectedRecord.REQUEST_BYTES;
import static io.scrapingagent.routes.ExpectedRecord.RETAINED_BYTES;
import static io.scrapingagent.simulator.Misbehaviour.status;
import static io.scrapingagent.simulator.RequestMatcher.cluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.routes.LogLines;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.vertx.core.VertxOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaClientFactory;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.main.Main;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The query as a source, in an application that is not the agent: Camel Main, a route like the one
 * that Camel K makes of a Pipe, and a properties file.
 */
class QuerySourceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<Exchange> received = new CopyOnWriteArrayList<>();
    private final MetricsApiSimulator simulator =
            MetricsApiSimulator.of("lkc-aaa", 1200, 5).cluster("lkc-bbb", 3, 7).start();
    private final Main application = new Main();

    @TempDir private Path directory;

    @BeforeEach
    void configure() throws Exception {
        Path properties = directory.resolve("pipe.properties");
        Files.writeString(
                properties,
                """
                confluent.metrics.api.key = %s
                confluent.metrics.api.secret = %s
                confluent.metrics.cluster.id.list = lkc-aaa,lkc-bbb,lkc-aaa
                confluent.metrics.host = %s
                confluent.metrics.requests.per.minute = 10000
                kafka.linger.ms = the application's own
                camel.component.kamelet.location = file:deploy/camel-k
                camel.kamelet.confluent-metrics-query-source.requests.metric = %s
                camel.kamelet.confluent-metrics-query-source.requests.groupBy = metric.principal_id
                camel.kamelet.confluent-metrics-query-source.requests.tag = principal
                camel.kamelet.confluent-metrics-query-source.requests.cron = * * * * * ?
                camel.kamelet.confluent-metrics-query-source.retained.metric = %s
                camel.kamelet.confluent-metrics-query-source.retained.groupBy = metric.topic
                camel.kamelet.confluent-metrics-query-source.retained.tag = topic
                camel.kamelet.confluent-metrics-query-source.retained.cron = * * * * * ?
                """
                        .formatted(
                                MetricsApiSimulator.DEFAULT_KEY,
                                MetricsApiSimulator.DEFAULT_SECRET,
                                simulator.baseUri(),
                                REQUEST_BYTES,
                                RETAINED_BYTES));
        application.setPropertyPlaceholderLocations("file:" + properties);
        application
                .configure()
                .addRoutesBuilder(
                        new RouteBuilder() {
                            @Override
                            public void configure() {
                                for (String id : List.of("requests", "retained")) {
                                    from("kamelet:confluent-metrics-query-source/" + id)
                                            .routeId("pipe-" + id)
                                            .process(it -> received.add(it.copy()));
                                }
                            }
                        });
    }

    @AfterEach
    void stop() {
        application.stop();
        simulator.close();
    }

    @Test
    void givesEachRecordOfTheLastDueHourOnAndPublishesNothing() throws Exception {
        try (LogLines log = new LogLines("io.scrapingagent.FetchOnlyAgent")) {
            application.start();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN CONFLUENT_METRICS_CLUSTER_ID_LIST: named more than once");
        }

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(values()).containsAll(expected(firstHour())));
        assertThat(hours()).allSatisfy(hour -> assertThat(expected(hour)).isNotEmpty());
        assertThat(values())
                .isSubsetOf(hours().stream().flatMap(it -> expected(it).stream()).toList());
        assertThat(received.get(0).getMessage().getHeaders())
                .containsEntry("Content-Type", "application/json")
                .allSatisfy((name, value) -> assertThat(name).doesNotStartWith("kafka."));
        assertNothingPublishes();
    }

    private void assertNothingPublishes() {
        assertThat(application.getCamelContext().getRoutes())
                .extracting(route -> route.getRouteId())
                .contains("fetch-window", "fetch-page", "records", "pipe-requests", "pipe-retained")
                .doesNotContain("kafka", "publish", "schedule", "scrape", "hours");
        assertThat(application.getCamelContext().hasComponent("kafka")).isNull();
        Registry registry = application.getCamelContext().getRegistry();
        for (Class<?> type :
                List.of(
                        KafkaClientFactory.class,
                        KafkaConfiguration.class,
                        HealthCheck.class,
                        VertxOptions.class)) {
            assertThat(registry.findByType(type)).as("%s", type).isEmpty();
        }
    }

    @Test
    void aFailureStaysInsideItsCluster() throws Exception {
        simulator.answerAlways(cluster("lkc-aaa"), status(403, "not for this key"));
        application.start();

        await().atMost(PATIENCE).until(() -> !received.isEmpty());
        assertThat(values()).allSatisfy(it -> assertThat(it).contains("lkc-bbb"));
        assertThat(application.getCamelContext().getStatus()).isEqualTo(ServiceStatus.Started);
    }

    @Test
    void routesOfTheApplicationKeepTheirErrorHandler() throws Exception {
        application.start();
        CamelContext context = application.getCamelContext();
        await().atMost(PATIENCE).until(() -> context.getRoute("fetch-window") != null);

        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        onException(IllegalStateException.class)
                                .handled(true)
                                .setBody(constant("handled"));
                        from("direct:own").throwException(new IllegalStateException());
                    }
                });

        assertThat(context.createProducerTemplate().requestBody("direct:own", "", String.class))
                .isEqualTo("handled");
    }

    @Test
    void aShardIsRefusedWithARemedyThatHelpsHere() {
        application.addOverrideProperty("agent.shard", "1/2");

        assertThatThrownBy(application::start)
                .rootCause()
                .hasMessage(
                        "AGENT_SHARD=1/2: only an agent with METRICS_DELIVERY=exactly-once can have a"
                                + " shard; else remove it");
    }

    private Set<String> values() {
        Set<String> values = new LinkedHashSet<>();
        received.forEach(
                it ->
                        values.add(
                                new String(
                                        it.getMessage().getBody(byte[].class),
                                        StandardCharsets.UTF_8)));
        return values;
    }

    /** The hours that the agent took for the last due ones: the test may run across one's end. */
    private List<Instant> hours() {
        Pattern timestamp = Pattern.compile("\"timestamp\":(\\d+)");
        return values().stream()
                .map(timestamp::matcher)
                .filter(Matcher::find)
                .map(it -> Instant.ofEpochMilli(Long.parseLong(it.group(1))))
                .distinct()
                .toList();
    }

    private Instant firstHour() {
        assertThat(hours()).isNotEmpty();
        Instant hour = hours().get(0);
        assertThat(hour).isBetween(Instant.now().minus(3, ChronoUnit.HOURS), Instant.now());
        return hour;
    }

    private List<String> expected(Instant hour) {
        List<ExpectedRecord> expected = new ArrayList<>();
        for (String cluster : List.of("lkc-aaa", "lkc-bbb")) {
            for (String metric : List.of(REQUEST_BYTES, RETAINED_BYTES)) {
                expected.addAll(ExpectedRecord.ofQuery(simulator, hour, cluster, metric));
            }
        }
        return expected.stream().map(ExpectedRecord::value).toList();
    }
}
