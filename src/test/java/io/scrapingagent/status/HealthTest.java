package io.scrapingagent.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.Agent;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.routes.LogLines;
import io.scrapingagent.routes.ScrapeFixture;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import io.scrapingagent.simulator.RequestMatcher;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Kubernetes' probes are told; a broker that is away is part of {@code RecoveryTest}. */
class HealthTest {

    private static final String LIVE = "/observe/health/live";
    private static final String READY = "/observe/health/ready";

    private final ScrapeFixture fixture =
            new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 3, 3).cluster("lkc-bbb", 3, 3))
                    .property("metrics.api.retries", "1")
                    .scheduled();

    @AfterEach
    void end() {
        // ends a request that hangs, so that the agent need not wait for it
        fixture.simulator().close();
        fixture.close();
    }

    @Test
    void answersWhileAScrapeIsUnderWay() throws Exception {
        fixture.simulator().answerAlways(RequestMatcher.any(), Misbehaviour.hang());
        fixture.property("metrics.api.response.timeout.ms", "15000").agent();
        ManagementClient management = fixture.management();
        await().until(() -> !fixture.simulator().requests().isEmpty());

        assertThat(management.status(LIVE)).isEqualTo(200);
        assertThat(management.status(READY)).isEqualTo(200);
        assertThat(management.body(READY)).isEqualTo("{\"status\":\"UP\"}");
        assertThat(management.metrics())
                .containsEntry("confluent_scraping_agent_requests_total{status=\"error\"}", 0.0);
    }

    /** The time is the test's: some minutes pass during one request. */
    @Test
    void isNotReadyWhenAScrapeHangsAndNotLiveWhenItGoesOnDoingSo() throws Exception {
        fixture.simulator().answerAlways(RequestMatcher.any(), Misbehaviour.hang());
        fixture.property("metrics.api.response.timeout.ms", "15000")
                .property("agent.ownership.check.ms", "100");
        try (LogLines log = new LogLines(AgentHealth.Progress.class.getName())) {
            fixture.agent();
            ManagementClient management = fixture.management();
            await().until(() -> !fixture.simulator().requests().isEmpty());
            assertThat(management.status(READY)).isEqualTo(200);

            fixture.pass(Duration.ofMinutes(18));

            assertThat(management.status(READY)).isEqualTo(503);
            assertThat(management.body(READY)).contains("DOWN");
            assertThat(management.status(LIVE)).isEqualTo(200);
            log.await("ERROR The scrape makes no progress since");

            fixture.pass(Duration.ofMinutes(18));

            assertThat(management.status(LIVE)).isEqualTo(503);
        }
    }

    @Test
    void isLiveAndReadyHoweverLongTheApiIsAway() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "1").agent();
        fixture.scrapeAll();
        fixture.simulator()
                .answerAlways(RequestMatcher.cluster("lkc-bbb"), Misbehaviour.unavailable(503));
        fixture.pass(Duration.ofHours(5));
        assertThat(fixture.scrape().getFailures()).hasSize(3);
        // also where nothing is left but what fails
        assertThat(fixture.scrape().getFailures()).hasSize(3);
        // the agent does nothing meanwhile
        fixture.pass(Duration.ofHours(2));
        ManagementClient management = fixture.management();

        assertThat(management.status(LIVE)).isEqualTo(200);
        assertThat(management.status(READY)).isEqualTo(200);
        assertThat(management.body(READY)).doesNotContain("lkc-");
    }

    /** It asks Kafka for nothing before its first record, an hour later perhaps. */
    @Test
    void isReadyAtOnceWithoutALedger() throws Exception {
        fixture.environment("METRICS_DELIVERY", "stateless").agent();

        assertThat(fixture.management().body(READY)).isEqualTo("{\"status\":\"UP\"}");
        assertThat(fixture.management().metrics())
                .containsEntry("confluent_scraping_agent_kafka_usable", 1.0);
        assertThat(fixture.simulator().requests()).isEmpty();
    }

    @Test
    void isAliveButNotReadyOnceAnotherAgentTookOver() throws Exception {
        fixture.agent();
        fixture.scrape();
        try (Agent other = new Agent(fixture.settings(), fixture.clock(), false, Map.of())) {
            other.start();
            other.scrape();
        }
        fixture.pass(1);
        fixture.simulator().forgetRequests();

        assertThat(fixture.scrapeFailingOnce()).contains("Another agent");

        assertThat(fixture.simulator().requests()).isEmpty();
        ManagementClient management = fixture.management();
        assertThat(management.status(LIVE)).isEqualTo(200);
        assertThat(management.status(READY)).isEqualTo(503);
        assertThat(management.body(READY)).contains("only-agent", "Another agent");
        assertThat(management.metrics())
                .containsEntry("confluent_scraping_agent_fenced", 1.0)
                .anySatisfy(
                        (series, value) -> {
                            assertThat(series).startsWith("confluent_scraping_agent_hours_behind{");
                            assertThat(value).isNaN();
                        });
    }

    @Test
    void isNotReadyWithoutARoute() throws Exception {
        Agent agent = fixture.agent();
        fixture.scrape();
        ManagementClient management = fixture.management();
        assertThat(management.status(READY)).isEqualTo(200);

        agent.camelContext().getRouteController().stopRoute("publish");

        assertThat(management.status(READY)).isEqualTo(503);
        assertThat(management.body(READY)).contains("route:publish");
        assertThat(management.status(LIVE)).isEqualTo(200);
    }

    @Test
    void tellsNoSecretAndNoAddress() throws Exception {
        fixture.agent();
        fixture.scrape();

        String all =
                fixture.management()
                        .body("/observe/health?exposureLevel=full&data=true&stackTrace=true");

        assertThat(all)
                .contains("only-agent")
                .doesNotContain(
                        MetricsApiSimulator.DEFAULT_KEY,
                        MetricsApiSimulator.DEFAULT_SECRET,
                        TestKafka.bootstrapServers(),
                        fixture.simulator().baseUri().getAuthority());
    }
}
