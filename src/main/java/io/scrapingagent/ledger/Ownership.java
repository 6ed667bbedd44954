package io.scrapingagent.ledger;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.config.Settings;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The agent that publishes. Each agent writes it once to the ledger, in its own transaction. So a
 * fenced agent can tell a second agent from a transaction that timed out.
 *
 * @param key the key of the ledger's record: one for each {@code AGENT_NAME} and {@code
 *     AGENT_SHARD}
 * @param agent the agent's id, new with each start
 * @param since when it started, ISO-8601
 * @param transactionalId by which others can fence it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Ownership(
        @JsonIgnore String key,
        String agent,
        String since,
        @JsonProperty("transactional_id") String transactionalId) {

    private static final String KEY = "owner";
    private static final Pattern SHARD = Pattern.compile("(?: \\d+/(\\d+))?");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Returns the ownership of an agent that starts now. */
    public static Ownership of(Settings settings, Instant now) {
        String shard = settings.shard().isOneOfSeveral() ? " " + settings.shard() : "";
        return new Ownership(
                KEY + settings.name().map(it -> " " + it).orElse("") + shard,
                UUID.randomUUID().toString(),
                now.toString(),
                settings.transactionalId());
    }

    /** Tells whether a record of the ledger is one of an agent's ownership. */
    static boolean isKey(String key) {
        return key.equals(KEY) || key.startsWith(KEY + " ");
    }

    /** Returns the value of the ledger's record. */
    public String toJson() {
        return JSON.valueToTree(this).toString();
    }

    /** Returns the value for an agent that this one ends: whoever it is can still be fenced. */
    String endingJson(String theirTransactionalId) {
        return new Ownership(key, agent, since, theirTransactionalId).toJson();
    }

    /** Tells whether the ledger names another agent, or none any more. */
    public boolean isLost(Ledger ledger) {
        return !toJson().equals(ledger.note(key));
    }

    /**
     * Returns the agents of the same name that share the ids between more or fewer shards: their
     * transactional ids by the keys of their ownerships.
     */
    Map<String, String> ofOtherLayouts(Ledger ledger) {
        String name = key.replaceFirst(" \\d+/\\d+$", "");
        String own = layout(key.substring(name.length()));
        Map<String, String> others = new TreeMap<>();
        ledger.notes(name)
                .forEach(
                        (shard, json) -> {
                            String layout = layout(shard);
                            if (layout != null && !layout.equals(own)) {
                                parse(json)
                                        .ifPresent(
                                                it -> others.put(name + shard, it.transactionalId));
                            }
                        });
        return others;
    }

    /** Returns how many shards there are; null where the rest of a key is none of a shard. */
    private static String layout(String shard) {
        Matcher parts = SHARD.matcher(shard);
        return parts.matches() ? String.valueOf(parts.group(1)) : null;
    }

    private static Optional<Ownership> parse(String json) {
        try {
            return Optional.ofNullable(JSON.readValue(json, Ownership.class))
                    .filter(it -> it.transactionalId != null);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
