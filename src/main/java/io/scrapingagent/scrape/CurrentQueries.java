package io.scrapingagent.scrape;

import io.scrapingagent.api.Query;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.scrape.RouteQueries.Step;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The series that are scraped. Before the first scrape ends, these are all queries of the routes
 * for all clusters. Afterwards they are those that the last scrape reached: a step around a query
 * may skip it for a cluster. Thread-safe.
 */
public final class CurrentQueries {

    private static final Logger LOG = LoggerFactory.getLogger(CurrentQueries.class);

    private volatile Map<String, List<String>> resources;
    private final Map<Series, List<String>> tags = new LinkedHashMap<>();
    private final Set<Series> twice = new HashSet<>();
    private List<Step> steps;
    private volatile Map<String, List<Series>> scraped;

    /**
     * Creates them.
     *
     * @param resources the ids of each type of resource, in the order in which they are scraped
     * @param queries the queries, before the first scrape begins
     */
    public CurrentQueries(Map<String, List<String>> resources, List<Query> queries) {
        this.resources = resources;
        set(queries.stream().map(query -> new Step(query, List.of())).toList());
    }

    /** Reads the queries of the routes again; called before each scrape. */
    public synchronized void refresh(CamelContext context) {
        List<Step> now = RouteQueries.steps(context);
        if (!now.equals(steps)) {
            set(now);
            now.stream()
                    .map(step -> step.query().resource())
                    .filter(resource -> !resources.containsKey(resource))
                    .distinct()
                    .forEach(
                            resource ->
                                    LOG.info(
                                            "The steps of the resource {} do nothing:"
                                                    + " CONFLUENT_METRICS_{}_ID_LIST is not set",
                                            resource,
                                            resource.toUpperCase(Locale.ROOT)));
        }
    }

    /** Replaces the ids. For ids that stay, queries that the last scrape skipped stay skipped. */
    synchronized void replaceIds(Map<String, List<String>> now) {
        if (now.equals(resources)) {
            return;
        }
        Map<String, List<Series>> before = scraped;
        resources = now;
        set(steps);
        Map<String, List<Series>> those = new LinkedHashMap<>(scraped);
        those.replaceAll((id, all) -> before.getOrDefault(id, all));
        scraped = those;
    }

    /** Replaces the series by those that a complete scrape reached. */
    synchronized void commit(Set<Series> reached) {
        Map<String, List<Series>> byCluster =
                reached.stream().collect(Collectors.groupingBy(Series::cluster));
        Map<String, List<Series>> those = new LinkedHashMap<>();
        clusters().forEach(it -> those.put(it, byCluster.getOrDefault(it, List.of())));
        scraped = those;
    }

    /** Returns the ids of all resources, in the order in which they are scraped. */
    public List<String> clusters() {
        return resources.values().stream().flatMap(List::stream).toList();
    }

    /** Groups ids by the type of their resource. */
    Map<String, List<String>> byResource(Collection<String> ids) {
        Set<String> wanted = Set.copyOf(ids);
        Map<String, List<String>> some = new LinkedHashMap<>();
        resources.forEach(
                (resource, all) ->
                        some.put(resource, all.stream().filter(wanted::contains).toList()));
        return some;
    }

    /** Returns the series of a cluster. */
    public List<Series> of(String cluster) {
        return scraped.getOrDefault(cluster, List.of());
    }

    /** Returns the series of all clusters. */
    public List<Series> all() {
        return scraped.values().stream().flatMap(Collection::stream).toList();
    }

    /** Tells whether a series is scraped. */
    public boolean has(Series series) {
        return of(series.cluster()).contains(series);
    }

    /**
     * Returns the tags of the first of several steps with the same series; null if only one has it.
     */
    synchronized List<String> tags(Series series) {
        return twice.contains(series) ? tags.get(series) : null;
    }

    private void set(List<Step> now) {
        steps = now;
        tags.clear();
        twice.clear();
        resources.forEach((resource, ids) -> ids.forEach(id -> noteQueries(resource, id)));
        commit(tags.keySet());
    }

    private void noteQueries(String resource, String id) {
        steps.stream()
                .filter(step -> step.query().resource().equals(resource) && step.isFor(id))
                .map(Step::query)
                .forEach(query -> note(Series.of(id, query), query.tags()));
    }

    private void note(Series series, List<String> ofStep) {
        if (tags.putIfAbsent(series, ofStep) != null) {
            twice.add(series);
        }
    }
}
