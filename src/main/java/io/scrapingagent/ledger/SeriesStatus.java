package io.scrapingagent.ledger;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.scrapingagent.ledger.LedgerKey.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the ledger says of one query of one cluster, or that it says nothing of it or of a cluster.
 *
 * @param cluster the cluster
 * @param metric the metric's full name; null where the ledger has nothing of the cluster
 * @param groupBy the label that its values are grouped by; null as above
 * @param scraped whether the cluster is one of those that the agent scrapes
 * @param first the start of the first published hour, or null
 * @param last the start of the last published hour, or null
 * @param hours how many hours are published
 * @param records how many records they have
 * @param open the due hours that are not published but can be, oldest first
 * @param lost the hours that the Metrics API no longer has, oldest first
 */
@JsonPropertyOrder({
    "cluster",
    "metric",
    "group_by",
    "scraped",
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
        boolean scraped,
        @JsonSerialize(using = ToStringSerializer.class) Instant first,
        @JsonSerialize(using = ToStringSerializer.class) Instant last,
        int hours,
        long records,
        @JsonSerialize(contentUsing = ToStringSerializer.class) List<Instant> open,
        @JsonSerialize(contentUsing = ToStringSerializer.class) List<Instant> lost) {

    /** An hour that is open so long after it was due needs somebody's attention. */
    private static final Duration PATIENCE = Duration.ofHours(2);

    /**
     * Reads the status of each query that a ledger knows.
     *
     * @param all what is published
     * @param scraped tells which queries are scraped
     * @param lastDue the start of the last hour that is due
     * @param oldest the earliest moment whose hour can still be fetched
     */
    public static List<SeriesStatus> of(
            Map<Series, NavigableMap<Instant, LedgerEntry>> all,
            Predicate<Series> scraped,
            Instant lastDue,
            Instant oldest) {
        List<SeriesStatus> statuses = new ArrayList<>();
        all.forEach(
                (series, hours) -> {
                    boolean wanted = scraped.test(series);
                    // what was published last is the end of what was ever wanted
                    Instant end = wanted ? lastDue : hours.lastKey();
                    statuses.add(of(series, wanted, hours, end, oldest));
                });
        return statuses;
    }

    /** Returns the status of each cluster of which a ledger has nothing. */
    public static List<SeriesStatus> nothing(
            Collection<String> clusters, Map<Series, NavigableMap<Instant, LedgerEntry>> all) {
        Set<String> known = all.keySet().stream().map(Series::cluster).collect(Collectors.toSet());
        return clusters.stream()
                .filter(cluster -> !known.contains(cluster))
                .map(SeriesStatus::nothing)
                .toList();
    }

    /** Returns the status of a cluster of which a ledger has nothing. */
    public static SeriesStatus nothing(String cluster) {
        return nothing(cluster, null, null);
    }

    /** Returns the status of a query of which a ledger has nothing. */
    public static SeriesStatus nothing(Series series) {
        return nothing(series.cluster(), series.metric(), series.groupBy());
    }

    private static SeriesStatus nothing(String cluster, String metric, String groupBy) {
        return new SeriesStatus(
                cluster, metric, groupBy, true, null, null, 0, 0, List.of(), List.of());
    }

    private static SeriesStatus of(
            Series series,
            boolean scraped,
            NavigableMap<Instant, LedgerEntry> hours,
            Instant end,
            Instant oldest) {
        TreeSet<Instant> published = new TreeSet<>(hours.keySet());
        published.removeIf(hour -> hours.get(hour).lost());
        Gaps gaps = Gaps.between(hours.keySet(), hours.firstKey(), end, oldest);
        Set<Instant> lost = new TreeSet<>(hours.keySet());
        lost.removeAll(published);
        lost.addAll(gaps.lost());
        return new SeriesStatus(
                series.cluster(),
                series.metric(),
                series.groupBy(),
                scraped,
                published.isEmpty() ? null : published.first(),
                published.isEmpty() ? null : published.last(),
                published.size(),
                hours.values().stream().mapToLong(LedgerEntry::records).sum(),
                gaps.open(),
                List.copyOf(lost));
    }

    /** Returns the query and its cluster; of a cluster alone there is none. */
    @JsonIgnore
    public Series series() {
        return new Series(cluster, metric, groupBy);
    }

    /** Tells whether the ledger has nothing of the cluster. */
    public boolean knowsNothing() {
        return metric == null;
    }

    /** Tells whether an hour that the agent should fetch is open for more than 2 hours. */
    public boolean isLate(Instant lastDue) {
        return scraped && !open.isEmpty() && !open.get(0).isAfter(lastDue.minus(PATIENCE));
    }
}
