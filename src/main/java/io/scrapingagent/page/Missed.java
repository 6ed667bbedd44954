package io.scrapingagent.page;

import io.scrapingagent.ledger.SeriesStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Without a ledger an hour has one chance: what was not published before the next is lost. */
final class Missed {

    private Missed() {}

    static SeriesStatus asLost(SeriesStatus status, Instant lastDue) {
        List<Instant> lost = new ArrayList<>(status.lost());
        status.open().stream().filter(hour -> hour.isBefore(lastDue)).forEach(lost::add);
        return new SeriesStatus(
                status.cluster(),
                status.metric(),
                status.groupBy(),
                status.scraped(),
                status.first(),
                status.last(),
                status.hours(),
                status.records(),
                status.open().stream().filter(lastDue::equals).toList(),
                List.copyOf(lost));
    }
}
