package io.scrapingagent.ledger;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The agent that publishes. Each agent writes it once to the ledger, in its own transaction. So a
 * fenced agent can tell a second agent from a transaction that timed out.
 *
 * @param key the key of the ledger's record: one for each {@code AGENT_NAME}
 * @param agent the agent's id, new with each start
 * @param since when it started, ISO-8601
 */
public record Ownership(@JsonIgnore String key, String agent, String since) {

    private static final String KEY = "owner";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Returns the ownership of an agent that starts now, by its name if it has one. */
    public static Ownership since(Instant now, Optional<String> name) {
        return new Ownership(
                name.map(it -> KEY + " " + it).orElse(KEY),
                UUID.randomUUID().toString(),
                now.toString());
    }

    /** Tells whether a record of the ledger is one of an agent's ownership. */
    static boolean isKey(String key) {
        return key.equals(KEY) || key.startsWith(KEY + " ");
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
        return !toJson().equals(ledger.note(key));
    }
}
