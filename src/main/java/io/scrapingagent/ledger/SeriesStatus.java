package io.scrapingagent.ledger;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the ledger says of one query of one cluster.
 *
 * @param cluster the cluster
 * @param metric the metric's full name
 * @param groupBy the label that its values are grouped by
 * @param first the start of the first published hour, ISO-8601, or null
 * @param last the start of the last published hour, ISO-8601, or null
 * @param hours how many hours are published
 * @param records how many records they have
 * @param open the due hours that are not published but can be, oldest first
 * @param lost the hours that the Metrics API no longer has, oldest first
 */
@JsonPropertyOrder({
    "cluster",
    "metric",
    "group_by",
    "first",
    "last",
    "hours",
    "records",
    "open",
    "lost"
})
public record SeriesStatus(
        String cluster,
        String metric,
        @JsonProperty("group_by") String groupBy,
        String first,
        String last,
        int hours,
        long records,
        List<String> open,
        List<String> lost) {

    /** An hour that is open so long after it was due needs somebody's attention. */
    private static final Duration PATIENCE = Duration.ofHours(2);

    /**
     * Reads the status of each query that the ledger knows.
     *
     * @param ledger what is published
     * @param lastDue the start of the last hour that is due
     * @param oldest the earliest moment of which the Metrics API still has data
     */
    public static List<SeriesStatus> of(Ledger ledger, Instant lastDue, Instant oldest) {
        List<SeriesStatus> statuses = new ArrayList<>();
        ledger.all().forEach((series, hours) -> statuses.add(of(series, hours, lastDue, oldest)));
        return statuses;
    }

    private static SeriesStatus of(
            LedgerKey.Series series,
            NavigableMap<Instant, LedgerEntry> hours,
            Instant lastDue,
            Instant oldest) {
        TreeSet<Instant> published = new TreeSet<>(hours.keySet());
        published.removeIf(hour -> hours.get(hour).lost());
        Gaps gaps = Gaps.between(hours.keySet(), hours.firstKey(), lastDue, oldest);
        Set<Instant> lost = new TreeSet<>(hours.keySet());
        lost.removeAll(published);
        lost.addAll(gaps.lost());
        return new SeriesStatus(
                series.cluster(),
                series.metric(),
                series.groupBy(),
                published.isEmpty() ? null : published.first().toString(),
                published.isEmpty() ? null : published.last().toString(),
                published.size(),
                hours.values().stream().mapToLong(LedgerEntry::records).sum(),
                gaps.open().stream().map(Instant::toString).toList(),
                lost.stream().map(Instant::toString).toList());
    }

    /** Tells whether an hour is open for more than 2 hours after it was due. */
    public boolean isLate(Instant lastDue) {
        return !open.isEmpty() && !Instant.parse(open.get(0)).isAfter(lastDue.minus(PATIENCE));
    }
}
