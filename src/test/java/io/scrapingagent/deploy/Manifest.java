package io.scrapingagent.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
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

    static List<JsonNode> yamls(String text) {
        Iterable<Object> documents =
                new Load(LoadSettings.builder().build()).loadAllFromString(text);
        return StreamSupport.stream(documents.spliterator(), false)
                .map(JSON::<JsonNode>valueToTree)
                .toList();
    }

    /** Returns what kustomize makes of a directory under {@code deploy/}, if there is a kubectl. */
    static List<JsonNode> kustomized(String directory) throws IOException, InterruptedException {
        assumeThat(System.getenv("PATH").split(File.pathSeparator))
                .as("kubectl on the PATH")
                .anyMatch(it -> Files.isExecutable(Path.of(it, "kubectl")));
        Process process =
                new ProcessBuilder("kubectl", "kustomize", ROOT.resolve(directory).toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String manifests =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return yamls(manifests);
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
