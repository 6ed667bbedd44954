package io.scrapingagent.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.scrape.ScrapeHistory.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PageViewTest {

    @Test
    void endsAReasonWithOneFullStop() {
        PageView page =
                new PageView(
                        null, null, List.of(), false, false, null, null, null, Instant.EPOCH, null);

        assertThat(page.reason(failure("No route"))).isEqualTo("No route. This needs you.");
        assertThat(page.reason(failure("No route."))).isEqualTo("No route. This needs you.");
    }

    private static Failure failure(String reason) {
        return new Failure("lkc-aaa", Optional.empty(), reason, Instant.EPOCH, false, false);
    }
}
