package io.scrapingagent.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged agent as a process of its own. */
final class AgentProcess implements AutoCloseable {

    /** What the agent logs when it is ready. */
    private static final String READY = "Ready:";

    private static final long SETTLE_MS = 3000;
    private static final long STOP_SECONDS = 30;

    private final Process process;
    private final double secondsToReady;

    private AgentProcess(Process process, double secondsToReady) {
        this.process = process;
        this.secondsToReady = secondsToReady;
    }

    /** Starts the agent; returns when it is ready. */
    static AgentProcess start(List<String> command, Surroundings surroundings, Path directory)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment()
                .putAll(Routes.environment(surroundings, Population.SPEED.first(1), "start"));
        builder.environment().put("MINUTE_TO_SCRAPE_AT", String.valueOf(farMinute()));
        long start = System.nanoTime();
        Process process = builder.start();
        awaitReady(process);
        return new AgentProcess(process, (System.nanoTime() - start) / 1e9);
    }

    double secondsToReady() {
        return secondsToReady;
    }

    /** Returns the resident memory, as Linux tells it, once the agent has settled. */
    double idleMebibytes() throws IOException, InterruptedException {
        Thread.sleep(SETTLE_MS);
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
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

    private static void awaitReady(Process process) throws IOException {
        BufferedReader output = process.inputReader();
        List<String> said = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains(READY)) {
                return;
            }
            said.add(line);
        }
        throw new IOException("the agent ended before it was ready: " + String.join("\n", said));
    }

    /** A minute of the hour that is not soon, so that no scrape begins while the agent idles. */
    private static int farMinute() {
        int minute = (LocalTime.now(ZoneOffset.UTC).getMinute() + 30) % 60;
        return Math.max(minute, 5);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
