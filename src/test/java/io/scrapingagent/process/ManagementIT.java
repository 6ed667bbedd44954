package io.scrapingagent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.config.Settings.ManagementSettings;
import io.scrapingagent.kafka.Ports;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.status.ManagementClient;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The management server of the jar, and what happens where it cannot listen. */
class ManagementIT {

    private final int port = Ports.free();

    @RegisterExtension
    private final ProcessFixture fixture =
            new ProcessFixture(
                            MetricsApiSimulator.builder()
                                    .withoutRateLimit()
                                    .cluster("lkc-aaa", 3, 3),
                            "lkc-aaa")
                    .environment("MANAGEMENT_PORT", Integer.toString(port));

    @Test
    void answersAndKnowsItsVersion() throws Exception {
        AgentProcess agent = fixture.start();
        assertThat(agent.awaitLine("Ready: ")).contains("http://127.0.0.1:" + port);
        ManagementClient management =
                new ManagementClient(new ManagementSettings("127.0.0.1", port));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> management.status("/observe/health/ready") == 200);
        assertThat(management.status("/observe/health/live")).isEqualTo(200);
        assertThat(management.metrics().keySet())
                .filteredOn(it -> it.startsWith("confluent_scraping_agent_build_info{"))
                .singleElement()
                .asString()
                .containsPattern("version=\"\\d+\\.\\d+\\.\\d+")
                .contains("java=\"");
    }

    /** Persian has digits of its own, which no browser takes in an image's path. */
    @Test
    void showsTheSamePageInEveryLanguage() throws Exception {
        List<String> command = new ArrayList<>(AgentProcess.command());
        command.addAll(1, List.of("-Duser.language=fa", "-Duser.country=IR"));
        fixture.run(command).awaitLine("Scrape finished: 1 hour");
        ManagementClient management =
                new ManagementClient(new ManagementSettings("127.0.0.1", port));

        assertThat(management.body("/")).contains(" d=\"M").doesNotContainPattern("[۰-۹]");
    }

    @Test
    void saysThatThePortIsTakenBeforeItDoesAnything() throws Exception {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            assertCannotListen(fixture.start(), "127.0.0.1:" + port);

            // nobody asks these for their health
            assertThat(fixture.start("once").exitCode()).isZero();
        }
    }

    @Test
    void saysThatTheAddressIsNoneOfThisMachine() throws Exception {
        // an address that is reserved for documentation
        fixture.environment("MANAGEMENT_ADDRESS", "203.0.113.7");

        assertCannotListen(fixture.start(), "203.0.113.7:" + port);
    }

    @Test
    void saysThatTheAddressIsUnknown() throws Exception {
        fixture.environment("MANAGEMENT_ADDRESS", "no-such-host.invalid");

        assertCannotListen(fixture.start(), "no-such-host.invalid:" + port);
    }

    @Test
    void theProbeOfTheImageReadsPropertiesToo() throws Exception {
        Files.writeString(
                fixture.directory().resolve("application.properties"),
                "management.port = " + port + "\n");
        fixture.without("MANAGEMENT_PORT").start().awaitLine("Ready: ");

        AgentProcess probe =
                fixture.run(
                        List.of(
                                AgentProcess.java(),
                                "-cp",
                                AgentProcess.jar().toString(),
                                "io.scrapingagent.HealthProbe"));

        assertThat(probe.exitCode()).isZero();
        assertThat(probe.output())
                .containsExactly("http://127.0.0.1:" + port + "/observe/health/live answered 200");
    }

    private void assertCannotListen(AgentProcess agent, String where) throws Exception {
        assertThat(agent.exitCode()).isEqualTo(1);
        assertThat(agent.output())
                .singleElement()
                .asString()
                .contains(
                        " ERROR ",
                        "Agent - The agent cannot start: it cannot listen on " + where,
                        "MANAGEMENT_PORT")
                .contains("MANAGEMENT_ADDRESS");
        assertThat(agent.stackTraces()).isEmpty();
        assertThat(fixture.simulator().requests()).isEmpty();
    }
}
