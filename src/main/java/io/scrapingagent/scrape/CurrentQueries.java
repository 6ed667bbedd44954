package io.scrapingagent.scrape;

import io.scrapingagent.api.Query;
import io.scrapingagent.ledger.LedgerKey.Series;
import java.util.Collection;
import java.util.List;
import org.apache.camel.CamelContext;

/**
 * The clusters and queries that are scraped, as the routes had them when the last scrape began.
 * Safe for use by several threads.
 */
public final class CurrentQueries implements ScrapeListener {

    private final List<String> clusters;
    private volatile List<Query> queries;

    /**
     * Creates them, without a query before the first scrape begins.
     *
     * @param clusters the clusters, in the order in which they are scraped
     */
    public CurrentQueries(List<String> clusters) {
        this(clusters, List.of());
    }

    /**
     * Creates them.
     *
     * @param clusters the clusters, in the order in which they are scraped
     * @param queries the queries, before the first scrape begins
     */
    public CurrentQueries(List<String> clusters, List<Query> queries) {
        this.clusters = List.copyOf(clusters);
        this.queries = List.copyOf(queries);
    }

    @Override
    public void began(CamelContext context) {
        queries = RouteQueries.of(context);
    }

    /** Returns the clusters, in the order in which they are scraped. */
    public List<String> clusters() {
        return clusters;
    }

    /** Returns the series of a cluster, in the order of its queries. */
    public List<Series> of(String cluster) {
        return queries.stream().map(query -> Series.of(cluster, query)).toList();
    }

    /** Returns the series of all clusters. */
    public List<Series> all() {
        return clusters.stream().map(this::of).flatMap(Collection::stream).toList();
    }

    /** Tells whether a series is scraped. */
    public boolean has(Series series) {
        return clusters.contains(series.cluster()) && of(series.cluster()).contains(series);
    }
}
