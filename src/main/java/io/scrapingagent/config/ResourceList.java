package io.scrapingagent.config;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which resources of a type are scraped: {@code CONFLUENT_METRICS_*_ID_LIST}.
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

    private static final String SCOPE = "(?i:auto)|env-.*";

    /** Reads a list; null if an item is none of what is allowed, or none names what to scrape. */
    static ResourceList parse(String text, Shard shard) {
        List<String> items = SettingsSource.items(text).toList();
        List<String> scopes =
                items.stream()
                        .filter(item -> item.matches(SCOPE))
                        .map(item -> item.equalsIgnoreCase("auto") ? "" : item)
                        .distinct()
                        .toList();
        Set<String> excluded =
                items.stream()
                        .filter(item -> item.startsWith("!"))
                        .map(item -> item.substring(1))
                        .collect(Collectors.toUnmodifiableSet());
        List<String> ids =
                items.stream()
                        .filter(item -> !item.matches(SCOPE + "|!.*"))
                        .filter(id -> !excluded.contains(id))
                        .distinct()
                        .toList();
        return items.stream().allMatch(ResourceList::isLegal)
                        && !(ids.isEmpty() && scopes.isEmpty())
                ? new ResourceList(
                        ids.stream().filter(shard::takes).toList(), scopes, excluded, shard)
                : null;
    }

    /** Returns what is allowed in place of a wrong list. */
    static String allowed(String text) {
        // line ends alone do not make a secret of a list
        String shown = SettingsReport.shown(text.replaceAll("\\v+", " "));
        String wrong =
                SettingsSource.items(shown)
                        .filter(item -> !isLegal(item))
                        .collect(Collectors.joining(", "));
        return "a comma-separated list of ids (letters, digits, '_' and '-'), auto, env-… and !id, which only excludes"
                + (wrong.isEmpty() ? "" : "; wrong: " + wrong);
    }

    /** An id, auto or env-…; after "!" only an id, for auto and environments cannot be excluded. */
    private static boolean isLegal(String item) {
        return item.matches("(!(?!(?i:auto)$|env-))?" + ID);
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
