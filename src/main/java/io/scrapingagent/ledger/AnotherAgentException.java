package io.scrapingagent.ledger;

/** Another agent with the same settings took over; this one must not publish any more. */
public final class AnotherAgentException extends RuntimeException {

    AnotherAgentException() {
        super(
                "Another agent that publishes to the same topic took over, so this one stops"
                        + " scraping. Run one agent per METRICS_TOPIC");
    }
}
