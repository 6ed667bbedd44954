package io.scrapingagent.config;

import java.util.List;
import java.util.Set;

/**
 * Which resources of a type are scraped: {@code CONFLUENT_METRICS_…_ID_LIST}.
 *
 * @param ids the named ids that are in the shard, each once
 * @param scopes whose resources are all scraped: ids of environments, and the empty text for all
 *     that the API key may see ({@code auto})
 * @param excluded ids that are not scraped although a scope has them ({@code !lkc-…})
 * @param shard the share of this agent
 */
public record ResourceList(
        List<String> ids, List<String> scopes, Set<String> excluded, Shard shard) {

    /** What every id looks like. The prefixes of the types may change, so none is asked for. */
    public static final String ID = "[A-Za-z0-9_-]{1,255}";

    /** Returns a list without scopes. */
    public static ResourceList of(List<String> ids) {
        return new ResourceList(List.copyOf(ids), List.of(), Set.of(), Shard.ALL);
    }

    /** Tells whether the Metrics API is asked which resources there are. */
    public boolean isDiscovered() {
        return !scopes.isEmpty();
    }

    /** Tells whether an id that is not named is scraped if the Metrics API lists it. */
    public boolean mayFind(String id) {
        return isDiscovered() && shard.takes(id) && !ids.contains(id) && !excluded.contains(id);
    }
}
