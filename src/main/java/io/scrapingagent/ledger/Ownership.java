package io.scrapingagent.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.UUID;

/**
 * The agent that publishes. Each agent writes it once to the ledger, in its own transaction. So a
 * fenced agent can tell a second agent from a transaction that timed out.
 *
 * @param agent the agent's id, new with each start
 * @param since when it started, ISO-8601
 */
public record Ownership(String agent, String since) {

    /** The key of the ledger's record. */
    public static final String KEY = "owner";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Returns the ownership of an agent that starts now. */
    public static Ownership since(Instant now) {
        return new Ownership(UUID.randomUUID().toString(), now.toString());
    }

    /** Returns the value of the ledger's record. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Tells whether the ledger names another agent, or none any more. */
    public boolean isLost(Ledger ledger) {
        return !toJson().equals(ledger.owner());
    }
}
