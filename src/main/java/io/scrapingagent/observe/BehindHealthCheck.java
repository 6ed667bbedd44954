package io.scrapingagent.observe;

import io.scrapingagent.api.Query;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.scrape.RouteQueries;
import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Says for each cluster how many hours behind its furthest query is. It is always UP: an agent that
 * is behind closes its gaps by itself, and a restart would not bring the Metrics API back.
 */
public final class BehindHealthCheck extends AbstractHealthCheck {

    private final List<String> clusters;
    private final Backlog backlog;

    /**
     * Creates the check.
     *
     * @param clusters the clusters that are scraped
     * @param backlog how far behind their queries are
     */
    public BehindHealthCheck(List<String> clusters, Backlog backlog) {
        super("agent", "hours-behind");
        this.clusters = clusters;
        this.backlog = backlog;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        if (backlog.isKnown()) {
            List<Query> queries = RouteQueries.of(getCamelContext());
            for (String cluster : clusters) {
                builder.detail(
                        "hours-behind." + cluster,
                        queries.stream()
                                .mapToInt(query -> backlog.hoursBehind(Series.of(cluster, query)))
                                .max()
                                .orElse(0));
            }
        }
        builder.up();
    }
}
