package io.scrapingagent.config;

/**
 * Text that somebody else wrote, made fit for a log line: one line of a bounded length. It has no
 * control characters, such as those that steer a terminal or reverse the reading direction.
 */
public final class OneLine {

    private static final int BEGINNING = 180;
    private static final int END = 120;

    /** A message may quote megabytes: more than this is not worth cleaning. */
    private static final int LONG = 4 * (BEGINNING + END);

    private OneLine() {}

    /** Returns the text on one line; of a longer one beginning and end, where its remedy stands. */
    public static String of(String text) {
        String bounded =
                text.length() <= LONG
                        ? text
                        : text.substring(0, LONG / 2) + text.substring(text.length() - LONG / 2);
        String line = bounded.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}\\s]+", " ").strip();
        return line.length() <= BEGINNING + END
                ? line
                : line.substring(0, BEGINNING) + "…" + line.substring(line.length() - END);
    }
}
