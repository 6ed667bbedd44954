package io.scrapingagent.routes;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import io.scrapingagent.simulator.RequestMatcher;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A failure stays inside its cluster and query. */
class IsolationTest {

    @Test
    void theOtherClustersArePublishedAndTheSummarySaysWhatIsMissingAndWhy() throws Exception {
        try (ScrapeFixture fixture =
                new ScrapeFixture(
                                MetricsApiSimulator.builder()
                                        .withoutRateLimit()
                                        .cluster("lkc-one", 5, 5)
                                        .cluster("lkc-two", 5, 5)
                                        .cluster("lkc-three", 5, 5)
                                        .cluster("lkc-four", 5, 5)
                                        .cluster("lkc-five", 5, 5),
                                "lkc-one,lkc-two,lkc-three,lkc-four,lkc-five")
                        .environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "1")
                        .property("metrics.api.retries", "1")) {
            fixture.simulator()
                    .answerAlways(
                            RequestMatcher.cluster("lkc-two"),
                            Misbehaviour.status(403, "not for you"))
                    .answerAlways(
                            RequestMatcher.cluster("lkc-four")
                                    .and(RequestMatcher.metric(ExpectedRecord.RETAINED_BYTES)),
                            Misbehaviour.hang());

            Scrape scrape = fixture.scrape();

            List<ExpectedRecord> published =
                    new ArrayList<>(
                            ExpectedRecord.ofHour(
                                    fixture.simulator(), HOUR, "lkc-one", "lkc-three", "lkc-five"));
            for (String metric :
                    List.of(ExpectedRecord.REQUEST_BYTES, ExpectedRecord.RESPONSE_BYTES)) {
                published.addAll(
                        ExpectedRecord.ofQuery(fixture.simulator(), HOUR, "lkc-four", metric));
            }
            fixture.assertConsumed(published);
            assertThat(scrape.getSummary()).contains("5 clusters, 11 queries ok, 4 failed");
            assertThat(scrape.getFailures())
                    .extracting(Scrape.FailedQuery::cluster)
                    .containsExactly("lkc-four", "lkc-two", "lkc-two", "lkc-two");
        }
    }
}
