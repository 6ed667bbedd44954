package io.scrapingagent.publish;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** DOWN once another agent took over: this one does not publish any more. */
public final class FencedHealthCheck extends AbstractHealthCheck {

    private final Publisher publisher;

    /** Creates the check of an agent's publisher. */
    public FencedHealthCheck(Publisher publisher) {
        super("agent", "only-agent");
        this.publisher = publisher;
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
