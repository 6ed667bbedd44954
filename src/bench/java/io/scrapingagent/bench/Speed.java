package io.scrapingagent.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;

/**
 * How fast an hour was published.
 *
 * @param records how many records
 * @param nanos how long it took
 * @param cpuNanos how long all threads of this JVM computed for it
 */
record Speed(long records, long nanos, long cpuNanos) {

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** Lets a contestant publish an hour; garbage of the other is collected before. */
    static Speed of(Contestant contestant, Instant hour) throws Exception {
        System.gc();
        long cpuStart = SYSTEM.getProcessCpuTime();
        long start = System.nanoTime();
        long records = contestant.publish(hour);
        long nanos = System.nanoTime() - start;
        return new Speed(records, nanos, SYSTEM.getProcessCpuTime() - cpuStart);
    }

    double recordsPerSecond() {
        return records * 1e9 / nanos;
    }

    double cpuMicrosPerRecord() {
        return cpuNanos / 1e3 / records;
    }
}
