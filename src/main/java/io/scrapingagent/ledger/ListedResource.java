package io.scrapingagent.ledger;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What became of a resource that the Metrics API listed. The ledger has a note of each, so that the
 * last known list survives a restart.
 *
 * @param since when it was found, ISO-8601
 * @param until the start of its last wanted hour, ISO-8601; null while it is listed
 * @param retired whether it is scraped no longer: all its hours are closed, or it is refused
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record ListedResource(String since, String until, boolean retired) {

    private static final String KEY = "listed ";

    /** Returns a resource that is listed now. */
    public static ListedResource at(Instant now) {
        return new ListedResource(now.truncatedTo(ChronoUnit.SECONDS).toString(), null, false);
    }

    /** Returns the resource as no longer listed. Its last hour is the current one. */
    public ListedResource goneAt(Instant now) {
        return new ListedResource(since, now.truncatedTo(ChronoUnit.HOURS).toString(), false);
    }

    /** Returns the resource as retired. */
    public ListedResource asRetired() {
        return new ListedResource(since, until, true);
    }

    /** Tells whether it is listed, as far as is known. */
    public boolean isListed() {
        return until == null;
    }

    /** Returns the start of the last hour that is wanted of it; nothing while it is listed. */
    public Optional<Instant> lastHour() {
        return Optional.ofNullable(until).map(Instant::parse);
    }

    /** Returns what became of it, for people. */
    public String words() {
        return isListed()
                ? "listed since " + since
                : (retired ? "retired" : "no longer listed") + ", last hour " + until;
    }

    /**
     * Returns what the keys of notes begin with.
     *
     * @param agent the agent's name, if it has one
     * @param resource the type of the resources
     */
    public static String keys(Optional<String> agent, String resource) {
        return KEY + agent.map(it -> it + " ").orElse("") + resource + " ";
    }

    /** Tells whether a record of the ledger is a note of a resource. */
    static boolean isKey(String key) {
        return key.startsWith(KEY);
    }

    /** Reads a note; nothing where it is none of an agent's. */
    public static Optional<ListedResource> parse(String json) {
        try {
            Optional<ListedResource> note =
                    Ledger.parse(json, ListedResource.class).filter(it -> it.since != null);
            // both throw where a text is no time
            note.map(it -> Instant.parse(it.since));
            note.flatMap(ListedResource::lastHour);
            return note;
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Returns the note. */
    public String toJson() {
        return Ledger.toJson(this);
    }
}
