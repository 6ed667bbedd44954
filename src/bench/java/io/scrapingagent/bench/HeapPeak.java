package io.scrapingagent.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;

/**
 * The most heap that was in use after any of many full collections, a few each second: what is
 * needed, without what merely has not been collected yet.
 */
final class HeapPeak implements AutoCloseable {

    private static final long PAUSE_MS = 200;
    private static final double NEARLY_FULL = 0.9;

    private final List<MemoryPoolMXBean> pools =
            ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .filter(MemoryPoolMXBean::isCollectionUsageThresholdSupported)
                    .toList();
    private final Thread watcher = new Thread(this::watchOn, "heap-peak");
    private volatile long peak;

    private HeapPeak() {}

    /** Begins to watch this JVM. */
    static HeapPeak watch() {
        HeapPeak heap = new HeapPeak();
        heap.watcher.setDaemon(true);
        heap.watcher.start();
        return heap;
    }

    long bytes() {
        return peak;
    }

    private void watchOn() {
        try {
            while (true) {
                System.gc();
                peak = Math.max(peak, usedAfterCollection());
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

    private long usedAfterCollection() {
        return pools.stream().mapToLong(pool -> pool.getCollectionUsage().getUsed()).sum();
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}
