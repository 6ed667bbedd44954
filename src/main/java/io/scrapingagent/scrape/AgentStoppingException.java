package io.scrapingagent.scrape;

/** A query was not begun because the agent is being stopped. */
public final class AgentStoppingException extends RuntimeException {

    AgentStoppingException() {
        super("the agent was stopped before this query");
    }
}
