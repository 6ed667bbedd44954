package io.scrapingagent.scrape;

import io.scrapingagent.api.ApiAnswer;
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
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
 * <p>The steps, in order: {@link #due}; for each list {@link #request} and {@link #answer}, then
 * {@link #listed} or {@link #failed}; {@link #notes}, which compares the lists with the ledger; and
 * {@link #noted}, once the ledger has the notes. At the scrape's end the last two follow again, for
 * what is retired. The routes call {@code failed}, {@code notes} and {@code noted} through {@link
 * ScrapeSteps}.
 */
public final class Discovery {

    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    /** The Metrics API does not want to be asked more often. */
    private static final Duration PAUSE = Duration.ofMinutes(5);

    private final Settings settings;
    private final Ledger ledger;
    private final Clock clock;

    /** The last list that came of each type of resource and environment, by its name. */
    private final Map<String, ListFetch> lists = new HashMap<>();

    /** The lists of this round that have not come. No resource of their types counts as gone. */
    private final List<ListFetch> awaited = new ArrayList<>();

    /** The ids that the Metrics API refused since the last notes. */
    private final Set<String> refused = new HashSet<>();

    private Instant lastAsked;
    private Instant lastListed;
    private Instant lastWritten;

    /** The resources that the ledger has a note of, retired ones included, by type and id. */
    private volatile Map<String, Map<String, ListedResource>> known;

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

    /**
     * Begins a round of lists, and returns those to ask for; none within five minutes of the last
     * round, unless a list of it failed.
     */
    public synchronized List<ListFetch> due() {
        // by now the ledger is read
        refresh();
        Instant now = clock.instant();
        if (lastAsked != null && !now.isBefore(lastAsked) && now.isBefore(lastAsked.plus(PAUSE))) {
            return List.of();
        }
        lastAsked = now;
        awaited.clear();
        for (String type : settings.resources().keySet()) {
            for (String environment : settings.resources().get(type).scopes()) {
                awaited.add(new ListFetch(settings.api().baseUrl(), type, environment));
            }
        }
        return List.copyOf(awaited);
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
        list.answer(new ApiAnswer(status, body, location, Optional.empty()));
    }

    /** Notes that a list has come. */
    public synchronized void listed(@ExchangeProperty("list") ListFetch list) {
        lists.put(list.name(), list);
        awaited.remove(list);
        if (awaited.isEmpty()) {
            lastListed = clock.instant();
        }
    }

    /**
     * Notes that a list could not be had. The next scrape asks again; until then what is known of
     * the resources holds.
     *
     * @return whether this list has come before: in this process; or before the start, if the
     *     ledger has a note of its type. The second is known only if the type has one list, because
     *     a note does not name its list
     */
    synchronized boolean failed(ListFetch list) {
        lastAsked = null;
        String type = list.resource();
        boolean isOnly = settings.resources().get(type).scopes().size() == 1;
        return lists.containsKey(list.name()) || isOnly && isKnown(type);
    }

    /** Tells whether the ledger has a note of any resource of a type, in whichever shard. */
    private boolean isKnown(String resource) {
        return !ledger.notes(keys(resource)).isEmpty();
    }

    /**
     * Takes a refusal of a resource by the Metrics API. A resource that is no longer listed is
     * retired by it, with the next notes.
     *
     * @return whether it is retired
     */
    synchronized boolean retireIfGone(String id) {
        boolean gone = find(id).filter(it -> !it.isListed()).isPresent();
        if (gone) {
            refused.add(id);
        }
        return gone;
    }

    /**
     * Returns the notes to write: of resources that are new, no longer listed or retired, and once
     * a week of all that are not retired.
     *
     * @param isClosed tells whether all wanted hours of a resource are in the ledger
     */
    synchronized Map<String, String> notes(Predicate<String> isClosed) {
        Instant now = clock.instant();
        boolean renew = isRenewalDue(now);
        Map<String, String> notes = new LinkedHashMap<>();
        for (String type : settings.resources().keySet()) {
            Map<String, ListedResource> before = known.get(type);
            next(type, now, isClosed)
                    .forEach(
                            (id, it) -> {
                                if (!it.equals(before.get(id)) || renew && !it.retired()) {
                                    notes.put(keys(type) + id, it.toJson());
                                }
                            });
        }
        return notes;
    }

    /**
     * Returns the notes of a type as they should be. A resource that is noted and not listed now is
     * marked as gone, if all lists have come. One that was marked before is retired once its hours
     * are closed or it is refused. One that is listed now gets a new note if it has none, or if its
     * note says that it is gone or retired.
     */
    private Map<String, ListedResource> next(String type, Instant now, Predicate<String> isClosed) {
        Set<String> listedNow = new HashSet<>();
        lists.values().stream()
                .filter(it -> it.resource().equals(type))
                .forEach(it -> listedNow.addAll(it.ids()));
        boolean allListsCame = awaited.stream().noneMatch(it -> it.resource().equals(type));
        Map<String, ListedResource> next = new TreeMap<>(known.get(type));
        next.replaceAll(
                (id, it) -> {
                    if (listedNow.contains(id) || it.retired()) {
                        return it;
                    } else if (it.isListed()) {
                        return allListsCame ? it.goneAt(now) : it;
                    }
                    return refused.contains(id) || isClosed.test(id) ? it.asRetired() : it;
                });
        listedNow.stream()
                .filter(settings.resources().get(type)::mayFind)
                .filter(id -> !next.containsKey(id) || !next.get(id).isListed())
                .forEach(id -> next.put(id, ListedResource.at(now)));
        return next;
    }

    /** Takes notes that the ledger has now: scrapes accordingly, and logs what has changed. */
    synchronized void noted(Map<String, String> notes) {
        ledger.putNotes(notes);
        refused.clear();
        Instant now = clock.instant();
        if (isRenewalDue(now)) {
            lastWritten = now;
        }
        Map<String, Map<String, ListedResource>> before = known;
        refresh();
        for (String type : settings.resources().keySet()) {
            Map<String, ListedResource> changed = new TreeMap<>(known.get(type));
            changed.entrySet().removeAll(before.get(type).entrySet());
            changed.keySet().stream()
                    .collect(Collectors.groupingBy(id -> news(changed.get(id))))
                    .forEach((news, ids) -> LOG.info(news, type, Scrape.names(ids)));
        }
    }

    private static String news(ListedResource changed) {
        if (changed.isListed()) {
            return "Found {}: {}";
        }
        return changed.retired()
                ? "Retired of {}: {}. It is no longer listed, and nothing more is to be had of it"
                : "No longer listed of {}: {}. Hours up to now are fetched, then it is retired";
    }

    private boolean isRenewalDue(Instant now) {
        return lastWritten == null || !now.isBefore(lastWritten.plus(LedgerTopic.RENEWAL));
    }

    /** Reads the notes of the ledger again. */
    private void refresh() {
        Map<String, Map<String, ListedResource>> now = new HashMap<>();
        settings.resources().keySet().forEach(type -> now.put(type, notesOf(type)));
        known = now;
    }

    private Map<String, ListedResource> notesOf(String type) {
        Map<String, ListedResource> notes = new TreeMap<>();
        for (Map.Entry<String, String> note : ledger.notes(keys(type)).entrySet()) {
            String id = note.getKey();
            if (id.matches(ResourceList.ID) && settings.resources().get(type).mayFind(id)) {
                ListedResource.parse(note.getValue()).ifPresent(it -> notes.put(id, it));
            }
        }
        return notes;
    }

    private String keys(String resource) {
        return ListedResource.keys(settings.name(), resource);
    }

    /** Returns the ids to scrape by the type of resource. */
    public Map<String, List<String>> resources() {
        Map<String, List<String>> resources = new LinkedHashMap<>();
        for (String type : settings.resources().keySet()) {
            Set<String> ids = new LinkedHashSet<>(settings.resources().get(type).ids());
            Map<String, ListedResource> its = known.get(type);
            its.keySet().stream().filter(id -> !its.get(id).retired()).forEach(ids::add);
            resources.put(type, List.copyOf(ids));
        }
        return resources;
    }

    /** Returns the ids to scrape, of all types. */
    public List<String> ids() {
        return resources().values().stream().flatMap(List::stream).toList();
    }

    /** Returns when all lists came last; nothing before the first time. */
    public synchronized Optional<Instant> lastListed() {
        return Optional.ofNullable(lastListed);
    }

    /** Returns how many resources of a type are listed. */
    public long count(String resource) {
        return known.get(resource).values().stream().filter(ListedResource::isListed).count();
    }

    /** Returns the types of resources whose lists are asked for. */
    public List<String> types() {
        return settings.resources().entrySet().stream()
                .filter(it -> it.getValue().isDiscovered())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Tells whether nothing is scraped because the ledger has no resource of any list. */
    public boolean isWithoutList() {
        return ids().isEmpty() && !types().isEmpty() && types().stream().noneMatch(this::isKnown);
    }

    /** Returns how many are listed, for people. */
    public String counts() {
        return types().stream()
                .map(type -> count(type) + " " + type)
                .collect(Collectors.joining(", "));
    }

    /** Returns the resources that were listed at some time and what became of them, by id. */
    public Map<String, ListedResource> listed() {
        Map<String, ListedResource> all = new HashMap<>();
        known.values().forEach(all::putAll);
        return all;
    }

    /** Returns the start of the last hour that is wanted of a resource, if it has an end. */
    public Optional<Instant> lastHour(String id) {
        return find(id).flatMap(ListedResource::lastHour);
    }

    private Optional<ListedResource> find(String id) {
        return known.values().stream().flatMap(it -> Stream.ofNullable(it.get(id))).findFirst();
    }
}
