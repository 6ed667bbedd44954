package io.scrapingagent.ledger;

import java.time.Instant;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The ledger's entries for the hours of one window.
 *
 * @param series whose hours they are
 * @param hours the entries by hour; an hour without records has one too
 */
public record WindowEntries(LedgerKey.Series series, NavigableMap<Instant, LedgerEntry> hours) {

    /** Copies the entries. */
    public WindowEntries {
        hours = new TreeMap<>(hours);
    }

    /** Returns how many records the entries speak of. */
    public int records() {
        return hours.values().stream().mapToInt(LedgerEntry::records).sum();
    }
}
