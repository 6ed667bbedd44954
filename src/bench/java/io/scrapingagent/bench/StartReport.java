package io.scrapingagent.bench;

import io.scrapingagent.process.ImageCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long the packaged agent takes to be ready, and how much memory it holds while it waits. */
final class StartReport {

    private static final int STARTS = 5;

    private StartReport() {}

    /** Starts the agent some times, plainly and as the image does. */
    static void run(Surroundings surroundings, Path jar) throws Exception {
        surroundings.createTopic("start");
        System.out.printf("%nStart to ready and resident memory when idle%n");
        String agent = jar.toAbsolutePath().toString();
        report(surroundings, "java -jar", List.of(ChildJvm.java(), "-jar", agent));
        // a directory that is left behind, as /tmp's are
        ImageCommands image =
                ImageCommands.of(ChildJvm.java(), jar, Files.createTempDirectory("image"));
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
        for (int start = 0; start < STARTS; start++) {
            try (AgentProcess agent = AgentProcess.start(command, surroundings, directory)) {
                seconds.add(agent.secondsToReady());
                mebibytes.add(agent.idleMebibytes());
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
}
