package io.scrapingagent.scrape;

import io.scrapingagent.api.ListFetch;
import io.scrapingagent.config.ResourceList;
import io.scrapingagent.config.Settings;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.LedgerTopic;
import io.scrapingagent.ledger.ListedResource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.component.http.HttpConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which resources are scraped: those that the settings name, and those that the Metrics API lists
 * for the API key. The ledger has a note of each that was listed. Thread-safe.
 *
 * <p>The routes call the steps in this order: {@link #due}; for each list {@link #listed} or {@link
 * #failed}; {@link #notes}, which compares the answers with the ledger; and {@link #noted}, once
 * the ledger has the notes. At the scrape's end the last two follow again, for what is retired.
 */
public final class Discovery {

    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    /** The Metrics API does not want to be asked more often. */
    private static final Duration PAUSE = Duration.ofMinutes(5);

    private final Settings settings;
    private final Ledger ledger;
    private final Clock clock;

    /** The ids that the last lists have, by the type of resource. */
    private final Map<String, Set<String>> answers = new HashMap<>();

    /** The types of which a list failed: nothing of them is known to be gone. */
    private final Set<String> unanswered = new HashSet<>();

    /** The names of the lists that came since the start. */
    private final Set<String> heard = new HashSet<>();

    /** The ids that the Metrics API refused since the last notes. */
    private final Set<String> refused = new HashSet<>();

    /** What the notes that are being written change, by the type of resource and id. */
    private Map<String, Map<String, ListedResource>> changes = Map.of();

    private Instant lastAsked;
    private Instant lastListed;
    private Instant lastWritten;
    private volatile Snapshot snapshot;

    /**
     * What is scraped.
     *
     * @param resources the ids by the type of resource
     * @param listed the resources that were listed at some time, retired ones included, by id
     */
    private record Snapshot(
            Map<String, List<String>> resources, Map<String, ListedResource> listed) {}

    /**
     * Creates it. Before the ledger is read, only what the settings name is known.
     *
     * @param ledger has the notes of what was listed before
     */
    public Discovery(Settings settings, Ledger ledger, Clock clock) {
        this.settings = settings;
        this.ledger = ledger;
        this.clock = clock;
        refresh();
    }

    /** Returns the lists to ask for now: none within five minutes of the last time. */
    public synchronized List<ListFetch> due() {
        // by now the ledger is read
        refresh();
        Instant now = clock.instant();
        if (lastAsked != null && !now.isBefore(lastAsked) && now.isBefore(lastAsked.plus(PAUSE))) {
            return List.of();
        }
        lastAsked = now;
        answers.clear();
        unanswered.clear();
        List<ListFetch> lists = new ArrayList<>();
        settings.resources()
                .forEach(
                        (resource, list) ->
                                list.scopes()
                                        .forEach(
                                                scope ->
                                                        lists.add(
                                                                new ListFetch(
                                                                        settings.api().host(),
                                                                        resource,
                                                                        scope))));
        return lists;
    }

    /** Replaces the message by the request for a list. */
    public void request(Exchange exchange, @ExchangeProperty("list") ListFetch list) {
        list.build(exchange.getMessage());
    }

    /** Takes the answer to the request for a list. */
    public void answer(
            @ExchangeProperty("list") ListFetch list,
            @Header(HttpConstants.HTTP_RESPONSE_CODE) int status,
            @Header("Location") String location,
            @Body byte[] body) {
        list.answer(status, location, body);
    }

    /** Notes that a list has come. */
    public synchronized void listed(@ExchangeProperty("list") ListFetch list) {
        answers.computeIfAbsent(list.resource(), it -> new TreeSet<>()).addAll(list.ids());
        heard.add(list.name());
        lastListed = clock.instant();
    }

    /**
     * Notes that a list could not be had: the one before holds, and the next scrape asks again.
     *
     * @return whether a resource of this type is known from a list before
     */
    synchronized boolean failed(ListFetch list) {
        lastAsked = null;
        unanswered.add(list.resource());
        return heard.contains(list.name()) || isKnown(list.resource());
    }

    /** Tells whether the ledger has a note of any resource of a type, in whichever shard. */
    private boolean isKnown(String resource) {
        return !ledger.notes(keys(resource)).isEmpty();
    }

    /**
     * Retires a resource that the Metrics API refused, with the next notes, if it is no longer
     * listed. Tells whether it does.
     */
    synchronized boolean isRetiredBy(String id) {
        ListedResource listed = snapshot.listed().get(id);
        if (listed == null || listed.isListed()) {
            return false;
        }
        refused.add(id);
        return true;
    }

    /**
     * Returns the notes to write: of resources that are new, no longer listed or retired, and once
     * a week of all that are not retired.
     *
     * @param isClosed tells whether all wanted hours of a resource are published
     */
    synchronized Map<String, String> notes(Predicate<String> isClosed) {
        Instant now = clock.instant();
        boolean all = allAreDue(now);
        changes = new LinkedHashMap<>();
        Map<String, String> notes = new LinkedHashMap<>();
        settings.resources()
                .forEach(
                        (resource, list) -> {
                            Map<String, ListedResource> changed =
                                    changed(resource, list, now, isClosed);
                            changes.put(resource, changed);
                            Map<String, ListedResource> toWrite = new TreeMap<>();
                            if (all) {
                                toWrite.putAll(known(resource, list));
                                toWrite.values().removeIf(ListedResource::retired);
                            }
                            toWrite.putAll(changed);
                            toWrite.forEach(
                                    (id, it) -> notes.put(keys(resource) + id, it.toJson()));
                        });
        return notes;
    }

    private Map<String, ListedResource> changed(
            String resource, ResourceList list, Instant now, Predicate<String> isClosed) {
        Set<String> ids = answers.getOrDefault(resource, Set.of());
        boolean complete = answers.containsKey(resource) && !unanswered.contains(resource);
        Map<String, ListedResource> known = known(resource, list);
        Map<String, ListedResource> changed = new TreeMap<>();
        ids.stream()
                .filter(list::mayFind)
                .filter(id -> !known.containsKey(id) || !known.get(id).isListed())
                .forEach(id -> changed.put(id, ListedResource.at(now)));
        known.forEach(
                (id, it) -> {
                    if (it.isListed() && complete && !ids.contains(id)) {
                        changed.put(id, it.goneAt(now));
                    } else if (!it.isListed()
                            && !it.retired()
                            && !ids.contains(id)
                            && (refused.contains(id) || isClosed.test(id))) {
                        changed.put(id, it.asRetired());
                    }
                });
        return changed;
    }

    /** Takes notes that the ledger has now: logs what they change, and scrapes accordingly. */
    synchronized void noted(Map<String, String> notes) {
        ledger.note(notes);
        changes.forEach(
                (resource, changed) -> {
                    say("Found {}: {}", resource, changed, ListedResource::isListed);
                    say(
                            "No longer listed of {}: {}. Hours up to now are fetched, then it is"
                                    + " retired",
                            resource,
                            changed,
                            it -> !it.isListed() && !it.retired());
                    say(
                            "Retired of {}: {}. It is no longer listed, and nothing more is to be had"
                                    + " of it",
                            resource,
                            changed,
                            ListedResource::retired);
                });
        changes = Map.of();
        refused.clear();
        Instant now = clock.instant();
        if (allAreDue(now)) {
            lastWritten = now;
        }
        refresh();
    }

    private boolean allAreDue(Instant now) {
        return lastWritten == null || !now.isBefore(lastWritten.plus(LedgerTopic.RENEWAL));
    }

    private static void say(
            String line,
            String resource,
            Map<String, ListedResource> changed,
            Predicate<ListedResource> which) {
        List<String> ids =
                changed.keySet().stream().filter(it -> which.test(changed.get(it))).toList();
        if (!ids.isEmpty()) {
            LOG.info(line, resource, Scrape.names(ids));
        }
    }

    private void refresh() {
        Map<String, List<String>> resources = new LinkedHashMap<>();
        Map<String, ListedResource> listed = new HashMap<>();
        settings.resources()
                .forEach(
                        (resource, list) -> {
                            Set<String> ids = new LinkedHashSet<>(list.ids());
                            known(resource, list)
                                    .forEach(
                                            (id, it) -> {
                                                listed.put(id, it);
                                                if (!it.retired()) {
                                                    ids.add(id);
                                                }
                                            });
                            resources.put(resource, List.copyOf(ids));
                        });
        snapshot = new Snapshot(resources, listed);
    }

    private Map<String, ListedResource> known(String resource, ResourceList list) {
        Map<String, ListedResource> known = new TreeMap<>();
        ledger.notes(keys(resource))
                .forEach(
                        (id, note) -> {
                            if (ListFetch.isId(id) && list.mayFind(id)) {
                                ListedResource.parse(note).ifPresent(it -> known.put(id, it));
                            }
                        });
        return known;
    }

    private String keys(String resource) {
        return ListedResource.keys(settings.name(), resource);
    }

    /** Returns the ids to scrape by the type of resource. */
    public Map<String, List<String>> resources() {
        return snapshot.resources();
    }

    /** Returns the ids to scrape, of all types. */
    public List<String> ids() {
        return snapshot.resources().values().stream().flatMap(List::stream).toList();
    }

    /** Returns when the last list came; nothing before the first. */
    public synchronized Optional<Instant> lastListed() {
        return Optional.ofNullable(lastListed);
    }

    /** Returns how many resources of a type are listed. */
    public long count(String resource) {
        Map<String, ListedResource> listed = snapshot.listed();
        return snapshot.resources().get(resource).stream()
                .filter(listed::containsKey)
                .filter(id -> listed.get(id).isListed())
                .count();
    }

    /** Returns the types of resources whose lists are asked for. */
    public List<String> types() {
        return settings.resources().entrySet().stream()
                .filter(it -> it.getValue().isDiscovered())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Tells whether lists are asked for, and none of them is known. */
    public boolean isWithoutList() {
        return !types().isEmpty() && types().stream().noneMatch(this::isKnown);
    }

    /** Returns how many are listed, for people. */
    public String counts() {
        return types().stream()
                .map(type -> count(type) + " " + type)
                .collect(Collectors.joining(", "));
    }

    /** Returns the resources that were listed at some time and what became of them, by id. */
    public Map<String, ListedResource> listed() {
        return snapshot.listed();
    }

    /** Returns the start of the last hour that is wanted of a resource, if it has an end. */
    public Optional<Instant> lastHour(String id) {
        return Optional.ofNullable(snapshot.listed().get(id)).flatMap(ListedResource::lastHour);
    }
}
