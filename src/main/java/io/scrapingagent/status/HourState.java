package io.scrapingagent.status;

/** What has become of an hour of a query. */
enum HourState {
    PUBLISHED("published", 4, 16),
    /** Published with no records: the Metrics API had none. */
    EMPTY("published, no records", 11, 16),
    OPEN("open", 0, 20),
    LOST("lost", 0, 20),
    /** Before the first hour that was published, or not known any more. */
    UNKNOWN("nothing known", 15, 16);

    private final String words;
    private final int top;
    private final int bottom;

    HourState(String words, int top, int bottom) {
        this.words = words;
        this.top = top;
        this.bottom = bottom;
    }

    /** Returns what a reader is told. */
    String words() {
        return words;
    }

    /** Returns the state's style. */
    char style() {
        return Character.toLowerCase(name().charAt(0));
    }

    /** Returns the outline of so many hours; its height says the same as its colour. */
    String path(int first, int hours) {
        return "M%d,%dh%dv%dh-%dz".formatted(first, top, hours, bottom - top, hours);
    }
}
