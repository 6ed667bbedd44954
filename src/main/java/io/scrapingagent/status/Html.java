package io.scrapingagent.status;

import java.nio.charset.StandardCharsets;

/**
 * HTML that is being written. What others chose (ids, names, the Metrics API's words) comes in as
 * text: it cannot become markup, nor change the order or the look of what stands around it.
 */
final class Html {

    /** Longer than any name or sentence of the agent's own. */
    private static final int LONGEST_TEXT = 600;

    private final StringBuilder html = new StringBuilder(1 << 16);

    /** Adds markup of this program. */
    Html markup(String markup) {
        html.append(markup);
        return this;
    }

    /** Adds a number. */
    Html number(long number) {
        html.append(number);
        return this;
    }

    /** Adds text, in an element or in a quoted attribute. */
    Html text(String text) {
        int shown = Math.min(text.codePointCount(0, text.length()), LONGEST_TEXT);
        int end = text.offsetByCodePoints(0, shown);
        text.substring(0, end).codePoints().forEach(this::character);
        if (end < text.length()) {
            html.append('…');
        }
        return this;
    }

    private void character(int character) {
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

    byte[] toUtf8() {
        return html.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return html.toString();
    }
}
