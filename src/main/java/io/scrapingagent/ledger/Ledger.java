package io.scrapingagent.ledger;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.ledger.LedgerKey.Series;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;

/**
 * The published hours, and the notes, as read from the ledger topic. A note is any other record of
 * an agent: its {@link Ownership}, or a {@link ListedResource}. Thread-safe.
 *
 * <p>Others may write to the topic. Records that no agent writes are ignored, and the memory is
 * bounded.
 */
public final class Ledger {

    /** The longest key or value that an agent writes is far shorter. */
    private static final int LONGEST = 1000;

    /** The heap that an hour takes, roughly. */
    private static final long HOUR_BYTES = 250;

    /** The heap that a note takes, or a series without its hours. */
    private static final long SERIES_BYTES = 2 * LONGEST;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Predicate<String> clusters;
    private final long maxBytes;
    private final SortedMap<Series, NavigableMap<Instant, Entry>> entries = new TreeMap<>();
    private Instant oldest = Instant.MIN;
    private Instant latest = Instant.MAX;
    private final SortedMap<String, String> notes = new TreeMap<>();

    /**
     * What the ledger says of an hour. As a record's value it is JSON.
     *
     * @param records how many records were published
     * @param publishedAt when, ISO-8601
     * @param lost true where the hour can no longer be fetched
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    @JsonPropertyOrder({"records", "published_at", "lost"})
    public record Entry(
            @JsonInclude(JsonInclude.Include.ALWAYS) int records,
            @JsonProperty("published_at") String publishedAt,
            boolean lost) {}

    /**
     * Creates a ledger that takes half of the heap at most.
     *
     * @param clusters tells which clusters' hours it keeps: those of the agent's shard
     */
    public Ledger(Predicate<String> clusters) {
        this(clusters, Runtime.getRuntime().maxMemory() / 2);
    }

    Ledger(Predicate<String> clusters, long maxBytes) {
        this.clusters = clusters;
        this.maxBytes = maxBytes;
    }

    /** Applies a record of the topic; ignores records that no agent writes. */
    synchronized void apply(String key, String value) {
        if (key == null || key.length() > LONGEST || value != null && value.length() > LONGEST) {
            return;
        }
        if (Ownership.isKey(key) || ListedResource.isKey(key)) {
            notes.put(key, value);
            return;
        }
        LedgerKey parsed = LedgerKey.parse(key).orElse(null);
        if (parsed == null
                || !clusters.test(parsed.series().cluster())
                || parsed.hour().isBefore(oldest)
                || parsed.hour().isAfter(latest)) {
            return;
        }
        if (value != null) {
            parse(value, Entry.class).ifPresent(entry -> put(parsed, entry));
        } else if (entries.containsKey(parsed.series())) {
            entries.get(parsed.series()).remove(parsed.hour());
        }
    }

    /**
     * Checks that the ledger does not outgrow the heap.
     *
     * @throws LedgerTooLargeException if the topic has more hours than fit
     */
    synchronized void requireRoom() {
        long hours = entries.values().stream().mapToLong(Map::size).sum();
        if (hours * HOUR_BYTES + (entries.size() + notes.size()) * SERIES_BYTES > maxBytes) {
            throw new LedgerTooLargeException();
        }
    }

    /** Applies entries that this agent committed. */
    public synchronized void apply(Map<LedgerKey, Entry> committed) {
        committed.forEach(this::put);
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
        for (NavigableMap<Instant, Entry> hours : entries.values()) {
            hours.headMap(oldest).clear();
            hours.tailMap(latest, false).clear();
        }
    }

    private void put(LedgerKey key, Entry entry) {
        entries.computeIfAbsent(key.series(), it -> new TreeMap<>()).put(key.hour(), entry);
    }

    /** Returns an empty ledger with the same limits as this one. */
    synchronized Ledger emptied() {
        Ledger empty = new Ledger(clusters, maxBytes);
        empty.oldest = oldest;
        empty.latest = latest;
        return empty;
    }

    /** Replaces the hours by those of another ledger, and adds its notes. */
    synchronized void replaceBy(Ledger other) {
        entries.clear();
        entries.putAll(other.entries);
        notes.putAll(other.notes);
    }

    /** Applies notes that this agent committed; null deletes one. */
    public synchronized void putNotes(Map<String, String> committed) {
        notes.putAll(committed);
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

    /**
     * Answers a question about the hours of a series, oldest first, without copying them.
     *
     * @param question is given the hours, and must not keep them
     */
    public synchronized <T> T read(Series series, Function<SortedMap<Instant, Entry>, T> question) {
        return question.apply(
                Collections.unmodifiableSortedMap(
                        entries.getOrDefault(series, Collections.emptyNavigableMap())));
    }

    /** Returns what the ledger has of an hour of a series, or null. */
    public Entry entry(LedgerKey key) {
        return read(key.series(), known -> known.get(key.hour()));
    }

    /** Returns all that the ledger has, by series and hour. */
    public synchronized SortedMap<Series, NavigableMap<Instant, Entry>> all() {
        SortedMap<Series, NavigableMap<Instant, Entry>> copy = new TreeMap<>();
        entries.forEach((series, hours) -> copy.put(series, new TreeMap<>(hours)));
        copy.values().removeIf(Map::isEmpty);
        return copy;
    }

    /** Returns a note, or null. */
    synchronized String note(String key) {
        return notes.get(key);
    }

    /** Reads the JSON of a record's value; nothing where no agent wrote it. */
    static <T> Optional<T> parse(String json, Class<T> type) {
        try {
            return Optional.ofNullable(JSON.readValue(json, type));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Returns a record's value. */
    static String toJson(Object value) {
        return JSON.valueToTree(value).toString();
    }

    /** The ledger's topic has more hours than fit into the heap; waiting does not help. */
    static final class LedgerTooLargeException extends KafkaException {

        LedgerTooLargeException() {
            super(
                    "the ledger's topic has more hours than fit into half of the heap: give the"
                            + " agent more heap, or take away from METRICS_LEDGER_TOPIC what is not"
                            + " the agent's");
        }
    }
}
