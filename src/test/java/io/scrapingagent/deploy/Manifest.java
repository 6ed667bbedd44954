package io.scrapingagent.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A manifest under {@code deploy/}.
 *
 * @param path the file
 * @param content what it holds
 */
record Manifest(Path path, JsonNode content) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ROOT = Path.of("deploy");

    /** Returns the manifests in a directory under {@code deploy/}, kustomizations left out. */
    static List<Manifest> in(String directory) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(directory))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.endsWith("kustomization.yaml"))
                    .sorted()
                    .map(Manifest::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a manifest by its path under {@code deploy/}. */
    static Manifest of(String path) {
        return read(ROOT.resolve(path));
    }

    static JsonNode yaml(String text) {
        return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
    }

    static Manifest read(Path path) {
        try {
            return new Manifest(path, yaml(Files.readString(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String kind() {
        return content.path("kind").asText();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
