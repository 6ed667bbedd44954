package io.scrapingagent.routes;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;

import io.scrapingagent.simulator.MetricsApiSimulator;
import org.junit.jupiter.api.Test;

/** What the routes see of a setting that is given in several places. */
class PrecedenceTest {

    @Test
    void routesSeeWhatTheSettingsMadeOfAVariableAndNotTheVariable() throws Exception {
        System.setProperty("metrics.topic", "elsewhere");
        System.setProperty("confluent.metrics.host", "http://127.0.0.1:9/");
        try (ScrapeFixture fixture =
                new ScrapeFixture(
                        MetricsApiSimulator.builder().withoutRateLimit().cluster("lkc-aaa", 2, 2),
                        "lkc-aaa")) {
            fixture.scrape();

            fixture.assertConsumed(ExpectedRecord.ofHour(fixture.simulator(), HOUR, "lkc-aaa"));
        } finally {
            System.clearProperty("metrics.topic");
            System.clearProperty("confluent.metrics.host");
        }
    }
}
