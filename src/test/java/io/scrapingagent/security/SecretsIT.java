package io.scrapingagent.security;

import static io.scrapingagent.simulator.Misbehaviour.body;
import static io.scrapingagent.simulator.Misbehaviour.cutBody;
import static io.scrapingagent.simulator.Misbehaviour.redirect;
import static io.scrapingagent.simulator.Misbehaviour.status;
import static io.scrapingagent.simulator.Misbehaviour.unavailable;
import static io.scrapingagent.simulator.RequestMatcher.cluster;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.process.AgentProcess;
import io.scrapingagent.process.ProcessFixture;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the jar prints when everything is logged that can be: no secret. */
class SecretsIT {

    @AutoClose
    private static final EmbeddedKafka KAFKA =
            EmbeddedKafka.builder().saslPlaintext("the agent", SecretSearch.KAFKA_PASSWORD).start();

    @AutoClose
    private final ProcessFixture fixture =
            new ProcessFixture(
                            MetricsApiSimulator.builder()
                                    .credentials(SecretSearch.API_KEY, SecretSearch.API_SECRET)
                                    .cluster("lkc-good", 1100, 3)
                                    .cluster("lkc-401", 3, 3)
                                    .cluster("lkc-403", 3, 3)
                                    .cluster("lkc-503", 3, 3)
                                    .cluster("lkc-307", 3, 3)
                                    .cluster("lkc-cut", 3, 3)
                                    .cluster("lkc-html", 3, 3),
                            "lkc-good,lkc-401,lkc-403,lkc-503,lkc-307,lkc-cut,lkc-html")
                    .environment("GLOBAL_LOG_LEVEL", "DEBUG")
                    .environment("CONFLUENT_METRICS_API_KEY", SecretSearch.API_KEY)
                    .environment("CONFLUENT_METRICS_API_SECRET", SecretSearch.API_SECRET)
                    .environment("METRICS_API_RETRIES", "1")
                    .environment("METRICS_API_RETRY_DELAY_MS", "1")
                    .environment("KAFKA_BOOTSTRAP_SERVERS", KAFKA.saslBootstrapServers())
                    .environment("KAFKA_MAX_BLOCK_MS", "5000")
                    .environment("KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT")
                    .environment("KAFKA_SASL_MECHANISM", "PLAIN")
                    .environment("KAFKA_SASL_PLAIN_USERNAME", "the agent")
                    .environment("KAFKA_SASL_PLAIN_PASSWORD", SecretSearch.KAFKA_PASSWORD);

    @BeforeEach
    void misbehave() {
        misbehave("lkc-401", status(401));
        misbehave("lkc-403", status(403));
        misbehave("lkc-503", unavailable(503));
        misbehave("lkc-307", redirect(307, "https://elsewhere.example/"));
        misbehave("lkc-cut", cutBody());
        misbehave("lkc-html", body("<html>Please log in</html>"));
    }

    /** No more at once than leave the API as there. */
    @ParameterizedTest
    @CsvSource({
        "'lkc-good,lkc-403,lkc-503,lkc-307', '3 queries ok, 9 failed'",
        "'lkc-good,lkc-cut,lkc-html', '3 queries ok, 6 failed'",
        "lkc-401, answered 401"
    })
    void ofAScrapeWithEveryKindOfFailure(String clusters, String result) throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", clusters)
                .environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "1");

        assertNoSecrets(result);
    }

    @Test
    void ofAScrapeThatKafkaRefuses() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "lkc-good")
                .environment("KAFKA_SASL_MECHANISM", "SCRAM-SHA-512")
                .environment("KAFKA_SASL_PLAIN_USERNAME", "nobody")
                // else nothing is fetched before Kafka was reached
                .environment("METRICS_DELIVERY", "stateless");

        assertNoSecrets("Authentication failed");
    }

    private void misbehave(String cluster, Misbehaviour misbehaviour) {
        fixture.simulator().answerAlways(cluster(cluster), misbehaviour);
    }

    private void assertNoSecrets(String result) throws Exception {
        AgentProcess agent = fixture.run(1, "once");

        agent.awaitLine("INFO  scrape - Scrape finished: ");
        assertThat(agent.output()).anyMatch(line -> line.contains(result));
        // as much was logged as can be: the client's, Kafka's and Camel's lines are among it
        assertThat(agent.output())
                .anyMatch(line -> line.contains(" DEBUG InternalHttpClient "))
                .anyMatch(line -> line.contains("sasl.jaas.config = [hidden]"))
                .anyMatch(line -> line.contains(" DEBUG AbstractCamelContext "));
        assertThat(new SecretSearch().findings(agent.output())).isEmpty();
    }
}
