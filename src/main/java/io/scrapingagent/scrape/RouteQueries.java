package io.scrapingagent.scrape;

import io.scrapingagent.api.Query;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

/** The queries of the routes as they are loaded: each step of the query Kamelet. */
public final class RouteQueries {

    private static final Pattern QUERY =
            Pattern.compile("kamelet:(//)?confluent-metrics-query([/?].*)?");

    private RouteQueries() {}

    /** A step: its query, and the clusters that it is for; all where there is none. */
    record Step(Query query, List<String> clusters) {

        boolean isFor(String cluster) {
            return clusters.isEmpty() || clusters.contains(cluster);
        }
    }

    /** Returns the queries, in the order of the routes, each once. */
    public static List<Query> of(CamelContext context) {
        return steps(context).stream().map(Step::query).distinct().toList();
    }

    /** Returns the steps, in the order of the routes. */
    static List<Step> steps(CamelContext context) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        List<Step> found = new ArrayList<>();
        for (RouteDefinition route : List.copyOf(model.getRouteDefinitions())) {
            steps(route).stream()
                    .filter(step -> uri(step).anyMatch(QUERY.asMatchPredicate()))
                    .filter(step -> !isDisabled(context, step))
                    .flatMap(RouteQueries::uri)
                    .map(uri -> resolved(context, uri))
                    // what a template is given shows when a scrape reaches it
                    .filter(uri -> !uri.contains("{{"))
                    .map(RouteQueries::step)
                    .forEach(found::add);
        }
        return found;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Collection<ProcessorDefinition<?>> steps(RouteDefinition route) {
        return (Collection)
                ProcessorDefinitionHelper.filterTypeInOutputs(
                        route.getOutputs(), ProcessorDefinition.class);
    }

    private static Stream<String> uri(ProcessorDefinition<?> step) {
        if (step instanceof ToDefinition to) {
            return Stream.of(to.getUri());
        }
        return step instanceof KameletDefinition kamelet
                ? Stream.of("kamelet:" + kamelet.getName())
                : Stream.empty();
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

    private static Step step(String uri) {
        try {
            Map<String, Object> given = URISupport.parseQuery(StringHelper.after(uri, "?", ""));
            return new Step(
                    new Query(
                            text(given, "resource", Query.KAFKA),
                            text(given, "metric", ""),
                            text(given, "groupBy", ""),
                            text(given, "tag", "")),
                    Query.list(text(given, "clusters", "")));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(Map<String, Object> given, String name, String otherwise) {
        return String.valueOf(given.getOrDefault(name, otherwise));
    }
}
