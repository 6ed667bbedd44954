package io.scrapingagent.ledger;

import io.scrapingagent.ledger.Publisher.AnotherAgentException;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * DOWN after another agent took over, since this one no longer publishes. It affects readiness
 * only: a restarted agent would fence the other in turn.
 */
public final class FencedHealthCheck extends AbstractHealthCheck {

    private final Publisher publisher;

    /** Creates the check of an agent's publisher. */
    public FencedHealthCheck(Publisher publisher) {
        super("agent", "only-agent");
        this.publisher = publisher;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        if (publisher.isFenced()) {
            builder.message(new AnotherAgentException().getMessage()).down();
        } else {
            builder.up();
        }
    }
}
