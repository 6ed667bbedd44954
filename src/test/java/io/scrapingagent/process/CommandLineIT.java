package io.scrapingagent.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Arguments, settings and route files that are wrong, and the commands that only print. */
class CommandLineIT {

    private static final Logger LOG = LoggerFactory.getLogger(CommandLineIT.class);
    private static final int WRONG_SETTINGS = 2;
    private static final int CANNOT_START = 1;

    @RegisterExtension
    private final ProcessFixture fixture =
            new ProcessFixture(
                    MetricsApiSimulator.builder().withoutRateLimit().cluster("lkc-aaa", 3, 3),
                    "lkc-aaa");

    @ParameterizedTest
    @ValueSource(strings = {"", "once"})
    void namesEveryWrongSettingInALineOfItsOwnAndNoSecret(String command) throws Exception {
        fixture.environment("CONFLUENT_METRICS_HOST", "ftp://user:hidden-1@example.org")
                .environment("CONFLUENT_METRICS_API_KEY", "hidden-2")
                .environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", " , ")
                .environment("MINUTE_TO_SCRAPE_AT", "4")
                .environment("GLOBAL_LOG_LEVEL", "LOUD")
                .environment("LOG_FORMAT", "xml")
                .environment("METRICS_TOPIC", "a topic")
                .environment("AGENT_ROUTES_DIR", fixture.directory().resolve("missing").toString())
                .environment("KAFKA_SASL_PASSWORD", "hidden-3")
                .environment("KAFKA_LINGER_MS", "soon");
        long start = System.nanoTime();
        AgentProcess agent = command.isEmpty() ? fixture.start() : fixture.start(command);

        assertThat(agent.exitCode()).isEqualTo(WRONG_SETTINGS);
        LOG.info("Wrong settings took {} ms", (System.nanoTime() - start) / 1_000_000);
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
    void namesEveryMissingSetting() throws Exception {
        AgentProcess agent =
                fixture.without("CONFLUENT_METRICS_API_KEY")
                        .without("CONFLUENT_METRICS_API_SECRET")
                        .without("CONFLUENT_METRICS_CLUSTER_ID_LIST")
                        .start("once");

        assertThat(agent.exitCode()).isEqualTo(WRONG_SETTINGS);
        assertThat(agent.output())
                .hasSize(3)
                .allMatch(line -> line.contains(" is not set: it is required"))
                .anyMatch(line -> line.startsWith("CONFLUENT_METRICS_API_KEY "))
                .anyMatch(line -> line.startsWith("CONFLUENT_METRICS_API_SECRET "))
                .anyMatch(line -> line.startsWith("CONFLUENT_METRICS_CLUSTER_ID_LIST "));
        assertNothingBegun(agent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"twice", "--once"})
    void refusesAnArgumentThatItDoesNotKnow(String argument) throws Exception {
        AgentProcess agent = fixture.start(argument);

        assertThat(agent.exitCode()).isEqualTo(WRONG_SETTINGS);
        assertThat(agent.output().get(0)).contains(argument);
        assertThat(agent.output()).anyMatch(line -> line.matches("(Usage: |Did you mean: ).*"));
        assertNothingBegun(agent);
    }

    @Test
    void helps() throws Exception {
        AgentProcess agent = fixture.start("--help");

        assertThat(agent.exitCode()).isZero();
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

        AgentProcess agent = fixture.start("--version");

        assertThat(agent.exitCode()).isZero();
        assertThat(version).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(agent.output())
                .hasSize(2)
                .first()
                .isEqualTo("confluent-scraping-agent " + version);
        assertThat(agent.output().get(1)).startsWith("Java ").contains("mixed mode");
        assertNothingBegun(agent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // not a step
                "        - too: direct:scrape",
                // not YAML
                "        - to: [direct:scrape",
                // not a component
                "        - to: nosuch:thing",
                // not a bean
                "        - bean:\n            ref: nosuch"
            })
    void saysInWhichLineARouteFileIsBroken(String line7) throws Exception {
        Path file =
                routeFile(
                        """
                        - route:
                            id: extra
                            from:
                              uri: direct
                              parameters: {name: extra}
                              steps:
                        """
                                + line7.indent(0));

        AgentProcess agent =
                fixture.environment("AGENT_ROUTES_DIR", file.getParent().toString()).start("once");

        assertCannotStart(agent, file);
        assertThat(agent.output().get(0)).containsPattern("extra.camel.yaml, line [78]: ");
    }

    @Test
    void saysInWhichFileARouteIsDoubled() throws Exception {
        Path file =
                routeFile("- route: {id: queries, from: {uri: 'direct:x', steps: [{stop: {}}]}}");

        AgentProcess agent =
                fixture.environment("AGENT_ROUTES_DIR", file.getParent().toString()).start("once");

        assertThat(agent.exitCode()).isEqualTo(CANNOT_START);
        assertThat(agent.output())
                .singleElement()
                .asString()
                .contains("file:" + file + ", line 1: ", "Duplicate route ids detected: queries");
        assertNothingBegun(agent);
    }

    @Test
    void understandsCamelsOwnVariableForRouteFiles() throws Exception {
        Path file = routeFile("- route: {id: extra, form: 'direct:x'}");

        AgentProcess agent =
                fixture.environment(
                                "CAMEL_MAIN_ROUTES_INCLUDE_PATTERN",
                                "classpath:routes/*.camel.yaml,file:" + file)
                        .start("once");

        assertCannotStart(agent, file);
    }

    @Test
    void runsARouteFileThatCamelsOwnVariableAdds() throws Exception {
        Path file =
                routeFile(
                        """
                        - route:
                            id: extra
                            from:
                              uri: direct:extra
                              steps:
                                - to: direct:scrape
                        """);

        AgentProcess agent =
                fixture.environment(
                                "CAMEL_MAIN_ROUTES_INCLUDE_PATTERN",
                                "classpath:routes/*.camel.yaml,file:" + file)
                        .start("once");

        assertThat(agent.exitCode()).isZero();
        fixture.assertConsumed(
                ExpectedRecord.ofHour(fixture.simulator(), ProcessFixture.hour(agent), "lkc-aaa"));
    }

    @Test
    void bothStepsThatLogPrintTheirLine() throws Exception {
        Path file =
                routeFile(
                        """
                        - from:
                            uri: timer
                            parameters:
                              timerName: hello
                              repeatCount: 1
                              delay: 0
                            steps:
                              - log:
                                  message: Said by the step Logger
                              - setBody:
                                  constant: Said by the tile Log Data
                              - to:
                                  uri: log
                                  parameters:
                                    loggerName: my-log
                        """);

        AgentProcess agent =
                fixture.environment(
                                "CAMEL_MAIN_ROUTES_INCLUDE_PATTERN",
                                "classpath:routes/*.camel.yaml,file:" + file)
                        .start();

        assertThat(agent.awaitLine("Said by the step Logger")).contains(" INFO ");
        assertThat(agent.awaitLine("Said by the tile Log Data")).contains(" INFO ", "my-log");
    }

    @ParameterizedTest
    @CsvSource({"once, 2", "status, 2", "check, 1"})
    void aFileOfPropertiesThatCannotBeReadIsNamed(String command, int code) throws Exception {
        Files.writeString(
                fixture.directory().resolve("application.properties"), "a=C:\\users\\me\n");

        AgentProcess agent = fixture.start(command);

        assertThat(agent.exitCode()).isEqualTo(code);
        assertThat(agent.output())
                .first()
                .asString()
                .contains("application.properties cannot be read", "each backslash twice");
        assertThat(agent.stackTraces()).isEmpty();
    }

    private Path routeFile(String text) throws IOException {
        // a blank in the path is what an operator's directory may have
        Path routes = Files.createDirectories(fixture.directory().resolve("my routes"));
        return Files.writeString(routes.resolve("extra.camel.yaml"), text);
    }

    private void assertCannotStart(AgentProcess agent, Path file) throws Exception {
        assertThat(agent.exitCode()).isEqualTo(CANNOT_START);
        assertThat(agent.output())
                .singleElement()
                .asString()
                .contains(" ERROR ", "The agent cannot start: file:" + file + ", line ");
        assertNothingBegun(agent);
    }

    private void assertNothingBegun(AgentProcess agent) {
        assertThat(agent.stackTraces()).isEmpty();
        assertThat(agent.output()).noneMatch(line -> line.contains("Camel ("));
        assertThat(fixture.simulator().requests()).isEmpty();
    }

    @Test
    void thePropertiesFileIsUtf8WithOrWithoutAByteOrderMark() throws Exception {
        Files.writeString(
                fixture.directory().resolve("application.properties"),
                "\uFEFFmetrics.principal.tag=Größe\n");

        assertThat(fixture.start("once").exitCode()).isZero();

        assertThat(fixture.consumed()).anyMatch(it -> it.value().contains("\"Größe\""));
    }
}
