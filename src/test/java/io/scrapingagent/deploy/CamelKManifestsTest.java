package io.scrapingagent.deploy;

import static io.scrapingagent.routes.ExpectedRecord.RETAINED_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests of deploy/camel-k and the Kamelets fit Camel K's definitions. */
class CamelKManifestsTest {

    private static final Path KAMELETS = Path.of("src/main/resources/kamelets");

    static Stream<Manifest> manifests() throws IOException {
        List<Path> kamelets;
        try (Stream<Path> files = Files.list(KAMELETS)) {
            kamelets = files.sorted().toList();
        }
        return Stream.concat(
                Manifest.in("camel-k").stream().filter(it -> !it.kind().equals("PodMonitor")),
                kamelets.stream().map(Manifest::read));
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void fitsItsDefinition(Manifest manifest) throws IOException {
        assertThat(CamelKSchemas.problems(manifest.content())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "integration.yaml, /spec, replicas, one, integer expected",
        "integration.yaml, /spec/traits/container, limitcpu, x, 'limitcpu' is not defined",
        "pipe.yaml, /spec/source/ref, names, x, 'names' is not defined",
    })
    void doesNotFitWithAMistake(
            String file, String place, String field, String value, String problem)
            throws IOException {
        ObjectNode broken = Manifest.of("camel-k/" + file).content().deepCopy();
        ((ObjectNode) broken.at(place)).put(field, value);

        assertThat(CamelKSchemas.problems(broken)).singleElement().asString().contains(problem);
    }

    @Test
    void thePipeUsesItsKameletWithItsParameters() throws IOException {
        JsonNode pipe = Manifest.of("camel-k/pipe.yaml").content();
        JsonNode source = pipe.at("/spec/source");
        JsonNode kamelet =
                Manifest.of("camel-k/" + source.at("/ref/name").asText() + ".kamelet.yaml")
                        .content();
        JsonNode definition = kamelet.at("/spec/definition");

        JsonNode given = source.path("properties");
        assertThat(given.fieldNames()).toIterable().allMatch(definition.path("properties")::has);
        assertThat(definition.path("required")).map(JsonNode::asText).allMatch(given::has);
        assertThat(pipe.at("/spec/dependencies"))
                .map(JsonNode::asText)
                .containsExactly("mvn:" + artifact());
        assertThat(kamelet.at("/spec/dependencies"))
                .map(JsonNode::asText)
                .contains("mvn:" + artifact());
        assertThat(source.at("/properties/metric").asText()).isEqualTo(RETAINED_BYTES);
    }

    /** Returns this project as the POM names it. */
    private static String artifact() throws IOException {
        Matcher artifact =
                Pattern.compile(
                                "<groupId>(.+?)</groupId>\\s*<artifactId>(.+?)</artifactId>"
                                        + "\\s*<version>(.+?)</version>")
                        .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(artifact.find()).isTrue();
        return artifact.group(1) + ":" + artifact.group(2) + ":" + artifact.group(3);
    }
}
