package io.scrapingagent.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.config.SettingsSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The packaged route files and Kamelets keep the rules; broken copies of them do not. */
class RouteFilesTest {

    static Stream<RouteFile> routes() {
        return RouteFile.routes().stream();
    }

    static Stream<RouteFile> kamelets() {
        return Stream.concat(RouteFile.kamelets().stream(), RouteFile.camelKKamelets().stream());
    }

    @ParameterizedTest
    @MethodSource("routes")
    void aRouteFileKeepsTheRules(RouteFile file) {
        assertThat(RouteFileRules.ofRoutes(file)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void aKameletKeepsTheRules(RouteFile file) {
        assertThat(RouteFileRules.ofKamelet(file)).isEmpty();
    }

    @Test
    void theAgentLoadsEachPackagedFile() {
        assertThat(SettingsSource.defaults().get("camel.main.routesIncludePattern").split(","))
                .extracting(location -> location.substring(location.lastIndexOf('/') + 1))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(RouteFile.kamelets().stream(), routes())
                                .map(RouteFile::name)
                                .toList());
    }

    @Test
    void idsAreUnique() {
        assertThat(RouteFileRules.doubledIds(all())).isEmpty();

        List<RouteFile> withCopy = all();
        withCopy.add(RouteFile.routes().get(0));
        assertThat(RouteFileRules.doubledIds(withCopy)).isNotEmpty();
    }

    /** A log step does not evaluate its message below its level. */
    @Test
    void noLogStepDoesMoreThanLog() {
        assertThat(all())
                .flatExtracting(file -> file.content().findValuesAsText("message"))
                .isNotEmpty()
                .noneMatch(message -> message.contains("{bean:"));
    }

    /** Two with the same transactional id would fence each other. */
    @Test
    void oneStepSendsToKafka() {
        assertThat(RouteFileRules.kafkaSteps(all())).isEqualTo(1);

        List<RouteFile> withAnother = all();
        withAnother.add(
                RouteFile.of("x", "- from: {uri: 'direct:x', steps: [{to: {uri: kafka}}]}"));
        withAnother.add(RouteFile.of("y", "- to: {uri: 'kafka:topic'}"));
        assertThat(RouteFileRules.kafkaSteps(withAnother)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "id: request-bytes                    | x: y                     | has no id",
                "description: Request bytes           | x: y                     | has no description",
                "id: queries                          | x: y                     | route has no id",
                "description: Queries                 | x: Queries               | no description",
                "id: batch                            | x: y                     | from has no id",
                "uri: kamelet:confluent-metrics-query | uri: kamelet:q?metric=x  | options in the URI",
                "- to:                                | - too:                   | schema: ",
                "parameters:                          | parametres:              | schema: ",
                "from:                                | form:                    | schema: ",
            })
    void aBrokenRouteFileBreaksTheRules(String part, String change, String said)
            throws IOException {
        assertThat(RouteFileRules.ofRoutes(changed("routes/queries.camel.yaml", part, change)))
                .anyMatch(broken -> broken.contains(said));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "name: confluent-metrics-query     | name: other                | metadata.name",
                "kamelet.type: action              | kamelet.type: thing        | kamelet.type is",
                "title: Confluent Metrics Query    | x: y                       | definition has no title",
                "description: >-                   | x: >-                      | has no description",
                "type: object                      | type: array                | definition.type",
                "title: Group By                   | x: y                       | groupBy has no title",
                "description: Only these clusters  | x: y                       | clusters has no desc",
                "type: string                      | x: string                  | metric has no type",
                "- metric                          | - metrics                  | required metrics",
                "uri: kamelet:source               | uri: direct:source         | template.from.uri",
                "id: query-batch                   | x: y                       | from has no id",
                "- setProperty:                    | - setProprety:             | schema: ",
                "id: find-windows                  | x: y                       | has no id",
            })
    void aBrokenKameletBreaksTheRules(String part, String change, String said) throws IOException {
        assertThat(
                        RouteFileRules.ofKamelet(
                                changed(
                                        "kamelets/confluent-metrics-query.kamelet.yaml",
                                        part,
                                        change)))
                .anyMatch(broken -> broken.contains(said));
    }

    @ParameterizedTest
    @CsvSource({
        "{{metrics.api.retries}}, soon",
        "{{metrics.api.retries}}, {{metrics.topic}}",
        "{{metrics.api.retries}}, {{no.such}}"
    })
    void aPlaceholderWithoutAFittingDefaultBreaksTheSchema(String part, String change)
            throws IOException {
        assertThat(RouteFileRules.ofRoutes(changed("routes/retry.camel.yaml", part, change)))
                .singleElement()
                .asString()
                .contains("schema: ", "maximumRedeliveries");
    }

    @ParameterizedTest
    @CsvSource({"routes/queries.camel.yaml, 70", "routes/page.camel.yaml, 140"})
    void aFileLongerThanAScreenBreaksTheRules(String path, int most) throws IOException {
        String text = Files.readString(Path.of("src/main/resources", path));
        String name = Path.of(path).getFileName().toString();

        assertThat(RouteFileRules.ofRoutes(RouteFile.of(name, text + "#\n".repeat(most))))
                .containsExactly("longer than " + most + " lines");
    }

    private static RouteFile changed(String path, String part, String change) throws IOException {
        Path file = Path.of("src/main/resources", path);
        String text = Files.readString(file);
        int at = text.indexOf(part);
        assertThat(at).as(part).isNotNegative();
        return RouteFile.of(
                file.getFileName().toString(),
                text.substring(0, at) + change + text.substring(at + part.length()));
    }

    private static List<RouteFile> all() {
        List<RouteFile> all = new ArrayList<>(RouteFile.routes());
        all.addAll(RouteFile.kamelets());
        all.addAll(RouteFile.camelKKamelets());
        return all;
    }
}
