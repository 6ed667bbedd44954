package io.scrapingagent.process;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The fat jar, running as a process of its own with nothing but the environment that it is given.
 *
 * <p>{@code -Dagent.jar=…} names the jar, {@code -Dagent.java=…} the java that runs it; without it
 * that is the one that runs the tests.
 */
public final class AgentProcess implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** What the second compiler makes comes too late for a short run. */
    private static final List<String> QUICK =
            List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");

    private final Process process;
    private final Thread reader;
    private final List<String> output = new CopyOnWriteArrayList<>();

    private AgentProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "agent-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** The jar that is run. */
    public static Path jar() {
        return Path.of(System.getProperty("agent.jar", "target/confluent-scraping-agent.jar"))
                .toAbsolutePath();
    }

    /**
     * Starts the jar.
     *
     * @param directory its working directory
     * @param environment its whole environment
     * @param arguments its command line
     */
    public static AgentProcess start(
            Path directory, Map<String, String> environment, String... arguments)
            throws IOException {
        return run(directory, environment, command(arguments));
    }

    /** The command that runs the jar with these arguments. */
    public static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(QUICK);
        command.addAll(List.of("-jar", jar().toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** As {@link #start}, with a command that runs the jar in one way or another. */
    public static AgentProcess run(
            Path directory, Map<String, String> environment, List<String> command)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new AgentProcess(builder.start());
    }

    /** The lines of standard output and standard error so far, in the order of their coming. */
    public List<String> output() {
        return List.copyOf(output);
    }

    /** The lines that belong to a stack trace. */
    public List<String> stackTraces() {
        return output.stream()
                .filter(line -> line.matches("(\\s+at |Caused by: |[\\w.]+(Exception|Error)\\b).*"))
                .toList();
    }

    /** Waits for a line that contains this text. */
    public String awaitLine(String text) {
        try {
            await().atMost(LIMIT).until(() -> lineWith(text) != null || !reader.isAlive());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "no line within %s with: %s%n%s".formatted(LIMIT, text, said()), e);
        }
        String line = lineWith(text);
        if (line == null) {
            throw new AssertionError("ended without a line with: %s%n%s".formatted(text, said()));
        }
        return line;
    }

    /** Asks the process to stop, as {@code kill} does: SIGTERM. */
    public void terminate() {
        // the process's own destroy() would also close its output
        process.toHandle().destroy();
    }

    /** Waits for the end of the process and returns its exit code. */
    public int exitCode() throws InterruptedException {
        return exitCode(LIMIT);
    }

    /** As {@link #exitCode()}, for no longer than this. */
    public int exitCode(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running after %s%n%s".formatted(limit, said()));
        }
        reader.join(LIMIT.toMillis());
        return process.exitValue();
    }

    /** Ends the process, whatever it does. */
    @Override
    public void close() {
        process.destroyForcibly();
    }

    private String said() {
        return String.join("\n", output);
    }

    private String lineWith(String text) {
        return output.stream().filter(line -> line.contains(text)).findFirst().orElse(null);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(output::add);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read what the agent prints", e);
        }
    }

    /** The java that runs the jar. */
    static String java() {
        return System.getProperty(
                "agent.java", Path.of(System.getProperty("java.home"), "bin", "java").toString());
    }
}
