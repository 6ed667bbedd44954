package io.scrapingagent.status;

import io.scrapingagent.ledger.Coverage;
import io.scrapingagent.scrape.CurrentQueries;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Says for each cluster how many hours behind its furthest query is. It is always UP: an agent that
 * is behind closes its gaps by itself, and a restart would not bring the Metrics API back.
 */
public final class BehindHealthCheck extends AbstractHealthCheck {

    private final CurrentQueries queries;
    private final Coverage coverage;

    /**
     * Creates the check.
     *
     * @param queries what is scraped
     * @param coverage how far behind it is
     */
    public BehindHealthCheck(CurrentQueries queries, Coverage coverage) {
        super("agent", "hours-behind");
        this.queries = queries;
        this.coverage = coverage;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        if (coverage.isKnown()) {
            for (String cluster : queries.clusters()) {
                builder.detail(
                        "hours-behind." + cluster,
                        queries.of(cluster).stream()
                                .mapToInt(coverage::hoursBehind)
                                .max()
                                .orElse(0));
            }
        }
        builder.up();
    }
}
