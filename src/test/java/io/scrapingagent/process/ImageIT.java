package io.scrapingagent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.scrapingagent.simulator.MetricsApiSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of the {@code Dockerfile}. With a java of version 25 or later ({@code
 * -Dagent.java=…}) the start uses what the training run left behind, with an older one it does
 * without.
 */
class ImageIT {

    @TempDir private Path agent;

    @AutoClose
    private final ProcessFixture fixture =
            new ProcessFixture(MetricsApiSimulator.of("lkc-aaa", 3, 3));

    @Test
    void startsWithWhatTheTrainingRunLeftAndIsHealthy() throws Exception {
        ImageCommands image = ImageCommands.of(AgentProcess.java(), AgentProcess.jar(), agent);
        // its settings are its own, for an image is built without any
        AgentProcess training = fixture.run(image.training());
        assertThat(training.exitCode()).as("%s", training.output()).isZero();
        boolean cached = makesCaches();
        assertThat(Files.exists(agent.resolve("agent.aot"))).isEqualTo(cached);
        List<String> start = image.start();
        if (cached) {
            // ends at once if the cache does not fit
            start.add(1, "-XX:AOTMode=on");
        }

        AgentProcess running = fixture.run(start);
        running.awaitLine("Scrape finished");
        AgentProcess health = fixture.run(image.healthCheck());

        assertThat(health.exitCode()).as("%s", health.output()).isZero();
        assertThat(health.output()).singleElement().asString().endsWith("answered 200");
        running.terminate();
        assertThat(running.exitCode()).isEqualTo(143);
        assertThat(running.output()).allMatch(line -> line.matches("\\S+Z (INFO|WARN) .*"));

        AgentProcess afterwards = fixture.run(image.healthCheck());
        assertThat(afterwards.exitCode()).isEqualTo(1);
        assertThat(afterwards.output()).singleElement().asString().contains("did not answer");
    }

    /** On the host that builds and on the one that runs. */
    @Test
    void usesTheCacheWhateverTheMemory() throws Exception {
        assumeTrue(makesCaches());
        ImageCommands image = ImageCommands.of(AgentProcess.java(), AgentProcess.jar(), agent);
        List<String> build = image.training();
        build.add(build.indexOf("-XX:+UseSerialGC"), "-XX:MaxRAM=160g");
        AgentProcess training = fixture.run(build);
        assertThat(training.exitCode()).as("%s", training.output()).isZero();

        for (String memory : List.of("512m", "46g", "160g")) {
            List<String> start = image.start();
            start.add(1, "-XX:MaxRAM=" + memory);
            start.add("--version");
            assertThat(answer(start)).as(memory).anyMatch(line -> line.contains("sharing"));
        }
        List<String> without = image.start();
        without.add(1, "-XX:-UseCompressedOops");
        without.remove("-XX:+UseCompressedOops");
        without.add("--version");
        assertThat(answer(without)).noneMatch(line -> line.contains("sharing"));
    }

    private List<String> answer(List<String> command) throws Exception {
        AgentProcess process = fixture.run(command);
        assertThat(process.exitCode()).isZero();
        return process.output();
    }

    private boolean makesCaches() throws Exception {
        AgentProcess version = fixture.run(List.of(AgentProcess.java(), "-version"));
        assertThat(version.exitCode()).isZero();
        Matcher feature = Pattern.compile("version \"(\\d+)").matcher(version.output().get(0));
        assertThat(feature.find()).isTrue();
        return Integer.parseInt(feature.group(1)) >= 25;
    }
}
