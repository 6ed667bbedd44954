package io.scrapingagent.ledger;

import io.scrapingagent.api.Query;
import io.scrapingagent.api.Window;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an entry of the ledger is about: one hour of one series. As a record's key it reads {@code
 * lkc-cl23j io.confluent.kafka.server/request_bytes by metric.principal_id 2025-09-02T01:00:00Z}.
 *
 * @param series the cluster and the query
 * @param hour the start of the hour
 */
public record LedgerKey(Series series, Instant hour) {

    /** Others can write keys to the topic; as keys are printed, control characters are refused. */
    private static final Pattern TEXT =
            Pattern.compile("(%1$s) (%1$s) by (%1$s) (%1$s)".formatted("[\\S&&[^\\p{C}]]+"));

    /**
     * A query of a cluster.
     *
     * @param cluster the id of the cluster, or of another resource: the code calls all of them
     *     clusters, for nearly all of them are
     * @param metric the metric's full name
     * @param groupBy the labels that its values are grouped by, comma-separated; without any, the
     *     label of the resource's id
     */
    public record Series(String cluster, String metric, String groupBy)
            implements Comparable<Series> {

        /** Returns the series of a query of a cluster. */
        public static Series of(String cluster, Query query) {
            return new Series(cluster, query.metric(), query.groupBy());
        }

        /** Returns the metric's name without its namespace, for people: {@code request_bytes}. */
        public String shortName() {
            return metric.substring(metric.lastIndexOf('/') + 1);
        }

        @Override
        public int compareTo(Series other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return cluster + " " + metric + " by " + groupBy;
        }
    }

    /** Returns the key of a window's hour for one of its clusters. */
    public static LedgerKey of(Window window, String cluster) {
        return new LedgerKey(Series.of(cluster, window.query()), window.hour());
    }

    /** Reads a record's key; nothing where it is not one of the ledger's. */
    static Optional<LedgerKey> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            Instant hour = Instant.parse(parts.group(4));
            if (!hour.equals(hour.truncatedTo(ChronoUnit.HOURS))) {
                return Optional.empty();
            }
            return Optional.of(
                    new LedgerKey(
                            new Series(parts.group(1), parts.group(2), parts.group(3)), hour));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return series + " " + hour;
    }
}
