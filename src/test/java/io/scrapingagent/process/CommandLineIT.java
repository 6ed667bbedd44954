package io.scrapingagent.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.simulator.MetricsApiSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments, settings and route files that are wrong, and the commands that only print. */
class CommandLineIT {

    private static final int WRONG_SETTINGS = 2;
    private static final int CANNOT_START = 1;

    @AutoClose
    private final ProcessFixture fixture =
            new ProcessFixture(MetricsApiSimulator.of("lkc-aaa", 3, 3));

    @Test
    void namesEveryWrongSettingInALineOfItsOwnAndNoSecret() throws Exception {
        AgentProcess agent =
                fixture.environment("CONFLUENT_METRICS_HOST", "ftp://user:hidden-1@example.org")
                        .environment("CONFLUENT_METRICS_API_KEY", "hidden-2")
                        .environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", " , ")
                        .environment("MINUTE_TO_SCRAPE_AT", "4")
                        .environment("GLOBAL_LOG_LEVEL", "LOUD")
                        .environment("LOG_FORMAT", "xml")
                        .environment("METRICS_TOPIC", "a topic")
                        .environment("AGENT_ROUTES_DIR", "missing")
                        .environment("KAFKA_SASL_PASSWORD", "hidden-3")
                        .environment("KAFKA_LINGER_MS", "soon")
                        .run(WRONG_SETTINGS, "once");

        for (String variable :
                List.of(
                        "CONFLUENT_METRICS_HOST=***",
                        "CONFLUENT_METRICS_CLUSTER_ID_LIST=",
                        "MINUTE_TO_SCRAPE_AT=4",
                        "GLOBAL_LOG_LEVEL=LOUD",
                        "LOG_FORMAT=xml",
                        "METRICS_TOPIC=a topic",
                        "AGENT_ROUTES_DIR=",
                        "KAFKA_LINGER_MS=soon")) {
            assertThat(agent.output())
                    .filteredOn(line -> line.startsWith(variable))
                    .as(variable)
                    .singleElement()
                    .asString()
                    .contains(": allowed is ");
        }
        assertThat(agent.output()).noneMatch(line -> line.contains("hidden"));
        assertNothingBegun(agent);
    }

    @Test
    void refusesAnArgumentThatItDoesNotKnow() throws Exception {
        AgentProcess agent = fixture.run(WRONG_SETTINGS, "twice");

        assertThat(agent.output().get(0)).contains("twice");
        assertThat(agent.output()).anyMatch(line -> line.matches("(Usage: |Did you mean: ).*"));
        assertNothingBegun(agent);
    }

    @Test
    void helps() throws Exception {
        AgentProcess agent = fixture.run(0, "--help");

        assertThat(String.join("\n", agent.output()))
                .contains("Usage: confluent-scraping-agent", "once", "--version", "Exit codes:")
                .contains("CONFLUENT_METRICS_API_KEY");
        assertNothingBegun(agent);
    }

    @Test
    void printsTheVersionOfItsManifest() throws Exception {
        String version;
        try (JarFile jar = new JarFile(AgentProcess.jar().toFile())) {
            version =
                    jar.getManifest()
                            .getMainAttributes()
                            .getValue(Attributes.Name.IMPLEMENTATION_VERSION);
        }

        List<String> printed = fixture.run(0, "--version").output();

        assertThat(version).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(printed).hasSize(2).first().isEqualTo("confluent-scraping-agent " + version);
        assertThat(printed.get(1)).startsWith("Java ").contains("mixed mode");
    }

    @Test
    void saysInWhichLineARouteFileIsBroken() throws Exception {
        Path file =
                routeFile(
                        "my, routes",
                        """
                        - route:
                            id: extra
                            from:
                              uri: direct:extra
                              steps:
                                - bean:
                                    ref: nosuch
                        """);

        AgentProcess agent =
                fixture.environment("AGENT_ROUTES_DIR", file.getParent().toString())
                        .run(CANNOT_START, "once");

        assertThat(agent.output())
                .singleElement()
                .asString()
                .contains(" ERROR ", "The agent cannot start: file:" + file)
                .containsPattern("extra.camel.yaml, line [67]: ");
        assertNothingBegun(agent);
    }

    /** Which Camel's own variable adds. */
    @Test
    void bothStepsThatLogPrintTheirLine() throws Exception {
        Path file =
                routeFile(
                        "my routes",
                        """
                        - from:
                            uri: timer
                            parameters: {timerName: hello, repeatCount: 1, delay: 0}
                            steps:
                              - log: {message: Said by the step Logger}
                              - setBody: {constant: Said by the tile Log Data}
                              - to:
                                  uri: log
                                  parameters: {loggerName: my-log}
                        """);

        AgentProcess agent =
                fixture.environment(
                                "CAMEL_MAIN_ROUTES_INCLUDE_PATTERN",
                                "classpath:routes/*.camel.yaml,file:" + file)
                        .start();

        assertThat(agent.awaitLine("Said by the step Logger")).contains(" INFO ");
        assertThat(agent.awaitLine("Said by the tile Log Data")).contains(" INFO ", "my-log");
        agent.awaitLine("3 queries ok, 0 failed");
    }

    @ParameterizedTest
    @CsvSource({"once, 2", "check, 1"})
    void aFileOfPropertiesThatCannotBeReadIsNamed(String command, int code) throws Exception {
        Files.writeString(
                fixture.directory().resolve("application.properties"), "a=C:\\users\\me\n");

        AgentProcess agent = fixture.run(code, command);

        assertThat(agent.output())
                .first()
                .asString()
                .contains("application.properties cannot be read", "each backslash twice");
        assertThat(agent.stackTraces()).isEmpty();
    }

    @Test
    void thePropertiesFileIsUtf8WithOrWithoutAByteOrderMark() throws Exception {
        Files.writeString(
                fixture.directory().resolve("application.properties"),
                "\uFEFFmetrics.principal.tag=Größe\n");

        fixture.run(0, "once");

        assertThat(fixture.consumed()).anyMatch(it -> it.value().contains("\"Größe\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2025-09-02T01:30Z", "2025-09-02T01:00"})
    void backfillSaysWhichHoursItTakes(String hour) throws Exception {
        AgentProcess agent = fixture.run(WRONG_SETTINGS, "backfill", "--from", hour, "--to", hour);

        assertThat(agent.output())
                .first()
                .isEqualTo(
                        "Invalid value for option '--from': '%s': allowed are full hours like"
                                        .formatted(hour)
                                + " 2025-09-02T01:00Z");
        assertThat(agent.output()).noneMatch(line -> line.contains("java."));
    }

    private Path routeFile(String directory, String text) throws IOException {
        // blanks and commas are what an operator's directory may have
        Path routes = Files.createDirectories(fixture.directory().resolve(directory));
        return Files.writeString(routes.resolve("extra.camel.yaml"), text);
    }

    private void assertNothingBegun(AgentProcess agent) {
        assertThat(agent.stackTraces()).isEmpty();
        assertThat(agent.output()).noneMatch(line -> line.contains("Camel ("));
        assertThat(fixture.simulator().requests()).isEmpty();
    }
}
