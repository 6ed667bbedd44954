package io.scrapingagent.bench;

import io.scrapingagent.process.JavaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Measures how fast the routes are beside a hand-written loop, whether their heap grows with the
 * number of clusters, and how the packaged agent starts and idles.
 *
 * <p>Every measurement runs in a JVM of its own. Simulator and broker have one JVM for all of them,
 * so that what is measured shares neither heap nor garbage collector with its surroundings, and
 * both contestants share one JVM, so that neither has better conditions than the other.
 */
public final class Benchmark {

    private static final Duration LONGEST = Duration.ofHours(2);
    private static final String ANSWER = "[A-Z]+=.*";

    private Benchmark() {}

    /**
     * Runs the benchmark; the exit code is 0 if everything is as it should be, else 1.
     *
     * @param arguments which parts to run, comma-separated ({@code speed}, {@code heap}, {@code
     *     start}, {@code once}, {@code scale}), the number of measured rounds, and the agent's jar
     */
    public static void main(String[] arguments) throws Exception {
        Set<String> parts = Set.of(arguments[0].split(","));
        boolean passed = true;
        try (JavaProcess child = start(Surroundings.class, "-Xmx1g")) {
            Surroundings surroundings = Surroundings.announcedBy(child);
            if (parts.contains("speed")) {
                passed &= speed(surroundings, arguments[1]);
            }
            if (parts.contains("heap")) {
                passed &= HeapReport.run(surroundings);
            }
            if (parts.contains("start")) {
                StartReport.run(surroundings, Path.of(arguments[2]));
            }
            child.stop();
        }
        if (parts.contains("once")) {
            passed &= OnceReport.compare(Path.of(arguments[2]), Integer.parseInt(arguments[1]));
        }
        if (parts.contains("scale")) {
            passed &= OnceReport.scale(Path.of(arguments[2]));
        }
        System.exit(passed ? 0 : 1);
    }

    private static boolean speed(Surroundings surroundings, String rounds) throws Exception {
        // a heap of a fixed size, so that no contestant pays for its growth
        try (JavaProcess contest =
                start(
                        Contest.class,
                        "-Xms1g -Xmx1g",
                        surroundings.api().toString(),
                        surroundings.kafka(),
                        rounds)) {
            return contest.exitCode(LONGEST) == 0;
        }
    }

    /**
     * Starts a JVM with this one's class path and prints what it says, but for its answers.
     *
     * @param options the JVM's options, separated by spaces
     */
    static JavaProcess start(Class<?> main, String options, String... arguments) {
        return JavaProcess.start(
                main,
                System.getProperty("java.class.path"),
                List.of(options.split(" ")),
                System.getenv(),
                null,
                line -> {
                    if (!line.matches(ANSWER)) {
                        System.out.println(line);
                    }
                },
                arguments);
    }

    /** Waits for a line {@code NAME=value} and returns the value. */
    static String answer(JavaProcess process, String name) throws InterruptedException {
        process.awaitLines(line -> line.startsWith(name + "="), 1, LONGEST);
        return process.awaitLine(name + "=").substring(name.length() + 1);
    }
}
