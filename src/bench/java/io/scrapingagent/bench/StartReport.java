package io.scrapingagent.bench;

import io.scrapingagent.process.AgentProcess;
import io.scrapingagent.process.ImageCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How long the packaged agent takes to be ready, and how much memory it holds while it waits. */
final class StartReport {

    private static final int STARTS = 5;
    private static final long SETTLE_MS = 3000;

    private StartReport() {}

    /** Starts the agent some times, plainly and as the image does. */
    static void run(Surroundings surroundings, Path jar) throws Exception {
        surroundings.createTopic("start");
        System.out.printf("%nStart to ready and resident memory when idle%n");
        String agent = jar.toAbsolutePath().toString();
        report(surroundings, "java -jar", List.of(AgentProcess.java(), "-jar", agent));
        // a directory that is left behind, as /tmp's are
        ImageCommands image =
                ImageCommands.of(AgentProcess.java(), jar, Files.createTempDirectory("image"));
        train(image.training());
        report(surroundings, "the image's process", image.start());
    }

    static void train(List<String> command) throws IOException, InterruptedException {
        Process training =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (training.waitFor() != 0) {
            throw new IOException("the image's training run failed: " + command);
        }
    }

    private static void report(Surroundings surroundings, String what, List<String> command)
            throws Exception {
        List<Double> seconds = new ArrayList<>();
        List<Double> mebibytes = new ArrayList<>();
        // an application.properties beside the project is not the packaged agent's
        Path directory = Files.createTempDirectory("agent");
        Map<String, String> environment =
                Routes.environment(surroundings, Population.SPEED.first(1), "start");
        environment.put("MINUTE_TO_SCRAPE_AT", String.valueOf(farMinute()));
        for (int start = 0; start < STARTS; start++) {
            long began = System.nanoTime();
            try (AgentProcess agent = AgentProcess.run(directory, environment, command)) {
                agent.awaitLine("Ready:");
                seconds.add((System.nanoTime() - began) / 1e9);
                mebibytes.add(idleMebibytes(agent));
                agent.terminate();
                agent.exitCode();
            }
        }
        Files.delete(directory);
        System.out.printf(
                Locale.ROOT,
                "%10.2f s %8.0f MiB   %s%n",
                Median.of(seconds),
                Median.of(mebibytes),
                what);
    }

    /** Returns the resident memory, as Linux tells it, once the agent has settled. */
    private static double idleMebibytes(AgentProcess agent)
            throws IOException, InterruptedException {
        Thread.sleep(SETTLE_MS);
        Path status = Path.of("/proc", String.valueOf(agent.pid()), "status");
        if (Files.notExists(status)) {
            return Double.NaN;
        }
        return Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                / 1024.0;
    }

    /** A minute of the hour that is not soon, so that no scrape begins while the agent idles. */
    private static int farMinute() {
        int minute = (LocalTime.now(ZoneOffset.UTC).getMinute() + 30) % 60;
        return Math.max(minute, 5);
    }
}
