package io.scrapingagent.scrape;

import io.scrapingagent.api.Query;
import io.scrapingagent.api.RouteMistakeException;
import io.scrapingagent.ledger.LedgerKey.Series;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.KameletDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.util.StringHelper;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queries of the routes, which are the steps of the query Kamelet, and the series that are
 * scraped. Before the first scrape ends, these are all queries for all clusters. Afterwards they
 * are those that the last scrape reached: a step around a query may skip it for a cluster.
 * Thread-safe.
 */
public final class CurrentQueries {

    private static final Logger LOG = LoggerFactory.getLogger(CurrentQueries.class);

    private static final String KAMELET = "confluent-metrics-query";
    private static final Pattern QUERY = Pattern.compile("kamelet:(//)?" + KAMELET + "([/?].*)?");

    private volatile Map<String, List<String>> resources;
    private List<Step> steps;
    private volatile Map<String, List<Series>> scraped;

    /** A step: its query, and the clusters that it is for; all where there is none. */
    private record Step(Query query, List<String> clusters) {

        private boolean isFor(String cluster) {
            return clusters.isEmpty() || clusters.contains(cluster);
        }

        /** Tells whether two steps have a series in common, and other tags for its records. */
        private boolean contradicts(Step other) {
            return query.resource().equals(other.query.resource())
                    && query.metric().equals(other.query.metric())
                    && query.groupBy().equals(other.query.groupBy())
                    && !query.tags().equals(other.query.tags())
                    && (clusters.isEmpty()
                            || other.clusters.isEmpty()
                            || !Collections.disjoint(clusters, other.clusters));
        }
    }

    /**
     * Creates them.
     *
     * @param resources the ids of each type of resource, in the order in which they are scraped
     * @param queries the queries, before the first scrape begins
     */
    public CurrentQueries(Map<String, List<String>> resources, List<Query> queries) {
        this.resources = resources;
        this.steps = queries.stream().map(query -> new Step(query, List.of())).toList();
        this.scraped = allSeries();
    }

    /**
     * Returns the queries of the routes as they are loaded, in their order, each once.
     *
     * @throws RouteMistakeException if the parameters of a step cannot work
     */
    public static List<Query> ofRoutes(CamelContext context) {
        return steps(context).stream().map(Step::query).distinct().toList();
    }

    /**
     * Reads the queries of the routes again; called at the start and before each scrape.
     *
     * @throws RouteMistakeException if the parameters of a step cannot work
     */
    public synchronized void refresh(CamelContext context) {
        List<Step> now = steps(context);
        if (!now.equals(steps)) {
            steps = now;
            scraped = allSeries();
            sayWhichAreMissing();
        }
    }

    /** Says which types of resources have steps but no ids, or ids but no step. */
    private void sayWhichAreMissing() {
        Set<String> ofSteps = new LinkedHashSet<>();
        steps.forEach(step -> ofSteps.add(step.query().resource()));
        for (String type : ofSteps) {
            if (!resources.containsKey(type)) {
                LOG.info(
                        "The steps of the resource {} do nothing: CONFLUENT_METRICS_{}_ID_LIST is"
                                + " not set",
                        type,
                        type.toUpperCase(Locale.ROOT));
            }
        }
        for (String type : resources.keySet()) {
            if (!ofSteps.contains(type) && !type.equals(Query.KAFKA)) {
                LOG.warn(
                        "CONFLUENT_METRICS_{}_ID_LIST is set, but no step of the routes has the"
                                + " resource {}",
                        type.toUpperCase(Locale.ROOT),
                        type);
            }
        }
    }

    /** Replaces the ids. For ids that stay, queries that the last scrape skipped stay skipped. */
    synchronized void replaceIds(Map<String, List<String>> now) {
        if (now.equals(resources)) {
            return;
        }
        resources = now;
        Map<String, List<Series>> those = allSeries();
        those.replaceAll((id, all) -> scraped.getOrDefault(id, all));
        scraped = those;
    }

    /**
     * Replaces the series that are scraped. A cluster of which none is given has none from then on.
     */
    synchronized void setScraped(Set<Series> now) {
        Map<String, List<Series>> byCluster =
                now.stream().collect(Collectors.groupingBy(Series::cluster));
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

    /** Returns the series of each cluster that the steps ask for. */
    private Map<String, List<Series>> allSeries() {
        Map<String, List<Series>> all = new LinkedHashMap<>();
        resources.forEach(
                (resource, ids) ->
                        ids.forEach(
                                id ->
                                        // the lists of two types may name the same id
                                        all.computeIfAbsent(id, it -> new ArrayList<>())
                                                .addAll(series(resource, id))));
        return all;
    }

    private List<Series> series(String resource, String id) {
        return steps.stream()
                .filter(step -> step.query().resource().equals(resource) && step.isFor(id))
                .map(step -> Series.of(id, step.query()))
                .distinct()
                .toList();
    }

    /** Returns each step of the query Kamelet, in the order of the routes. */
    private static List<Step> steps(CamelContext context) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        List<Step> found = new ArrayList<>();
        for (RouteDefinition route : List.copyOf(model.getRouteDefinitions())) {
            for (ProcessorDefinition<?> definition : steps(route)) {
                String uri = uri(definition);
                if (QUERY.matcher(uri).matches() && !isDisabled(context, definition)) {
                    String resolved = resolved(context, uri);
                    // parameters of a route template are known only when a scrape reaches the step
                    if (!resolved.contains("{{")) {
                        found.add(step(context, definition, resolved, found));
                    }
                }
            }
        }
        return found;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Collection<ProcessorDefinition<?>> steps(RouteDefinition route) {
        return (Collection)
                ProcessorDefinitionHelper.filterTypeInOutputs(
                        route.getOutputs(), ProcessorDefinition.class);
    }

    private static String uri(ProcessorDefinition<?> step) {
        if (step instanceof ToDefinition to) {
            return to.getUri();
        }
        return step instanceof KameletDefinition kamelet ? "kamelet:" + kamelet.getName() : "";
    }

    /** Tells whether a step is disabled, or one around it. */
    private static boolean isDisabled(CamelContext context, ProcessorDefinition<?> step) {
        for (NamedNode node = step; node != null; node = node.getParent()) {
            if (node instanceof ProcessorDefinition<?> definition
                    && "true".equals(resolved(context, definition.getDisabled()))) {
                return true;
            }
        }
        return false;
    }

    /** Resolves placeholders. Those of a route's own parameters stay as they are. */
    private static String resolved(CamelContext context, String text) {
        if (text == null) {
            return "";
        }
        try {
            return context.resolvePropertyPlaceholders(text);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static Step step(
            CamelContext context,
            ProcessorDefinition<?> definition,
            String uri,
            List<Step> before) {
        try {
            Map<String, Object> given = URISupport.parseQuery(StringHelper.after(uri, "?", ""));
            requireDeclared(context, given.keySet());
            Query query =
                    new Query(
                            text(given, "resource", Query.KAFKA),
                            text(given, "metric", ""),
                            text(given, "groupBy", ""),
                            text(given, "tag", ""));
            query.requireTagForEachLabel();
            Step step = new Step(query, Query.list(text(given, "clusters", "")));
            if (before.stream().anyMatch(step::contradicts)) {
                throw new RouteMistakeException(
                        ("another step has the metric %s by %s as well, with another `tag`, and each"
                                        + " hour is published once: take one of the steps out")
                                .formatted(query.metric(), query.groupBy()));
            }
            return step;
        } catch (IllegalArgumentException e) {
            throw new RouteMistakeException(
                    "%s, line %d: %s"
                            .formatted(
                                    definition.getLocation(),
                                    definition.getLineNumber(),
                                    e.getMessage()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Camel ignores a parameter that the Kamelet does not declare, such as a misspelt one. */
    private static void requireDeclared(CamelContext context, Set<String> given) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        Set<String> declared = new TreeSet<>();
        model.getRouteTemplateDefinition(KAMELET)
                .getTemplateParameters()
                .forEach(it -> declared.add(it.getName()));
        Set<String> ofCamel =
                context.getCamelContextExtension().getEndpointUriFactory("kamelet").propertyNames();
        for (String name : given) {
            if (!declared.contains(name) && !ofCamel.contains(name)) {
                throw new RouteMistakeException(
                        "the Kamelet %s has no parameter %s, but %s"
                                .formatted(KAMELET, name, String.join(", ", declared)));
            }
        }
    }

    private static String text(Map<String, Object> given, String name, String otherwise) {
        return String.valueOf(given.getOrDefault(name, otherwise));
    }
}
