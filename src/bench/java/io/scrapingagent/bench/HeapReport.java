package io.scrapingagent.bench;

import io.scrapingagent.process.JavaProcess;
import java.util.Locale;

/**
 * The peak heap with few and with many clusters, while the same number of records is published. It
 * is as large as the windows in hand; ten clusters do not fill these.
 */
final class HeapReport {

    private static final int FEW = 10;

    /** As many as fill the windows that are in hand together. */
    private static final int ENOUGH = 100;

    private static final int MANY = 1000;
    private static final int QUERIES = 3;
    private static final int MOST_KIB_OF_METRICS = 10;

    /** What full collections at other moments may make of the same heap. */
    private static final double TOLERANCE = 1.2;

    private HeapReport() {}

    /** Measures both; returns whether the heap stays the same. */
    static boolean run(Surroundings surroundings) throws Exception {
        System.out.printf("%nPeak heap after a full collection, with -Xmx256m%n");
        peak(surroundings, FEW, MANY / FEW, false);
        long enough = peak(surroundings, ENOUGH, MANY / ENOUGH, false);
        long many = peak(surroundings, MANY, 1, false);
        boolean same = many <= enough * TOLERANCE;
        System.out.printf(
                "%s: the heap must not grow with the number of clusters%n",
                same ? "passed" : "FAILED");
        long watched = peak(surroundings, MANY, 1, true);
        double each = (watched - many) / 1024.0 / (MANY * QUERIES);
        boolean small = each < MOST_KIB_OF_METRICS;
        System.out.printf(
                Locale.ROOT,
                "%s: metrics must take less than %d KiB for each query of a cluster, took %.1f%n",
                small ? "passed" : "FAILED",
                MOST_KIB_OF_METRICS,
                each);
        return same && small;
    }

    private static long peak(Surroundings surroundings, int clusters, int hours, boolean watched)
            throws Exception {
        try (JavaProcess probe =
                Benchmark.start(
                        HeapProbe.class,
                        "-Xmx256m",
                        surroundings.api().toString(),
                        surroundings.kafka(),
                        String.valueOf(clusters),
                        String.valueOf(hours),
                        String.valueOf(watched))) {
            String records = Benchmark.answer(probe, "RECORDS");
            long peak = Long.parseLong(Benchmark.answer(probe, "PEAK"));
            System.out.printf(
                    Locale.ROOT,
                    "%10d clusters %10s records in %3d scrapes %8.1f MiB%s%n",
                    clusters,
                    records,
                    hours,
                    peak / 1024.0 / 1024.0,
                    watched ? ", with metrics" : "");
            return peak;
        }
    }
}
