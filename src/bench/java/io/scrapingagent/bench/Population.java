package io.scrapingagent.bench;

import io.scrapingagent.simulator.MetricsApiSimulator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Clusters of the same size. One group in sixteen is idle in an hour and has no point.
 *
 * @param prefix how the clusters' ids begin
 * @param clusters how many
 * @param principals in each; two of the three queries are by principal
 * @param topics in each
 */
record Population(String prefix, int clusters, int principals, int topics) {

    /** About 330,000 points an hour, in windows of four and six pages of 1000. */
    static final Population SPEED = new Population("lkc-speed", 22, 6000, 4000);

    /** About 560 points an hour and cluster, a page for each query. */
    static final Population MANY_CLUSTERS = new Population("lkc-many", 1000, 200, 200);

    /** About 1000 points for each query of a cluster, a page. */
    static final Population ONCE = new Population("lkc-once", 100, 1066, 1066);

    /** A cluster as a demo has it. */
    static final Population SMALL = new Population("lkc-small", 1, 20, 20);

    /** Two dozen groups for each query of a cluster. */
    static final Population SCALE = new Population("lkc-scale", 1000, 26, 26);

    static final List<Population> ALL = List.of(SPEED, MANY_CLUSTERS, ONCE, SMALL, SCALE);

    /** The same, with only some of the clusters. */
    Population first(int count) {
        return new Population(prefix, count, principals, topics);
    }

    List<String> ids() {
        return IntStream.rangeClosed(1, clusters)
                .mapToObj(i -> String.format(Locale.ROOT, "%s%04d", prefix, i))
                .toList();
    }

    void addTo(MetricsApiSimulator.Builder simulator) {
        ids().forEach(id -> simulator.cluster(id, principals, topics));
    }
}
