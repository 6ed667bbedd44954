package io.scrapingagent.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.simulator.MetricsApiSimulator;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An {@link Error}, and no exception, somewhere in the routes. */
@Timeout(40)
class ErrorTest {

    private final AtomicBoolean broken = new AtomicBoolean(true);

    @ParameterizedTest
    @CsvSource({
        "scrape, begin-scrape",
        "scrape, read-ledger",
        "scrape, scrape-hours",
        "scrape, end-scrape",
        "hours, split-hours",
        "hours, set-batch",
        "hours, split-failures",
        "queries, each-query",
        "close-window, fetch",
        "fetch-page, request",
        "records, record-key",
        "publish, first",
        "close-window, note-published",
    })
    void theNextScrapeRuns(String route, String step) throws Exception {
        try (ScrapeFixture fixture =
                new ScrapeFixture(
                        MetricsApiSimulator.of("lkc-aaa", 5, 5).cluster("lkc-bbb", 5, 5))) {
            AdviceWith.adviceWith(
                    fixture.agent().camelContext(),
                    route,
                    advice -> advice.weaveById(step).before().process(it -> fail()));
            scrapeAnyhow(fixture);
            broken.set(false);

            fixture.scrapeAll();
            fixture.assertPublished("lkc-aaa 0", "lkc-bbb 0");
        }
    }

    private void fail() {
        if (broken.get()) {
            throw new StackOverflowError("as the test wants it");
        }
    }

    private static void scrapeAnyhow(ScrapeFixture fixture) throws Exception {
        try {
            fixture.scrape();
        } catch (RuntimeException e) {
            assertThat(e).hasRootCauseInstanceOf(StackOverflowError.class);
        }
    }
}
