package io.scrapingagent.ledger;

import io.scrapingagent.ledger.Publisher.AnotherAgentException;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * DOWN once another agent took over: this one does not publish any more. It is not ready then, but
 * alive: restarted, it would take over from the other in its turn.
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
