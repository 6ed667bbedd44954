package io.scrapingagent.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Scrapes some clusters and says how much heap that took: the most that was in use after any of
 * many full collections, a few each second. That is what is needed, without what merely has not
 * been collected yet.
 */
final class HeapProbe {

    private static final long PAUSE_MS = 200;
    private static final double NEARLY_FULL = 0.9;
    private static final List<MemoryPoolMXBean> POOLS =
            ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .filter(MemoryPoolMXBean::isCollectionUsageThresholdSupported)
                    .toList();

    private static volatile long peak;

    private HeapProbe() {}

    /**
     * Prints the number of records and the peak.
     *
     * @param arguments the API's address, the broker's, how many clusters and hours, and whether
     *     metrics are kept
     */
    public static void main(String[] arguments) throws Exception {
        Surroundings surroundings = new Surroundings(URI.create(arguments[0]), arguments[1]);
        Population population = Population.MANY_CLUSTERS.first(Integer.parseInt(arguments[2]));
        int hours = Integer.parseInt(arguments[3]);
        boolean watched = Boolean.parseBoolean(arguments[4]);
        String topic = "heap-%d-%s".formatted(population.clusters(), watched);
        surroundings.createTopic(topic);
        Instant end = Surroundings.NOW.truncatedTo(ChronoUnit.HOURS);
        long records = 0;
        Thread watcher = new Thread(HeapProbe::watch, "heap-peak");
        watcher.setDaemon(true);
        try (Routes routes = new Routes(surroundings, population, topic, watched)) {
            watcher.start();
            for (int back = hours; back >= 1; back--) {
                records += routes.publish(end.minus(back, ChronoUnit.HOURS));
            }
            System.out.println("RECORDS=" + records);
            System.out.println("PEAK=" + peak);
        }
        System.exit(0);
    }

    private static void watch() {
        try {
            while (true) {
                System.gc();
                long used = POOLS.stream().mapToLong(it -> it.getCollectionUsage().getUsed()).sum();
                peak = Math.max(peak, used);
                if (peak > NEARLY_FULL * Runtime.getRuntime().maxMemory()) {
                    // what follows would be an hour of collections
                    System.out.println("the heap is full");
                    Runtime.getRuntime().halt(1);
                }
                Thread.sleep(PAUSE_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
