package io.scrapingagent.ledger;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ledger's entries that are published together.
 *
 * @param entries the entries by key; an hour without records has one too
 */
public record WindowEntries(Map<LedgerKey, LedgerEntry> entries) {

    /** Copies the entries. */
    public WindowEntries {
        entries = new LinkedHashMap<>(entries);
    }

    /** Returns how many records the entries speak of. */
    public int records() {
        return entries.values().stream().mapToInt(LedgerEntry::records).sum();
    }
}
