package io.scrapingagent.ledger;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.scrapingagent.config.Settings;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The note in the ledger that names the agent which publishes. All agents of one name and shard
 * write the same key at their start, each with an id of its own. So a fenced agent can tell a
 * second agent from a transaction that timed out.
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

    /** Returns the ownership of an agent that starts now. */
    public static Ownership of(Settings settings, Instant now) {
        String shard = settings.shard().isOneOfSeveral() ? " " + settings.shard() : "";
        return new Ownership(
                KEY + settings.name().map(it -> " " + it).orElse("") + shard,
                UUID.randomUUID().toString(),
                now.toString(),
                settings.transactionalId());
    }

    /** Tells whether a record of the ledger with this key is an agent's ownership. */
    static boolean isKey(String key) {
        return key.equals(KEY) || key.startsWith(KEY + " ");
    }

    /** Returns the value of the ledger's record. */
    public String toJson() {
        return Ledger.toJson(this);
    }

    /** Tells whether the ledger names another agent, or none any more. */
    public boolean isLost(Ledger ledger) {
        return !toJson().equals(ledger.note(key));
    }

    /**
     * Returns the transactional id of the agent that owned the ledger before, if it is another than
     * this agent's. Agents of one topic, name and shard have the same one.
     */
    Optional<String> formerTransactionalId(Ledger ledger) {
        return Optional.ofNullable(ledger.note(key))
                .flatMap(Ownership::parse)
                .map(Ownership::transactionalId)
                .filter(it -> !it.equals(transactionalId));
    }

    /**
     * Returns the note that this agent writes over that of an agent which it ends. It keeps the
     * other's transactional id, so that, if this attempt fails half-way, the next one can still
     * fence the other.
     */
    String noteOver(String othersTransactionalId) {
        return new Ownership(key, agent, since, othersTransactionalId).toJson();
    }

    /**
     * Returns the transactional ids of the agents of other layouts, by the keys of their
     * ownerships. A layout is a number of shards; those agents have the same name as this one.
     */
    Map<String, String> ofOtherLayouts(Ledger ledger) {
        String keyWithoutShard = key.replaceFirst(" \\d+/\\d+$", "");
        String own = layout(key.substring(keyWithoutShard.length()));
        Map<String, String> others = new TreeMap<>();
        for (Map.Entry<String, String> note : ledger.notes(keyWithoutShard).entrySet()) {
            String layout = layout(note.getKey());
            if (layout != null && !layout.equals(own)) {
                String its = keyWithoutShard + note.getKey();
                parse(note.getValue()).ifPresent(it -> others.put(its, it.transactionalId));
            }
        }
        return others;
    }

    /**
     * Returns the number of shards, as text, from what follows the name in a key; null where that
     * is no shard but the rest of another agent's name.
     */
    private static String layout(String shard) {
        Matcher parts = SHARD.matcher(shard);
        return parts.matches() ? Objects.requireNonNullElse(parts.group(1), "1") : null;
    }

    private static Optional<Ownership> parse(String json) {
        return Ledger.parse(json, Ownership.class)
                // Kafka's client hangs when it is to fence an empty one
                .filter(it -> it.transactionalId != null && !it.transactionalId.isEmpty());
    }
}
