package io.scrapingagent.ledger;

import java.time.Instant;
import java.util.NavigableMap;

/**
 * How many hours a window may have, so that its records fit in memory however many groups there
 * are: as many as keep the records below a limit, going by the hours that the ledger has.
 *
 * @param mostHours the most hours, also where little is known or the hours are small
 * @param mostRecords how many records a window should have at most; one hour is always fetched
 *     whole
 */
public record WindowSize(int mostHours, int mostRecords) {

    /** Where nothing is known of a query yet. */
    private static final int FIRST_HOURS = 2;

    /** Returns the most hours of a window of a query. */
    int of(int mostRecordsPerHour) {
        return Math.max(1, Math.min(mostHours, mostRecords / Math.max(1, mostRecordsPerHour)));
    }

    /** Returns the most hours of a window of a query of which the ledger has these hours. */
    public int hours(NavigableMap<Instant, LedgerEntry> known) {
        return known.values().stream()
                .filter(entry -> !entry.lost())
                .mapToInt(LedgerEntry::records)
                .max()
                .stream()
                .map(this::of)
                .findAny()
                .orElse(Math.min(FIRST_HOURS, mostHours));
    }
}
