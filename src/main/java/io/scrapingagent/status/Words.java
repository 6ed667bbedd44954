package io.scrapingagent.status;

import io.scrapingagent.config.Plural;
import io.scrapingagent.ledger.LedgerKey.Series;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.camel.util.StringHelper;

/** Numbers, times in UTC and others' text as the page writes them. */
final class Words {

    private static final DateTimeFormatter DAY = formatter("EEE d");
    private static final DateTimeFormatter MINUTE = formatter("d MMM, HH:mm");
    private static final DateTimeFormatter MONTH = formatter("MMMM yyyy");

    /** Longer than any name or sentence of the agent's own. */
    private static final int MAX_TEXT = 600;

    /** Controls, bidirectional and other format characters, separators, halves of characters. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    private Words() {}

    /** Returns {@code 1 hour}, {@code 1,612 hours}. */
    static String count(long count, String noun) {
        return number(count) + " " + Plural.noun(count, noun);
    }

    /** Returns {@code 1,612}. */
    static String number(long count) {
        return String.format(Locale.ENGLISH, "%,d", count);
    }

    /** Returns {@code a, b, c and 3 more}. */
    static String first(int max, List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(max, names.size())));
        int more = names.size() - max;
        return more > 0 ? shown + " and " + number(more) + " more" : shown;
    }

    /** Returns {@code , 3 open}, or nothing where there are none. */
    static String some(long count, String word) {
        return count == 0 ? "" : ", " + number(count) + " " + word;
    }

    /** Returns {@code lkc-cl23j request_bytes}. */
    static String name(Series series) {
        return series.cluster() + " " + series.shortName();
    }

    /** Returns {@code Sun 22}. */
    static String day(Instant time) {
        return DAY.format(time);
    }

    /** Returns {@code November 2026}. */
    static String month(Instant time) {
        return MONTH.format(time);
    }

    /** Returns {@code 22 Nov, 17:05}. */
    static String minute(Instant time) {
        return MINUTE.format(time);
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }

    /**
     * Returns a text as HTML, for an element or an attribute in double quotes. What others chose
     * (ids, names, the Metrics API's words) cannot become markup, nor change the order or the look
     * of what stands around it.
     */
    static String escaped(String text) {
        int shown = Math.min(text.codePointCount(0, text.length()), MAX_TEXT);
        int end = text.offsetByCodePoints(0, shown);
        String cut = end < text.length() ? text.substring(0, end) + "…" : text;
        String seen =
                UNSEEN.matcher(cut)
                        .replaceAll(it -> "‹U+%04X›".formatted(it.group().codePointAt(0)));
        return StringHelper.xmlEncode(seen);
    }
}
