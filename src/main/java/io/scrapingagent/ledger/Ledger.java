package io.scrapingagent.ledger;

import io.scrapingagent.ledger.LedgerKey.Series;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which hours are published, as read from the ledger topic. Safe for use by several threads. */
public final class Ledger {

    private final SortedMap<Series, NavigableMap<Instant, LedgerEntry>> entries = new TreeMap<>();
    private String owner;

    /** Takes a record of the topic; what is not the ledger's is passed over. */
    synchronized void take(String key, String value) {
        if (key == null) {
            return;
        }
        if (key.equals(Ownership.KEY)) {
            owner = value;
            return;
        }
        Optional<LedgerKey> parsed = LedgerKey.parse(key);
        if (parsed.isEmpty()) {
            return;
        }
        NavigableMap<Instant, LedgerEntry> hours =
                entries.computeIfAbsent(parsed.get().series(), series -> new TreeMap<>());
        Optional<LedgerEntry> entry = value == null ? Optional.empty() : LedgerEntry.parse(value);
        if (entry.isPresent()) {
            hours.put(parsed.get().hour(), entry.get());
        } else if (value == null) {
            hours.remove(parsed.get().hour());
        }
    }

    /** Takes entries that this agent committed. */
    public synchronized void take(WindowEntries window) {
        entries.computeIfAbsent(window.series(), series -> new TreeMap<>()).putAll(window.hours());
    }

    /**
     * Forgets hours that the topic no longer keeps either, so that an agent that runs for a year
     * does not remember all of it.
     *
     * @param lastDue the start of the last hour that is due
     */
    public synchronized void forgetOld(Instant lastDue) {
        Instant oldest = lastDue.minus(LedgerTopic.RETENTION);
        entries.values().forEach(hours -> hours.headMap(oldest).clear());
    }

    /** Takes it that this agent committed to publish from now on. */
    public synchronized void own(Ownership ownership) {
        owner = ownership.toJson();
    }

    /** Returns the hours of a series that the ledger has, oldest first. */
    public synchronized NavigableMap<Instant, LedgerEntry> hours(Series series) {
        NavigableMap<Instant, LedgerEntry> hours = entries.get(series);
        return hours == null ? new TreeMap<>() : new TreeMap<>(hours);
    }

    /** Returns all that the ledger has, by series and hour. */
    public synchronized SortedMap<Series, NavigableMap<Instant, LedgerEntry>> all() {
        SortedMap<Series, NavigableMap<Instant, LedgerEntry>> copy = new TreeMap<>();
        for (Map.Entry<Series, NavigableMap<Instant, LedgerEntry>> series : entries.entrySet()) {
            if (!series.getValue().isEmpty()) {
                copy.put(series.getKey(), new TreeMap<>(series.getValue()));
            }
        }
        return copy;
    }

    /** Returns which agent publishes, as it said itself, or null. */
    public synchronized String owner() {
        return owner;
    }
}
