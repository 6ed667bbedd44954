package io.scrapingagent.chaos;

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

/**
 * A process of the test's own, made to be killed. What it prints can be waited for, and is kept in
 * a file.
 */
final class JavaProcess implements AutoCloseable {

    private static final Duration END = Duration.ofSeconds(30);

    /** Starts in half the time; a test's process does not live long enough to be optimised. */
    private static final List<String> QUICK_START =
            List.of(
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xshare:auto",
                    "-Dlogback.configurationFile=chaos-logback.xml");

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final Path log;
    private final Consumer<String> listener;
    private boolean ended;

    private JavaProcess(Process process, Path log, Consumer<String> listener) {
        this.process = process;
        this.log = log;
        this.listener = listener;
        Thread reader = new Thread(this::read, "reads-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a main class.
     *
     * @param classPath where it is
     * @param options further options of the JVM
     * @param environment its whole environment
     * @param log what it prints is added to this file in the end
     * @param listener is told each line that it prints
     */
    static JavaProcess start(
            Class<?> main,
            String classPath,
            List<String> options,
            Map<String, String> environment,
            Path log,
            Consumer<String> listener,
            String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(QUICK_START);
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new JavaProcess(builder.start(), log, listener);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for so many lines of a kind; tells whether they came in time. */
    synchronized boolean awaitLines(Predicate<String> kind, int count, Duration limit)
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

    /** Waits for a line of a kind; fails when it does not come in time. */
    void awaitLine(Predicate<String> kind, String what, Duration limit)
            throws InterruptedException {
        if (!awaitLines(kind, 1, limit)) {
            throw new AssertionError("not in %s: %s; see %s".formatted(limit, what, log));
        }
    }

    /** Returns what was printed so far, or since the lines were forgotten. */
    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** Lets the waits that follow begin with the lines that follow. */
    synchronized void forgetLines() {
        write();
        lines.clear();
    }

    /** Waits for this long, or less if the process ends before. */
    void run(Duration time) throws InterruptedException {
        process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends the process without a chance to say goodbye: SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Asks a process that watches its standard input to stop, and waits for its end. */
    void stop() throws InterruptedException, IOException {
        process.getOutputStream().close();
        awaitEnd();
    }

    /** Lets the process stand still, as a suspended machine does: SIGSTOP. */
    void suspend() throws InterruptedException, IOException {
        signal("-STOP");
    }

    /** Lets a suspended process go on: SIGCONT. */
    void resume() throws InterruptedException, IOException {
        signal("-CONT");
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

    private void awaitEnd() throws InterruptedException {
        if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("process " + process.pid() + " does not end");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
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
        lines.add("--- ended at " + LocalTime.now().truncatedTo(ChronoUnit.MILLIS));
        write();
    }

    private void write() {
        try {
            Files.write(log, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
