package io.scrapingagent.process;

import static io.scrapingagent.routes.ExpectedRecord.RECEIVED_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.routes.Recipe;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** {@code export-routes} and {@code run --dev}. */
class RoutesIT {

    private static final String CLUSTER = "lkc-aaa";
    private static final int REFUSED = 1;
    private static final int WRONG_SETTINGS = 2;
    private static final int TERMINATED = 143;

    @AutoClose
    private final ProcessFixture fixture =
            new ProcessFixture(MetricsApiSimulator.of(CLUSTER, 3, 4));

    @Test
    void exportedRoutesAreThePackagedOnesAndRunAsTheyDo() throws Exception {
        List<String> exported = fixture.run(0, "export-routes", "my routes").output();

        Path routes = fixture.directory().resolve("my routes");
        for (Path packaged : packaged()) {
            Path file = routes.resolve(packaged.getFileName());
            assertThat(file).hasSameTextualContentAs(packaged);
            assertThat(exported).contains("my routes/" + packaged.getFileName());
        }
        assertThat(exported).contains("To run them: AGENT_ROUTES_DIR=" + routes);
        AgentProcess once = fixture.environment("AGENT_ROUTES_DIR", "my routes").run(0, "once");
        fixture.assertPublished(once, CLUSTER);
    }

    /** Java 17 takes the locale's encoding, and cron has none that knows more than ASCII. */
    @Test
    void routesAreUtf8WhateverTheEncodingOfTheSystem() throws Exception {
        String tagged = Recipe.under("Add a constant tag to every record").text();
        Files.writeString(
                fixture.directory().resolve("queries.camel.yaml"),
                tagged.replace("team=finops", "team=Zürich"));
        List<String> command = AgentProcess.command("once");
        command.add(1, "-Dfile.encoding=ISO-8859-1");

        AgentProcess once = fixture.environment("AGENT_ROUTES_DIR", ".").run(command);

        assertThat(once.exitCode()).as("%s", once.output()).isZero();
        assertThat(fixture.consumed())
                .isNotEmpty()
                .allSatisfy(it -> assertThat(it.value()).contains("\"team\":\"Zürich\""));
    }

    @Test
    void exportOverwritesOnlyWhenItIsTold() throws Exception {
        Path mine = fixture.directory().resolve("records.camel.yaml");
        Files.writeString(mine, "mine");

        assertThat(fixture.run(REFUSED, "export-routes", ".").output())
                .containsExactly(
                        "./records.camel.yaml is there already",
                        "Nothing was written: --force overwrites these files");
        assertThat(mine).hasContent("mine");
        assertThat(fixture.directory().resolve("queries.camel.yaml")).doesNotExist();
        // a file where a directory is needed
        assertThat(fixture.run(REFUSED, "export-routes", "records.camel.yaml").output())
                .singleElement()
                .asString()
                .startsWith("Cannot be written: ");

        fixture.run(0, "export-routes", "--force", ".");
        assertThat(mine).content().contains("id: records");
    }

    @Test
    void devNeedsADirectory() throws Exception {
        assertThat(fixture.run(WRONG_SETTINGS, "run", "--dev").output())
                .singleElement()
                .asString()
                .startsWith("AGENT_ROUTES_DIR is not set: --dev needs a directory of routes");
        assertThat(fixture.simulator().requests()).isEmpty();
    }

    @Test
    void devReloadsWhatIsSavedAndScrapesWhatIsNewAtOnce() throws Exception {
        Path routes = Files.createDirectories(fixture.directory().resolve("routes"));
        // no further hour becomes due meanwhile
        fixture.settle();
        AgentProcess agent =
                fixture.environment("AGENT_ROUTES_DIR", routes.toString()).start("run", "--dev");
        agent.awaitLine("Routes are reloaded when a file in " + routes + " is saved");
        agent.awaitLine("3 queries ok, 0 failed");
        Path queries = routes.resolve("queries.camel.yaml");
        String withAnother = Recipe.under("Add a metric").text();
        Files.writeString(queries, withAnother.replace("- to:", "- too:"));
        assertThat(agent.awaitLine("Routes not reloaded"))
                .contains(" WARN ", "the previous routes still run: file:" + queries + ", line ");
        Files.writeString(queries, withAnother);

        agent.awaitLine("Routes reloaded: queries.camel.yaml");
        agent.awaitLine("4 queries ok, 0 failed");
        agent.terminate();
        assertThat(agent.exitCode()).isEqualTo(TERMINATED);
        assertThat(agent.stackTraces()).isEmpty();
        Instant hour = ProcessFixture.hour(agent);
        List<ExpectedRecord> truth =
                new ArrayList<>(ExpectedRecord.ofHour(fixture.simulator(), hour, CLUSTER));
        truth.addAll(ExpectedRecord.ofQuery(fixture.simulator(), hour, CLUSTER, RECEIVED_BYTES));
        fixture.assertConsumed(truth);
    }

    private static List<Path> packaged() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String name : List.of("routes", "kamelets")) {
            try (Stream<Path> found = Files.list(Path.of("src/main/resources", name))) {
                found.forEach(files::add);
            }
        }
        return files;
    }
}
