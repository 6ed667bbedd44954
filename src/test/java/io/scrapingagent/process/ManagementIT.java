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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The management server of the jar, and what happens where it cannot listen. */
class ManagementIT {

    private final int port = Ports.free();

    @AutoClose
    private final ProcessFixture fixture =
            new ProcessFixture(MetricsApiSimulator.of("lkc-aaa", 3, 3))
                    .environment("MANAGEMENT_PORT", Integer.toString(port));

    /** In Persian, whose own digits no browser takes in an image's path. */
    @Test
    void answersWhereAPropertiesFileSaysAndInEveryLanguage() throws Exception {
        Files.writeString(
                fixture.directory().resolve("application.properties"),
                "management.port = " + port + "\n");
        List<String> command = new ArrayList<>(AgentProcess.command());
        command.addAll(1, List.of("-Duser.language=fa", "-Duser.country=IR"));
        AgentProcess agent = fixture.without("MANAGEMENT_PORT").run(command);
        assertThat(agent.awaitLine("Ready: ")).contains("http://127.0.0.1:" + port);
        agent.awaitLine("Scrape finished: 1 hour");
        ManagementClient management =
                new ManagementClient(new ManagementSettings("127.0.0.1", port));

        await().until(() -> management.status("/observe/health/ready") == 200);
        assertThat(management.metrics().keySet())
                .filteredOn(it -> it.startsWith("confluent_scraping_agent_build_info{"))
                .singleElement()
                .asString()
                .containsPattern("version=\"\\d+\\.\\d+\\.\\d+")
                .contains("java=\"");
        assertThat(management.body("/")).contains("<text x=\"").doesNotContainPattern("[۰-۹]");
        AgentProcess probeOfTheImage =
                fixture.run(
                        List.of(
                                AgentProcess.java(),
                                "-cp",
                                AgentProcess.jar().toString(),
                                "io.scrapingagent.HealthProbe"));
        assertThat(probeOfTheImage.exitCode()).isZero();
        assertThat(probeOfTheImage.output())
                .containsExactly("http://127.0.0.1:" + port + "/observe/health/live answered 200");
    }

    @Test
    void saysWhereItCannotListenBeforeItDoesAnything() throws Exception {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            assertCannotListen("127.0.0.1:" + port);

            fixture.environment("MANAGEMENT_ADDRESS", "no-such-host.invalid");
            assertCannotListen("no-such-host.invalid:" + port);

            // nobody asks this for its health
            fixture.run(0, "once");
        }
    }

    private void assertCannotListen(String where) throws Exception {
        AgentProcess agent = fixture.run(1);
        assertThat(agent.output())
                .singleElement()
                .asString()
                .contains(
                        " ERROR ",
                        "Agent - The agent cannot start: it cannot listen on " + where,
                        "MANAGEMENT_PORT",
                        "MANAGEMENT_ADDRESS");
        assertThat(agent.stackTraces()).isEmpty();
        assertThat(fixture.simulator().requests()).isEmpty();
    }
}
