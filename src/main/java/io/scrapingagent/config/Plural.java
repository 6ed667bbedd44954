package io.scrapingagent.config;

/** English nouns with their numbers. */
public final class Plural {

    private Plural() {}

    /** Returns {@code 1 hour}, {@code 3 hours}, {@code 3 queries}, {@code 3 days}. */
    public static String of(long count, String noun) {
        return count + " " + noun(count, noun);
    }

    /** Returns the noun alone, as it stands after a number. */
    public static String noun(long count, String noun) {
        if (count == 1) {
            return noun;
        }
        return noun.matches(".*[^aeiou]y") ? noun.replaceFirst("y$", "ies") : noun + "s";
    }
}
