package io.scrapingagent.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.scrape.ScrapeHistory.Failure;
import io.scrapingagent.status.PageView.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PageViewTest {

    @Test
    void endsAReasonWithOneFullStop() {
        PageView page = page(List.of());

        assertThat(page.reason(failure("No route"))).isEqualTo("No route. This needs you.");
        assertThat(page.reason(failure("No route."))).isEqualTo("No route. This needs you.");
    }

    @Test
    void anErrorNamesItsListBeforeItsQueries() {
        List<Failure> failures = new ArrayList<>();
        failures.add(
                new Failure("list of kafka", Optional.empty(), "503", Instant.EPOCH, true, false));
        for (String cluster : List.of("a", "b", "c", "d", "e", "f")) {
            Series series = new Series(cluster, "bytes", "topic");
            failures.add(
                    new Failure(cluster, Optional.of(series), "503", Instant.EPOCH, true, false));
        }

        assertThat(page(failures).errors())
                .singleElement()
                .extracting(Problem::failed)
                .isEqualTo("list of kafka, f bytes, e bytes, d bytes, c bytes and 2 more");
    }

    private static PageView page(List<Failure> failures) {
        return new PageView(
                null, null, failures, false, false, null, null, null, Instant.EPOCH, null);
    }

    private static Failure failure(String reason) {
        return new Failure("lkc-aaa", Optional.empty(), reason, Instant.EPOCH, false, false);
    }
}
