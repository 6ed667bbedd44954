package io.scrapingagent.routes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A Mermaid flowchart of route files and Kamelets: a node for each, with its steps' descriptions,
 * and an arrow wherever one hands over to another one or to the world outside.
 */
final class RoutePicture {

    /** Where the data goes to, by component; these steps are drawn as nodes of their own. */
    private static final Set<String> OUTSIDE = Set.of("http", "kafka");

    private static final Set<String> INSIDE = Set.of("direct", "kamelet");

    /** Steps that only tell what happens. */
    private static final Set<String> NOT_SHOWN = Set.of("log");

    private final Map<String, String> nodeOfUri = new TreeMap<>();
    private final List<String> nodes = new ArrayList<>();
    private final Set<String> edges = new LinkedHashSet<>();

    private RoutePicture() {}

    /** Draws files. */
    static String of(List<RouteFile> routes, List<RouteFile> kamelets) {
        RoutePicture picture = new RoutePicture();
        Map<String, JsonNode> froms = new LinkedHashMap<>();
        for (RouteFile file : kamelets) {
            String name = file.content().at("/metadata/name").asText();
            picture.nodeOfUri.put("kamelet:" + name, name);
            froms.put(name, file.content().at("/spec/template/from"));
        }
        for (RouteFile file : routes) {
            for (JsonNode element : file.content()) {
                JsonNode route = element.path("route");
                if (!route.isMissingNode()) {
                    String id = route.path("id").asText();
                    picture.nodeOfUri.put(target(route.path("from")), id);
                    froms.put(id, route.path("from"));
                }
            }
        }
        froms.forEach(picture::draw);
        return "flowchart TD\n"
                + String.join("\n", picture.nodes)
                + "\n"
                + String.join("\n", picture.edges)
                + "\n";
    }

    private void draw(String name, JsonNode from) {
        List<String> steps = new ArrayList<>();
        describe(from.path("steps"), steps);
        String label = "<b>" + name + "</b>";
        if (!steps.isEmpty()) {
            label += "<br/>" + String.join("<br/>", steps);
        }
        nodes.add("    %s[\"%s\"]".formatted(node(name), label));
        String source = target(from);
        if (!INSIDE.contains(component(source))) {
            String begin = from.path("id").asText();
            nodes.add("    %s([\"%s\"])".formatted(node(begin), from.path("description").asText()));
            edge(begin, name);
        }
        link(name, from.path("steps"));
    }

    /** Collects the descriptions of steps, in their order; those that only hand over are arrows. */
    private static void describe(JsonNode steps, List<String> descriptions) {
        for (JsonNode step : steps) {
            String kind = step.fieldNames().next();
            JsonNode content = step.get(kind);
            String target = target(content);
            if (!NOT_SHOWN.contains(kind) && (target.isEmpty() || target.startsWith("kamelet:"))) {
                descriptions.add(content.path("description").asText());
            }
            describe(content.path("steps"), descriptions);
        }
    }

    private void link(String name, JsonNode node) {
        String target = target(node);
        if (nodeOfUri.containsKey(target)) {
            edge(name, nodeOfUri.get(target));
        } else if (OUTSIDE.contains(component(target))) {
            String outside = node.path("id").asText();
            nodes.add(
                    "    %s[(\"%s\")]".formatted(node(outside), node.path("description").asText()));
            edge(name, outside);
        }
        node.forEach(child -> link(name, child));
    }

    private void edge(String from, String to) {
        edges.add("    %s --> %s".formatted(node(from), node(to)));
    }

    /** Returns what a step or a consumer names, as one URI without options; empty for others. */
    private static String target(JsonNode step) {
        String uri = step.path("uri").asText(step.path("constant").asText());
        String name = step.path("parameters").path("name").asText();
        boolean isTarget = step.has("uri") || INSIDE.contains(component(uri));
        return isTarget ? uri + (name.isEmpty() ? "" : ":" + name) : "";
    }

    private static String component(String uri) {
        return uri.replaceAll(":.*", "");
    }

    /** A dash is part of Mermaid's arrows. */
    private static String node(String name) {
        return name.replace('-', '_');
    }
}
