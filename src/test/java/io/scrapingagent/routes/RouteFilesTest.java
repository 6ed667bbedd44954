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
        assertThat(all()).flatExtracting(file -> file.fields("id")).doesNotHaveDuplicates();
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
        assertThat(all())
                .flatExtracting(file -> file.fields("uri"))
                .filteredOn(uri -> uri.asText().matches("kafka(:.*)?"))
                .hasSize(1);
    }

    /** Each row: the file, what is changed in it to what, and what is said of that. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "queries | description: Request bytes | x: y | has no description",
                "queries | id: queries | x: y | route has no id",
                "queries | kamelet:confluent-metrics-query | kamelet:q?metric=x | options in the URI",
                "queries | - to: | - too: | schema:",
                "retry | {{metrics.api.retries}} | soon | maximumRedeliveries",
                "kamelet | title: Group By | x: y | groupBy has no title",
                "kamelet | - setProperty: | - setProprety: | schema:",
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

    private static List<RouteFile> all() {
        List<RouteFile> all = new ArrayList<>(RouteFile.routes());
        all.addAll(RouteFile.kamelets());
        all.addAll(RouteFile.camelKKamelets());
        return all;
    }
}
