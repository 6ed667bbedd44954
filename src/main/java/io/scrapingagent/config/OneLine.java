package io.scrapingagent.config;

/**
 * Text that somebody else wrote, made fit for a log line: one line of a bounded length, in which
 * nothing steers a terminal or turns the order of what is read around.
 */
public final class OneLine {

    private static final int LONGEST = 300;

    private OneLine() {}

    /** Returns the text on one line; a longer one is cut and ends with {@code …}. */
    public static String of(String text) {
        // a message may quote megabytes: what is cut off need not be cleaned
        int enough = Math.min(text.length(), 4 * LONGEST);
        String line =
                text.substring(0, enough).replaceAll("[\\p{C}\\p{Zl}\\p{Zp}\\s]+", " ").strip();
        if (line.length() <= LONGEST && enough == text.length()) {
            return line;
        }
        return line.substring(0, Math.min(line.length(), LONGEST)) + "…";
    }
}
