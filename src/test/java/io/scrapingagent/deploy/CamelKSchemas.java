package io.scrapingagent.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The OpenAPI schemas of Camel K's custom resource definitions, closed, so that they refuse unknown
 * fields. They come from {@code camel-k-crds}.
 */
final class CamelKSchemas {

    private static final Map<String, String> PLURALS =
            Map.of("Integration", "integrations", "Pipe", "pipes", "Kamelet", "kamelets");

    private static final String SPEC = "/properties/spec/properties";
    private static final ObjectMapper JSON = new ObjectMapper();

    private CamelKSchemas() {}

    /** Returns what is wrong with a manifest: an unknown kind or field, or a value's type. */
    static List<String> problems(JsonNode manifest) throws IOException {
        String plural = PLURALS.get(manifest.path("kind").asText());
        if (plural == null || !"camel.apache.org/v1".equals(manifest.path("apiVersion").asText())) {
            return List.of("unknown kind: " + manifest.path("kind").asText());
        }
        JsonSchema schema =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                        .getSchema(closed(definition(plural)));
        return schema.validate(manifest).stream().map(ValidationMessage::getMessage).toList();
    }

    private static JsonNode definition(String plural) throws IOException {
        JsonNode schema = schema(plural);
        ObjectNode spec = (ObjectNode) schema.at(SPEC);
        if ("pipes".equals(plural)) {
            spec.set("traits", definition("integrations").at(SPEC).path("traits"));
        }
        JSON.readerForUpdating(spec).readValue(read("/crds-since-2.4.0.yaml").path(plural));
        return schema;
    }

    private static JsonNode schema(String plural) throws IOException {
        for (JsonNode version :
                read("/camel.apache.org_%s.yaml".formatted(plural)).at("/spec/versions")) {
            if ("v1".equals(version.path("name").asText())) {
                return version.at("/schema/openAPIV3Schema");
            }
        }
        throw new IOException("No version v1 of " + plural);
    }

    /** As the API server prunes: only what is named, where fields are named at all. */
    private static JsonNode closed(JsonNode schema) {
        schema.forEach(CamelKSchemas::closed);
        if (schema instanceof ObjectNode object
                && object.path("properties").isObject()
                && "object".equals(object.path("type").asText())
                && !object.has("additionalProperties")
                && !object.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            object.put("additionalProperties", false);
        }
        return schema;
    }

    private static JsonNode read(String resource) throws IOException {
        try (InputStream in = CamelKSchemas.class.getResourceAsStream(resource)) {
            return Manifest.yaml(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
