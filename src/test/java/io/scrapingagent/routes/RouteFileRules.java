package io.scrapingagent.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.scrapingagent.Agent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What holds for route files and Kamelets: Camel's YAML DSL schema and this project's conventions.
 * CamelKManifestsTest holds Kamelets against the definition of their custom resource.
 */
final class RouteFileRules {

    /** What one sees at once in an editor. */
    private static final int SCREEN = 70;

    /**
     * Files that have more to say: what to do after which failure; a branch for each answer of the
     * API; a Kamelet's contract.
     */
    private static final Map<String, Integer> LONGER =
            Map.of(
                    "scrape.camel.yaml",
                    SCREEN + SCREEN / 2,
                    "window.camel.yaml",
                    SCREEN + SCREEN / 2,
                    "page.camel.yaml",
                    2 * SCREEN,
                    "confluent-metrics-query.kamelet.yaml",
                    2 * SCREEN,
                    "confluent-metrics-query-source.kamelet.yaml",
                    3 * SCREEN);

    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4)
                    .getSchema(Agent.class.getResourceAsStream("/schema/camelYamlDsl.json"));

    private RouteFileRules() {}

    /** Returns a line for each rule that a route file breaks. */
    static List<String> ofRoutes(RouteFile file) {
        List<String> broken = new ArrayList<>(conventions(file));
        broken.addAll(schema(file.content()));
        for (JsonNode element : file.content()) {
            // without an id it would hold for all routes, until an editor gives it one
            JsonNode configuration = element.path("routeConfiguration");
            if (!configuration.isMissingNode()) {
                broken.addAll(named(configuration, "routeConfiguration"));
            }
            JsonNode route = element.path("route");
            if (!route.isMissingNode()) {
                broken.addAll(named(route, "route"));
                broken.addAll(named(route.path("from"), "from"));
            }
        }
        return broken;
    }

    /** Returns a line for each rule that a Kamelet breaks. */
    static List<String> ofKamelet(RouteFile file) {
        List<String> broken = new ArrayList<>(conventions(file));
        JsonNode kamelet = file.content();
        String type = kamelet.at("/metadata/labels").path("camel.apache.org/kamelet.type").asText();
        if (!Set.of("source", "action", "sink").contains(type)) {
            broken.add("label kamelet.type is not source, action or sink");
        }
        if (!kamelet.at("/metadata/annotations")
                .path("camel.apache.org/kamelet.icon")
                .asText()
                .startsWith("data:image/svg+xml;base64,")) {
            broken.add("annotation kamelet.icon is no picture");
        }
        JsonNode definition = kamelet.at("/spec/definition");
        broken.addAll(texts(definition, "definition", "title", "description"));
        definition
                .path("properties")
                .properties()
                .forEach(
                        property ->
                                broken.addAll(
                                        texts(
                                                property.getValue(),
                                                property.getKey(),
                                                "title",
                                                "description",
                                                "type")));
        JsonNode from = kamelet.at("/spec/template/from");
        broken.addAll(named(from, "from"));
        ObjectMapper json = new ObjectMapper();
        broken.addAll(
                schema(json.createArrayNode().add(json.createObjectNode().set("from", from))));
        return broken;
    }

    private static List<String> conventions(RouteFile file) {
        List<String> broken = new ArrayList<>();
        int most = LONGER.getOrDefault(file.name(), SCREEN);
        if (file.lines() > most) {
            broken.add("longer than " + most + " lines");
        }
        for (JsonNode uri : file.fields("uri")) {
            if (uri.asText().contains("?")) {
                broken.add("options in the URI " + uri.asText() + ": use parameters");
            }
        }
        file.steps().forEach(step -> broken.addAll(named(step, "step")));
        file.fields("when").forEach(w -> w.forEach(it -> broken.addAll(named(it, "when"))));
        return broken;
    }

    private static List<String> schema(JsonNode routes) {
        return SCHEMA.validate(routes).stream()
                // it knows no placeholders
                .filter(it -> !it.getInstanceNode().asText().matches("\\{\\{.+}}"))
                .map(it -> "schema: " + it.getMessage())
                .toList();
    }

    private static List<String> named(JsonNode node, String kind) {
        return texts(node, kind + " " + node.path("id").asText(), "id", "description");
    }

    private static List<String> texts(JsonNode node, String name, String... fields) {
        List<String> broken = new ArrayList<>();
        for (String field : fields) {
            if (node.path(field).asText().isBlank()) {
                broken.add(name.strip() + " has no " + field);
            }
        }
        return broken;
    }
}
