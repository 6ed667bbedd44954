package io.scrapingagent.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long the packaged agent takes to be ready, and how much memory it holds while it waits. */
final class StartReport {

    private static final int STARTS = 5;

    private StartReport() {}

    /** Starts the agent some times, with the JVM's defaults and as for a small container. */
    static void run(Surroundings surroundings, Path jar) throws Exception {
        surroundings.createTopic("start");
        System.out.printf("%nStart to ready and resident memory when idle%n");
        report(surroundings, jar, List.of());
        report(surroundings, jar, List.of("-XX:+UseSerialGC", "-Xmx256m"));
    }

    private static void report(Surroundings surroundings, Path jar, List<String> options)
            throws Exception {
        List<Double> seconds = new ArrayList<>();
        List<Double> mebibytes = new ArrayList<>();
        // an application.properties beside the project is not the packaged agent's
        Path directory = Files.createTempDirectory("agent");
        for (int start = 0; start < STARTS; start++) {
            try (AgentProcess agent = AgentProcess.start(jar, options, surroundings, directory)) {
                seconds.add(agent.secondsToReady());
                mebibytes.add(agent.idleMebibytes());
            }
        }
        Files.delete(directory);
        System.out.printf(
                Locale.ROOT,
                "%10.2f s %8.0f MiB   java %s-jar%n",
                Median.of(seconds),
                Median.of(mebibytes),
                options.isEmpty() ? "" : String.join(" ", options) + " ");
    }
}
