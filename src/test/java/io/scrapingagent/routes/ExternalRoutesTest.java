package io.scrapingagent.routes;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Route files of one's own. */
class ExternalRoutesTest {

    private static final Path QUERIES = Path.of("src/main/resources/routes/queries.camel.yaml");

    private static final String FOURTH_QUERY =
            """
                    - to:
                        id: received-bytes
                        description: Received bytes
                        uri: kamelet:confluent-metrics-query
                        parameters:
                          metric: io.confluent.kafka.server/received_bytes
                          groupBy: metric.topic
                          tag: topic
            """;

    @TempDir private Path directory;

    @Test
    void aFourthQueryIsOneStepMore() throws Exception {
        Files.writeString(
                directory.resolve("queries.camel.yaml"), Files.readString(QUERIES) + FOURTH_QUERY);
        try (ScrapeFixture fixture =
                new ScrapeFixture(
                                MetricsApiSimulator.builder()
                                        .withoutRateLimit()
                                        .cluster("lkc-aaa", 3, 40),
                                "lkc-aaa")
                        .environment("AGENT_ROUTES_DIR", directory.toString())) {
            Scrape scrape = fixture.scrape();

            assertThat(scrape.getFailures()).isEmpty();
            assertThat(scrape.getCompletedQueries()).isEqualTo(4);
            List<ExpectedRecord> truth =
                    new ArrayList<>(ExpectedRecord.ofHour(fixture.simulator(), HOUR, "lkc-aaa"));
            List<ExpectedRecord> received =
                    ExpectedRecord.ofQuery(
                            fixture.simulator(), HOUR, "lkc-aaa", ExpectedRecord.RECEIVED_BYTES);
            assertThat(received).isNotEmpty();
            truth.addAll(received);
            fixture.assertConsumed(truth);
        }
    }
}
