package io.scrapingagent.config;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The share of the ids that an agent takes: {@code AGENT_SHARD}. Each id is in one shard.
 *
 * @param number the number of this shard, from 1 on
 * @param of how many shards there are
 */
public record Shard(int number, int of) {

    /** The shard of an agent that shares its ids with no other. */
    public static final Shard ALL = new Shard(1, 1);

    static final String ALLOWED =
            "<number>/<count>, like 2/5, or <pod>-<ordinal>/<count>, like agent-1/5 (a StatefulSet's"
                    + " ordinals begin with 0)";

    private static final Pattern TEXT =
            Pattern.compile("(?:(\\d{1,4})|.*\\w-(\\d{1,4}))/(\\d{1,4})");

    /**
     * Reads a shard; null if the text does not look like one, or its number is not between 1 and
     * the count.
     */
    static Shard parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        int number =
                parts.group(1) != null
                        ? Integer.parseInt(parts.group(1))
                        : Integer.parseInt(parts.group(2)) + 1;
        Shard shard = new Shard(number, Integer.parseInt(parts.group(3)));
        return number >= 1 && number <= shard.of ? shard : null;
    }

    /** Tells whether an id is in the shard. The hash must never change: the ids would move. */
    public boolean takes(String id) {
        CRC32 hash = new CRC32();
        hash.update(id.getBytes(StandardCharsets.UTF_8));
        return hash.getValue() % of == number - 1;
    }

    /** Tells whether other agents take the other ids. */
    public boolean isOneOfSeveral() {
        return of > 1;
    }

    @Override
    public String toString() {
        return number + "/" + of;
    }
}
