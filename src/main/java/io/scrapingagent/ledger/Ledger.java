package io.scrapingagent.ledger;

import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.LedgerSteps.WindowEntries;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;

/**
 * The published hours, as read from the ledger topic. Thread-safe.
 *
 * <p>Others may write to the topic. Records that no agent writes are ignored, and the memory is
 * bounded.
 */
public final class Ledger {

    /** The longest key or value that an agent writes is far shorter. */
    private static final int LONGEST = 1000;

    /** What an hour takes of the heap, roughly, and a series beside its hours. */
    private static final long HOUR_BYTES = 250;

    private static final long SERIES_BYTES = 2 * LONGEST;

    private final Predicate<String> clusters;
    private final long maxBytes;
    private final SortedMap<Series, NavigableMap<Instant, LedgerEntry>> entries = new TreeMap<>();
    private Instant oldest = Instant.MIN;
    private Instant latest = Instant.MAX;
    private long bytes;
    private final SortedMap<String, String> notes = new TreeMap<>();

    /** Creates a ledger that takes half of the heap at most. */
    public Ledger() {
        this(cluster -> true);
    }

    /**
     * Creates a ledger that takes half of the heap at most.
     *
     * @param clusters tells of which clusters it keeps the hours
     */
    public Ledger(Predicate<String> clusters) {
        this(clusters, Runtime.getRuntime().maxMemory() / 2);
    }

    Ledger(Predicate<String> clusters, long maxBytes) {
        this.clusters = clusters;
        this.maxBytes = maxBytes;
    }

    /**
     * Applies a record of the topic; ignores records that no agent writes.
     *
     * @throws KafkaException if the topic has more hours than fit into the heap
     */
    synchronized void apply(String key, String value) {
        if (key == null || key.length() > LONGEST || value != null && value.length() > LONGEST) {
            return;
        }
        if (Ownership.isKey(key) || ListedResource.isKey(key)) {
            note(key, value);
            requireRoom();
            return;
        }
        LedgerKey parsed = LedgerKey.parse(key).orElse(null);
        if (parsed == null
                || !clusters.test(parsed.series().cluster())
                || parsed.hour().isBefore(oldest)
                || parsed.hour().isAfter(latest)) {
            return;
        }
        if (value == null) {
            remove(parsed);
        } else {
            LedgerEntry.parse(value).ifPresent(entry -> put(parsed.series(), parsed.hour(), entry));
        }
        requireRoom();
    }

    private void requireRoom() {
        if (bytes > maxBytes) {
            throw new KafkaException(
                    "the ledger's topic has more hours than fit into half of the heap: give the"
                            + " agent more heap, or take away from METRICS_LEDGER_TOPIC what is not"
                            + " the agent's");
        }
    }

    /** Applies entries that this agent committed. */
    public synchronized void apply(WindowEntries window) {
        window.entries().forEach((key, entry) -> put(key.series(), key.hour(), entry));
    }

    /**
     * Drops hours beyond the topic's retention, in the past and in the future, and ignores such
     * hours from now on. Bounds the memory of an agent that runs for years.
     *
     * @param lastDue the start of the last hour that is due
     */
    public synchronized void forgetOld(Instant lastDue) {
        oldest = lastDue.minus(LedgerTopic.RETENTION);
        latest = lastDue.plus(LedgerTopic.RETENTION);
        for (NavigableMap<Instant, LedgerEntry> hours : entries.values()) {
            forget(hours.headMap(oldest));
            forget(hours.tailMap(latest, false));
        }
    }

    private void forget(SortedMap<Instant, LedgerEntry> hours) {
        bytes -= hours.size() * HOUR_BYTES;
        hours.clear();
    }

    private void put(Series series, Instant hour, LedgerEntry entry) {
        NavigableMap<Instant, LedgerEntry> hours = entries.get(series);
        if (hours == null) {
            hours = new TreeMap<>();
            entries.put(series, hours);
            bytes += SERIES_BYTES;
        }
        if (hours.put(hour, entry) == null) {
            bytes += HOUR_BYTES;
        }
    }

    private void remove(LedgerKey key) {
        NavigableMap<Instant, LedgerEntry> hours = entries.get(key.series());
        if (hours != null && hours.remove(key.hour()) != null) {
            bytes -= HOUR_BYTES;
        }
    }

    /** Returns an empty ledger with the same limits as this one. */
    synchronized Ledger emptied() {
        Ledger empty = new Ledger(clusters, maxBytes);
        empty.oldest = oldest;
        empty.latest = latest;
        notes.forEach(empty::note);
        return empty;
    }

    /** Takes all that another ledger has in place of what this one has. */
    synchronized void replaceBy(Ledger other) {
        entries.clear();
        entries.putAll(other.entries);
        notes.putAll(other.notes);
        bytes = other.bytes;
    }

    /** Forgets all hours; the notes stay known. */
    public synchronized void clear() {
        entries.clear();
        bytes = notes.size() * SERIES_BYTES;
    }

    /** Applies notes that this agent committed: records whose keys are of no hour. */
    public synchronized void note(Map<String, String> committed) {
        committed.forEach(this::note);
    }

    private void note(String key, String value) {
        if (!notes.containsKey(key)) {
            bytes += SERIES_BYTES;
        }
        notes.put(key, value);
    }

    /** Returns the notes whose keys begin with a text, by the rest of their keys. */
    public synchronized SortedMap<String, String> notes(String beginning) {
        SortedMap<String, String> found = new TreeMap<>();
        notes.tailMap(beginning).entrySet().stream()
                .takeWhile(it -> it.getKey().startsWith(beginning))
                .filter(it -> it.getValue() != null)
                .forEach(it -> found.put(it.getKey().substring(beginning.length()), it.getValue()));
        return found;
    }

    /** Returns the hours of a series that the ledger has, oldest first. */
    public NavigableMap<Instant, LedgerEntry> hours(Series series) {
        return read(series, TreeMap::new);
    }

    /**
     * Answers a question about the hours of a series, oldest first, without copying them.
     *
     * @param question is given the hours, and must not keep them
     */
    public synchronized <T> T read(
            Series series, Function<SortedMap<Instant, LedgerEntry>, T> question) {
        return question.apply(
                Collections.unmodifiableSortedMap(
                        entries.getOrDefault(series, Collections.emptyNavigableMap())));
    }

    /** Tells whether the ledger has an hour of a series, published or lost. */
    public synchronized boolean has(LedgerKey key) {
        return entries.getOrDefault(key.series(), Collections.emptyNavigableMap())
                .containsKey(key.hour());
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

    /** Returns a note, or null. */
    synchronized String note(String key) {
        return notes.get(key);
    }
}
