package io.scrapingagent.config;

/**
 * Text that somebody else wrote, made fit for a log line: one line of a bounded length, in which
 * nothing steers a terminal or turns the order of what is read around.
 */
public final class OneLine {

    private static final int LONGEST = 300;
    private static final int BEGINNING = 180;

    private OneLine() {}

    /** Returns the text on one line; of a longer one beginning and end, where its remedy stands. */
    public static String of(String text) {
        // a message may quote megabytes: what is cut off need not be cleaned
        if (text.length() <= 4 * LONGEST) {
            String line = cleaned(text);
            return line.length() <= LONGEST ? line : shortened(line, line);
        }
        return shortened(
                cleaned(text.substring(0, 2 * LONGEST)),
                cleaned(text.substring(text.length() - 2 * LONGEST)));
    }

    private static String shortened(String beginning, String end) {
        return beginning.substring(0, Math.min(beginning.length(), BEGINNING))
                + "…"
                + end.substring(Math.max(0, end.length() - (LONGEST - BEGINNING)));
    }

    private static String cleaned(String text) {
        return text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}\\s]+", " ").strip();
    }
}
