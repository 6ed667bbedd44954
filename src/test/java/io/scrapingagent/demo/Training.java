package io.scrapingagent.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the agent as a process between the demo's surroundings until its first scrape has published
 * something, so that the JVM can note what a start and a scrape load. The image is built with it.
 */
public final class Training {

    private static final int TERMINATED = 143;
    private static final int STOP_SECONDS = 60;

    private Training() {}

    /**
     * Exits with 0 if the agent published all of its first scrape and ended when it was asked to.
     *
     * @param command the agent's command
     */
    public static void main(String[] command) throws Exception {
        Demo.quieten();
        boolean trained;
        try (Surroundings surroundings = Surroundings.start(Clock.systemUTC())) {
            ProcessBuilder agent = new ProcessBuilder(command).redirectErrorStream(true);
            agent.environment().putAll(surroundings.environment());
            trained = train(agent.start());
        }
        // the broker leaves threads behind that would keep the process
        System.exit(trained ? 0 : 1);
    }

    private static boolean train(Process agent) throws IOException, InterruptedException {
        List<String> said = new ArrayList<>();
        boolean published = false;
        try (BufferedReader output = agent.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                said.add(line);
                if (line.contains("Scrape finished")) {
                    published = line.contains(" 0 failed, ") && !line.contains(" 0 records, ");
                    // its own destroy() would close the output as well
                    agent.toHandle().destroy();
                }
            }
        }
        boolean ended = agent.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        if (!published || !ended || agent.exitValue() != TERMINATED) {
            said.forEach(System.err::println);
            return false;
        }
        return true;
    }
}
