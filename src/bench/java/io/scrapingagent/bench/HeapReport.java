package io.scrapingagent.bench;

import java.util.List;
import java.util.Locale;

/** The peak heap with few and with many clusters, while the same number of records is published. */
final class HeapReport {

    private static final int FEW = 10;
    private static final int MANY = 1000;

    /** What full collections at other moments may make of the same heap. */
    private static final double TOLERANCE = 1.2;

    private HeapReport() {}

    /** Measures both; returns whether the heap stays the same. */
    static boolean run(Surroundings surroundings) throws Exception {
        System.out.printf("%nPeak heap after a full collection, with -Xmx256m%n");
        long few = peak(surroundings, FEW, MANY / FEW);
        long many = peak(surroundings, MANY, 1);
        boolean same = many <= few * TOLERANCE;
        System.out.printf(
                "%s: the heap must not grow with the number of clusters%n",
                same ? "passed" : "FAILED");
        return same;
    }

    private static long peak(Surroundings surroundings, int clusters, int hours) throws Exception {
        List<String> arguments =
                List.of(
                        surroundings.api().toString(),
                        surroundings.kafka(),
                        String.valueOf(clusters),
                        String.valueOf(hours));
        try (ChildJvm probe = ChildJvm.start(HeapProbe.class, "-Xmx256m", arguments)) {
            String records = probe.await("RECORDS");
            long peak = Long.parseLong(probe.await("PEAK"));
            System.out.printf(
                    Locale.ROOT,
                    "%10d clusters %10s records in %3d scrapes %8.1f MiB%n",
                    clusters,
                    records,
                    hours,
                    peak / 1024.0 / 1024.0);
            return peak;
        }
    }
}
