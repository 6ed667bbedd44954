package io.scrapingagent.ledger;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.scrapingagent.ledger.LedgerKey.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the ledger says of one query of one cluster. For a cluster of which it says nothing, {@code
 * metric} and {@code groupBy} are null.
 *
 * @param cluster the cluster
 * @param metric the metric's full name; or null
 * @param groupBy the label that its values are grouped by, or null
 * @param scraped whether the cluster is one of those that the agent scrapes
 * @param first the start of the first published hour, or null
 * @param last the start of the last published hour, or null
 * @param hours how many hours are published
 * @param records how many records they have
 * @param open the due hours that are not published but can be, oldest first
 * @param lost the hours that the Metrics API no longer has, oldest first
 */
public record SeriesStatus(
        String cluster,
        String metric,
        @JsonProperty("group_by") String groupBy,
        boolean scraped,
        @JsonSerialize(using = ToStringSerializer.class) Instant first,
        @JsonSerialize(using = ToStringSerializer.class) Instant last,
        int hours,
        long records,
        @JsonSerialize(contentUsing = ToStringSerializer.class) List<Instant> open,
        @JsonSerialize(contentUsing = ToStringSerializer.class) List<Instant> lost) {

    /** An hour that is open so long after it was due needs somebody's attention. */
    private static final Duration PATIENCE = Duration.ofHours(2);

    /** Returns the status of a cluster of which a ledger has nothing. */
    public static SeriesStatus nothing(String cluster) {
        return new SeriesStatus(cluster, null, null, true, null, null, 0, 0, List.of(), List.of());
    }

    /** Returns the status of a query by the hours that the ledger has of it and does not have. */
    static SeriesStatus of(
            Series series, boolean scraped, SortedMap<Instant, LedgerEntry> known, Gaps gaps) {
        TreeSet<Instant> published = new TreeSet<>();
        TreeSet<Instant> lost = new TreeSet<>(gaps.lost());
        known.forEach((hour, entry) -> (entry.lost() ? lost : published).add(hour));
        return new SeriesStatus(
                series.cluster(),
                series.metric(),
                series.groupBy(),
                scraped,
                published.isEmpty() ? null : published.first(),
                published.isEmpty() ? null : published.last(),
                published.size(),
                known.values().stream().mapToLong(LedgerEntry::records).sum(),
                gaps.open(),
                List.copyOf(lost));
    }

    /** Returns the query and its cluster; of a cluster alone there is none. */
    @JsonIgnore
    public Series series() {
        return new Series(cluster, metric, groupBy);
    }

    /** Tells whether this is a cluster alone, of which the ledger has no query. */
    public boolean hasNoQuery() {
        return metric == null;
    }

    /** Returns the first hour of which anything is known. */
    public Optional<Instant> begin() {
        return Stream.of(Stream.ofNullable(first), open.stream(), lost.stream())
                .flatMap(it -> it)
                .min(Instant::compareTo);
    }

    /** Tells whether an hour that the agent should fetch is open for more than 2 hours. */
    public boolean isLate(Instant lastDue) {
        return scraped && !open.isEmpty() && !open.get(0).isAfter(lastDue.minus(PATIENCE));
    }
}
