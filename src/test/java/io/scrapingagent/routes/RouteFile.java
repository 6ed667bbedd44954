package io.scrapingagent.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A route or Kamelet file, as a tree.
 *
 * @param name the file's name
 * @param lines how many lines it has
 * @param content what it holds
 */
record RouteFile(String name, long lines, JsonNode content) {

    private static final Path RESOURCES = Path.of("src/main/resources");
    private static final Path CAMEL_K = Path.of("deploy/camel-k");
    private static final String KAMELET = ".kamelet.yaml";
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<RouteFile> routes() {
        return in(RESOURCES.resolve("routes"), ".camel.yaml");
    }

    static List<RouteFile> kamelets() {
        return in(RESOURCES.resolve("kamelets"), KAMELET);
    }

    /** Returns the Kamelets that are not the agent's own, but for Camel K. */
    static List<RouteFile> camelKKamelets() {
        return in(CAMEL_K, KAMELET);
    }

    static RouteFile of(String name, String text) {
        Object content = new Load(LoadSettings.builder().build()).loadFromString(text);
        return new RouteFile(name, text.lines().count(), JSON.valueToTree(content));
    }

    /** Returns all steps: what each is called with, whatever kind of step it is. */
    List<JsonNode> steps() {
        List<JsonNode> steps = new ArrayList<>();
        walk(content, node -> node.path("steps").forEach(step -> step.forEach(steps::add)));
        return steps;
    }

    /** Returns the value of each field of this name, wherever it is. */
    List<JsonNode> fields(String name) {
        List<JsonNode> fields = new ArrayList<>();
        walk(
                content,
                node -> {
                    if (node.has(name)) {
                        fields.add(node.get(name));
                    }
                });
        return fields;
    }

    @Override
    public String toString() {
        return name;
    }

    private static void walk(JsonNode node, Consumer<JsonNode> visitor) {
        visitor.accept(node);
        node.forEach(child -> walk(child, visitor));
    }

    private static List<RouteFile> in(Path directory, String ending) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(it -> it.toString().endsWith(ending))
                    .sorted()
                    .map(RouteFile::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RouteFile read(Path file) {
        try {
            return of(file.getFileName().toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
