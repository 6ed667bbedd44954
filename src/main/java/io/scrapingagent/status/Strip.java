package io.scrapingagent.status;

import io.scrapingagent.ledger.LedgerEntry;
import io.scrapingagent.ledger.SeriesStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The last 7 days of a query, as runs of hours of the same state.
 *
 * @param start the start of the first hour
 * @param runs the runs, oldest first, without a hole
 */
record Strip(Instant start, List<Run> runs) {

    /** 7 days. */
    static final int HOURS = 168;

    /** In a strip of more runs each would be too narrow to be pointed at. */
    private static final int MOST_TITLES = 24;

    private static final Duration HOUR = Duration.ofHours(1);

    /**
     * Adjacent hours of the same state.
     *
     * @param state what has become of them
     * @param first the index of the first
     * @param hours how many
     */
    record Run(HourState state, int first, int hours) {}

    /** Returns the start of the first hour of strips that end with an hour. */
    static Instant start(Instant lastDue) {
        return lastDue.minus(HOUR.multipliedBy(HOURS - 1L));
    }

    /**
     * Draws a query's last 7 days.
     *
     * @param status which hours are open and lost
     * @param known what the ledger has of the query
     * @param lastDue the start of the last hour
     */
    static Strip of(SeriesStatus status, Map<Instant, LedgerEntry> known, Instant lastDue) {
        Instant start = start(lastDue);
        Set<Instant> open = new HashSet<>(status.open());
        Set<Instant> lost = new HashSet<>(status.lost());
        List<Run> runs = new ArrayList<>();
        Instant hour = start;
        for (int i = 0; i < HOURS; i++, hour = hour.plus(HOUR)) {
            HourState state = HourState.UNKNOWN;
            LedgerEntry entry = known.get(hour);
            if (lost.contains(hour)) {
                state = HourState.LOST;
            } else if (open.contains(hour)) {
                state = HourState.OPEN;
            } else if (entry != null) {
                state = entry.records() == 0 ? HourState.EMPTY : HourState.PUBLISHED;
            }
            int last = runs.size() - 1;
            if (last >= 0 && runs.get(last).state() == state) {
                Run run = runs.get(last);
                runs.set(last, new Run(state, run.first(), run.hours() + 1));
            } else {
                runs.add(new Run(state, i, 1));
            }
        }
        return new Strip(start, runs);
    }

    /** Returns how many hours are in a state. */
    int count(HourState state) {
        return runs.stream().filter(it -> it.state() == state).mapToInt(Run::hours).sum();
    }

    /** Writes the strip, under a name for those who do not see it. */
    void write(Html html, String name) {
        html.markup("<svg viewBox=\"0 0 168 20\" preserveAspectRatio=\"none\" role=\"img\"")
                .markup(" aria-label=\"")
                .text(name)
                .markup("\">");
        for (Run run : runs) {
            html.markup("<path class=\"" + run.state().style() + "\" d=\"")
                    .markup(run.state().path(run.first(), run.hours()))
                    .markup("\">");
            if (runs.size() <= MOST_TITLES) {
                Instant from = start.plus(HOUR.multipliedBy(run.first()));
                html.markup("<title>" + Times.hours(from, run.hours()))
                        .markup(" UTC: " + run.state().words() + "</title>");
            }
            html.markup("</path>");
        }
        html.markup("<use href=\"#days\"/></svg>");
    }

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
}
