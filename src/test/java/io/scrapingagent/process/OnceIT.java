package io.scrapingagent.process;

import static io.scrapingagent.simulator.Misbehaviour.status;
import static io.scrapingagent.simulator.RequestMatcher.cluster;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.simulator.MetricsApiSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** {@code java -jar confluent-scraping-agent.jar once}. */
class OnceIT {

    @AutoClose
    private final ProcessFixture fixture =
            new ProcessFixture(MetricsApiSimulator.of("lkc-aaa", 1200, 5).cluster("lkc-bbb", 3, 7));

    /** From a host as compose names a service: no URL of Java's can have the underscore. */
    @Test
    void publishesTheLastDueHourAndSaysSo() throws Exception {
        String host = "my_gateway:" + fixture.simulator().baseUri().getPort();
        Path hosts = fixture.directory().resolve("hosts");
        Files.writeString(hosts, "127.0.0.1 localhost my_gateway\n");
        fixture.environment("CONFLUENT_METRICS_HOST", "http://" + host);
        List<String> command = new ArrayList<>(AgentProcess.command("once"));
        command.add(1, "-Djdk.net.hosts.file=" + hosts);

        AgentProcess once = fixture.run(command);

        assertThat(once.exitCode()).isZero();
        fixture.assertPublished(once, "lkc-aaa", "lkc-bbb");
        assertThat(fixture.simulator().requests())
                .allMatch(it -> it.header("Host").orElse("").equals(host));
        assertThat(once.output()).hasSize(3);
        assertThat(once.output().get(0)).contains(" WARN ", host + ": the API key and secret");
        assertThat(once.output().get(1))
                .contains(" INFO ", "Scrape started: up to hour ", "2 clusters");
        assertThat(once.output().get(2))
                .contains(
                        " INFO ",
                        "Scrape finished: 1 hour (",
                        "2 clusters",
                        "6 queries ok, 0 failed",
                        fixture.consumed().size() + " records",
                        fixture.simulator().requests().size() + " requests");
    }

    @Test
    void failsWhenAQueryFailedAndSaysWhichAndWhy() throws Exception {
        fixture.simulator().answerAlways(cluster("lkc-aaa"), status(403, "not for this key"));

        AgentProcess once = fixture.run(1, "once");

        fixture.assertPublished(once, "lkc-bbb");
        assertThat(once.output()).hasSize(5);
        assertThat(once.stackTraces()).isEmpty();
        assertThat(once.output())
                .filteredOn(line -> line.contains(" WARN "))
                .hasSize(3)
                .allSatisfy(
                        line ->
                                assertThat(line)
                                        .contains("lkc-aaa", "403", "not for this key")
                                        .contains("MetricsViewer"));
        assertThat(once.output().get(4)).contains("3 queries ok, 3 failed");
    }

    @Test
    void saysWhatToDoWhereCompressionCannotBeLoaded() throws Exception {
        AgentProcess once =
                fixture.environment("KAFKA_COMPRESSION_TYPE", "zstd")
                        .environment("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=/no/such/directory")
                        .run(1, "once");

        assertThat(once.stackTraces()).isEmpty();
        assertThat(once.output())
                .anyMatch(
                        line ->
                                line.contains("Scrape failed: A native library cannot be loaded")
                                        && line.contains("KAFKA_COMPRESSION_TYPE")
                                        && line.contains("/no/such/directory"));
    }
}
