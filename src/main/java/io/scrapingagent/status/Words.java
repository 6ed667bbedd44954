package io.scrapingagent.status;

import io.scrapingagent.config.Plural;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Numbers, times in UTC and others' text as the page writes them. */
final class Words {

    private static final DateTimeFormatter DAY = formatter("EEE d");
    private static final DateTimeFormatter TIME = formatter("HH:mm");
    private static final DateTimeFormatter MINUTE = formatter("d MMM, HH:mm");
    private static final DateTimeFormatter SECOND = formatter("EEE d MMM yyyy, HH:mm:ss");
    private static final DateTimeFormatter MONTH = formatter("MMMM yyyy");

    /** Longer than any name or sentence of the agent's own. */
    private static final int MAX_TEXT = 600;

    private Words() {}

    /** Returns {@code 1 hour}, {@code 1,612 hours}. */
    static String count(long count, String noun) {
        return number(count) + " " + Plural.noun(count, noun);
    }

    /** Returns {@code 1,612}. */
    static String number(long count) {
        return String.format(Locale.ENGLISH, "%,d", count);
    }

    /** Returns {@code a, b, c and 3 queries more}. */
    static String first(int max, List<String> names, String noun) {
        String shown = String.join(", ", names.subList(0, Math.min(max, names.size())));
        int more = names.size() - max;
        return more > 0 ? shown + " and " + count(more, noun) + " more" : shown;
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

    /** Returns {@code Sun 22 Nov 2026, 17:05:01}. */
    static String second(Instant time) {
        return SECOND.format(time);
    }

    /** Returns when some adjacent hours begin and end: {@code 22 Nov, 17:00 to 19:00}. */
    static String hours(Instant start, int hours) {
        Instant end = start.plus(Duration.ofHours(hours));
        boolean sameDay = DAY.format(start).equals(DAY.format(end));
        return minute(start) + " to " + (sameDay ? TIME : MINUTE).format(end);
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }

    /** Returns as much of a text as so many characters hold. */
    static String cut(String text, int max) {
        int shown = Math.min(text.codePointCount(0, text.length()), max);
        int end = text.offsetByCodePoints(0, shown);
        return end < text.length() ? text.substring(0, end) + "…" : text;
    }

    /**
     * Returns a text as HTML, for an element or a quoted attribute. What others chose (ids, names,
     * the Metrics API's words) cannot become markup, nor change the order or the look of what
     * stands around it.
     */
    static String escaped(String text) {
        StringBuilder html = new StringBuilder(text.length() + 16);
        cut(text, MAX_TEXT)
                .codePoints()
                .forEach(
                        character -> {
                            switch (character) {
                                case '&' -> html.append("&amp;");
                                case '<' -> html.append("&lt;");
                                case '>' -> html.append("&gt;");
                                case '"' -> html.append("&quot;");
                                case '\'' -> html.append("&#39;");
                                default -> {
                                    if (isUnseen(character)) {
                                        html.append("‹U+%04X›".formatted(character));
                                    } else {
                                        html.appendCodePoint(character);
                                    }
                                }
                            }
                        });
        return html.toString();
    }

    /** Controls, bidirectional and other format characters, separators, halves of characters. */
    private static boolean isUnseen(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED ->
                    true;
            default -> false;
        };
    }
}
