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

    private static final Path RESOURCES = Path.of("src/main/resources");

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

    /** Each row: the file, what is changed in it to what, and what is said of that. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "queries | id: request-bytes | x: y | has no id",
                "queries | description: Request bytes | x: y | has no description",
                "queries | id: queries | x: y | route has no id",
                "queries | description: Queries | x: Queries | no description",
                "queries | id: batch | x: y | from has no id",
                "queries | kamelet:confluent-metrics-query | kamelet:q?metric=x | options in the URI",
                "queries | - to: | - too: | schema:",
                "queries | parameters: | parametres: | schema:",
                "queries | from: | form: | schema:",
                "retry | {{metrics.api.retries}} | soon | maximumRedeliveries",
                "retry | {{metrics.api.retries}} | {{metrics.topic}} | maximumRedeliveries",
                "retry | {{metrics.api.retries}} | {{no.such}} | maximumRedeliveries",
                "kamelet | name: confluent-metrics-query | name: other | metadata.name",
                "kamelet | kamelet.type: action | kamelet.type: thing | kamelet.type is",
                "kamelet | title: Confluent Metrics Query | x: y | definition has no title",
                "kamelet | description: >- | x: >- | has no description",
                "kamelet | type: object | type: array | definition.type",
                "kamelet | title: Group By | x: y | groupBy has no title",
                "kamelet | description: Only these clusters | x: y | clusters has no desc",
                "kamelet | type: string | x: string | metric has no type",
                "kamelet | - metric | - metrics | required metrics",
                "kamelet | uri: kamelet:source | uri: direct:source | template.from.uri",
                "kamelet | id: query-batch | x: y | from has no id",
                "kamelet | - setProperty: | - setProprety: | schema:",
                "kamelet | id: find-windows | x: y | has no id",
            })
    void aBrokenFileBreaksTheRules(String file, String part, String change, String said)
            throws IOException {
        boolean kamelet = file.equals("kamelet");
        Path path =
                kamelet
                        ? Path.of("kamelets/confluent-metrics-query.kamelet.yaml")
                        : Path.of("routes", file + ".camel.yaml");
        String text = Files.readString(RESOURCES.resolve(path));
        int at = text.indexOf(part);
        assertThat(at).as(part).isNotNegative();
        RouteFile changed =
                RouteFile.of(
                        path.getFileName().toString(),
                        text.substring(0, at) + change + text.substring(at + part.length()));

        assertThat(kamelet ? RouteFileRules.ofKamelet(changed) : RouteFileRules.ofRoutes(changed))
                .anyMatch(broken -> broken.contains(said));
    }

    @ParameterizedTest
    @CsvSource({"routes/queries.camel.yaml, 70", "routes/page.camel.yaml, 140"})
    void aFileLongerThanAScreenBreaksTheRules(String path, int most) throws IOException {
        String text = Files.readString(RESOURCES.resolve(path));
        String name = Path.of(path).getFileName().toString();

        assertThat(RouteFileRules.ofRoutes(RouteFile.of(name, text + "#\n".repeat(most))))
                .containsExactly("longer than " + most + " lines");
    }

    private static List<RouteFile> all() {
        List<RouteFile> all = new ArrayList<>(RouteFile.routes());
        all.addAll(RouteFile.kamelets());
        all.addAll(RouteFile.camelKKamelets());
        return all;
    }
}
