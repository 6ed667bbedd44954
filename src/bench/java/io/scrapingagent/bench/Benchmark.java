package io.scrapingagent.bench;

import java.nio.file.Path;
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

    private Benchmark() {}

    /**
     * Runs the benchmark; the exit code is 0 if everything is as it should be, else 1.
     *
     * @param arguments which parts to run, comma-separated ({@code speed}, {@code heap}, {@code
     *     start}, {@code once}, {@code scale}), the number of measured rounds, the agent's jar, and
     *     whether the loop flushes after each {@code window} or after the {@code hour}
     */
    public static void main(String[] arguments) throws Exception {
        Set<String> parts = Set.of(arguments[0].split(","));
        boolean passed = true;
        try (ChildJvm child = ChildJvm.start(Surroundings.class, "-Xmx1g", List.of())) {
            Surroundings surroundings = Surroundings.announcedBy(child);
            if (parts.contains("speed")) {
                passed &= speed(surroundings, arguments[1], arguments[3]);
            }
            if (parts.contains("heap")) {
                passed &= HeapReport.run(surroundings);
            }
            if (parts.contains("start")) {
                StartReport.run(surroundings, Path.of(arguments[2]));
            }
        }
        if (parts.contains("once")) {
            passed &= OnceReport.compare(Path.of(arguments[2]), Integer.parseInt(arguments[1]));
        }
        if (parts.contains("scale")) {
            passed &= OnceReport.scale(Path.of(arguments[2]));
        }
        System.exit(passed ? 0 : 1);
    }

    private static boolean speed(Surroundings surroundings, String rounds, String flush)
            throws Exception {
        List<String> arguments =
                List.of(surroundings.api().toString(), surroundings.kafka(), rounds, flush);
        // a heap of a fixed size, so that no contestant pays for its growth
        try (ChildJvm contest = ChildJvm.start(Contest.class, "-Xms1g -Xmx1g", arguments)) {
            contest.printRest();
            return contest.exitCode() == 0;
        }
    }
}
