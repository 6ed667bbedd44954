package io.scrapingagent.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A process of the test's own, made to be killed. What it prints can be waited for. */
public class JavaProcess implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** Starts in half the time; a test's process does not live long enough to be optimised. */
    public static final List<String> QUICK_START =
            List.of(
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xshare:auto",
                    "-Dlogback.configurationFile=chaos-logback.xml");

    private final Process process;
    private final Thread reader;
    private final List<String> lines = new ArrayList<>();
    private final Path log;
    private final Consumer<String> listener;
    private boolean ended;

    /**
     * Starts a process.
     *
     * @param environment its whole environment
     * @param log what it prints is added to this file in the end; null for no file
     * @param listener is told each line that it prints
     */
    JavaProcess(
            ProcessBuilder builder,
            Map<String, String> environment,
            Path log,
            Consumer<String> listener) {
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            this.process = builder.redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.log = log;
        this.listener = listener;
        this.reader = new Thread(this::read, "reads-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a main class.
     *
     * @param classPath where it is
     * @param options the options of the JVM
     * @param environment its whole environment
     * @param log what it prints is added to this file in the end; null for no file
     * @param listener is told each line that it prints
     */
    public static JavaProcess start(
            Class<?> main,
            String classPath,
            List<String> options,
            Map<String, String> environment,
            Path log,
            Consumer<String> listener,
            String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        return new JavaProcess(new ProcessBuilder(command), environment, log, listener);
    }

    /** Waits for so many lines of a kind; tells whether they came in time. */
    public synchronized boolean awaitLines(Predicate<String> kind, int count, Duration limit)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        int seen = 0;
        int found = 0;
        while (true) {
            for (; seen < lines.size(); seen++) {
                if (kind.test(lines.get(seen)) && ++found == count) {
                    return true;
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0 || ended) {
                return false;
            }
            wait(left);
        }
    }

    /** Waits for a line that contains this text, and returns it; fails when it does not come. */
    public String awaitLine(String text) throws InterruptedException {
        if (!awaitLines(line -> line.contains(text), 1, LIMIT)) {
            throw new AssertionError("no line with: %s%n%s".formatted(text, said()));
        }
        return output().stream().filter(line -> line.contains(text)).findFirst().orElseThrow();
    }

    /** Returns what was printed so far, or since the lines were forgotten. */
    public synchronized List<String> output() {
        return List.copyOf(lines);
    }

    /** Lets the waits that follow begin with the lines that follow. */
    public synchronized void forgetLines() {
        write();
        lines.clear();
    }

    /** Waits for this long, or less if the process ends before. */
    public void run(Duration time) throws InterruptedException {
        process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Returns the number by which the system knows the process. */
    public long pid() {
        return process.pid();
    }

    /** Ends the process without a chance to say goodbye: SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        exitCode();
    }

    /** Asks the process to stop, as {@code kill} does: SIGTERM. */
    public void terminate() {
        // the process's own destroy() would also close its output
        process.toHandle().destroy();
    }

    /** Asks a process that watches its standard input to stop, and waits for its end. */
    public void stop() throws InterruptedException, IOException {
        process.getOutputStream().close();
        exitCode();
    }

    /** Lets the process stand still, as a suspended machine does: SIGSTOP. */
    public void suspend() throws InterruptedException, IOException {
        signal("-STOP");
    }

    /** Lets a suspended process go on: SIGCONT. */
    public void resume() throws InterruptedException, IOException {
        signal("-CONT");
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
        reader.join(limit.toMillis());
        return process.exitValue();
    }

    /** Ends the process, whatever it does, and waits until it writes no more. */
    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void signal(String signal) throws InterruptedException, IOException {
        int status =
                new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
        if (status != 0) {
            throw new IllegalStateException("kill " + signal + " ended with " + status);
        }
    }

    private String said() {
        return log == null ? String.join("\n", output()) : "see " + log;
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                listener.accept(line);
                add(line);
            }
        } catch (IOException e) {
            add("(no more to be read: " + e.getMessage() + ")");
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
        if (log != null) {
            lines.add("--- ended at " + LocalTime.now().truncatedTo(ChronoUnit.MILLIS));
            write();
        }
    }

    private void write() {
        try {
            Files.write(log, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
