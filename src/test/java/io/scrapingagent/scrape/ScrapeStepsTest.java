package io.scrapingagent.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrapingagent.api.Query;
import io.scrapingagent.ledger.Coverage;
import io.scrapingagent.ledger.Coverage.Range;
import io.scrapingagent.ledger.Hours;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.scrape.Scrape.Backfill;
import io.scrapingagent.scrape.Scrape.FailedQuery;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class ScrapeStepsTest {

    private static final Instant HOUR = Instant.parse("2025-09-02T01:00:00Z");
    private static final Series SERIES = new Series("lkc-aaa", "request_bytes", "");

    private final Clock clock = Clock.systemUTC();
    private final Ledger ledger = new Ledger(cluster -> true);
    private final Hours hours = new Hours(clock, Duration.ofMinutes(5), Duration.ofDays(7));
    private final ScrapeHistory history = new ScrapeHistory(clock);
    private final ScrapeSteps steps =
            new ScrapeSteps(
                    new CurrentQueries(Map.of(), List.of()),
                    null,
                    null,
                    ledger,
                    new Coverage(ledger, hours, true, cluster -> Optional.empty()),
                    1,
                    clock,
                    List.of(history));

    /** Else it would stay so for ever: nobody ends it. */
    @Test
    void aScrapeThatCannotBeginIsNotUnderWay() {
        Backfill withoutHours = new Backfill(null, null, List.of(), null);

        assertThatThrownBy(() -> steps.begin(new DefaultCamelContext(), withoutHours))
                .isInstanceOf(NullPointerException.class);

        assertThat(history.view().running()).isFalse();
    }

    @Test
    void anIdInTheListsOfTwoTypesHasTheQueriesOfBoth() {
        CurrentQueries queries =
                new CurrentQueries(
                        Map.of("kafka", List.of("lcc-a"), "connector", List.of("lcc-a")),
                        List.of(
                                new Query("kafka", "request_bytes", "", ""),
                                new Query("connector", "sent_bytes", "", "")));

        assertThat(queries.of("lcc-a")).hasSize(2);
    }

    /** Windows are fetched at once: one may fail while another ends the scrape. */
    @Test
    void whatFailsWhileTheScrapeEndsEarlyIsToldByItsEnd() {
        Scrape scrape = new Scrape(new Range(HOUR, HOUR, HOUR), null);
        scrape.abort("3 windows in a row found the Metrics API unavailable");

        boolean told = scrape.failed(new FailedQuery(SERIES, HOUR, 1, "503", true));

        assertThat(told).isFalse();
        assertThat(scrape.getFailures()).hasSize(1);
    }
}
