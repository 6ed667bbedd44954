package io.scrapingagent.status;

import io.scrapingagent.config.Plural;
import java.util.Locale;

/** Numbers with their nouns. */
final class Count {

    private Count() {}

    /** Returns {@code 1 hour}, {@code 1,612 hours}. */
    static String of(long count, String noun) {
        return number(count) + " " + Plural.noun(count, noun);
    }

    /** Returns {@code 1 hour}, {@code 1,612 hours}. */
    static String hours(long count) {
        return of(count, "hour");
    }

    /** Returns {@code 1 query}, {@code 3 queries}. */
    static String queries(long count) {
        return of(count, "query");
    }

    /** Returns {@code 1,612}. */
    static String number(long count) {
        return String.format(Locale.ENGLISH, "%,d", count);
    }
}
