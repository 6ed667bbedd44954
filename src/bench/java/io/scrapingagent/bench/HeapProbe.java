package io.scrapingagent.bench;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Scrapes some clusters and says how much heap that took. */
final class HeapProbe {

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
        long peak;
        try (Routes routes = new Routes(surroundings, population, topic, watched);
                HeapPeak heap = HeapPeak.watch()) {
            for (int back = hours; back >= 1; back--) {
                records += routes.publish(end.minus(back, ChronoUnit.HOURS));
            }
            peak = heap.bytes();
        }
        System.out.println("RECORDS=" + records);
        System.out.println("PEAK=" + peak);
        System.exit(0);
    }
}
