package io.scrapingagent.status;

import io.scrapingagent.ledger.Gaps;
import io.scrapingagent.ledger.LedgerEntry;
import io.scrapingagent.ledger.SeriesStatus;
import io.scrapingagent.status.Strip.HourState;
import java.time.Instant;
import java.util.Map;

/**
 * One query of one cluster, or a cluster of which nothing is known.
 *
 * @param status what is published, open and lost
 * @param strip its last 7 days
 */
record QueryRow(SeriesStatus status, Strip strip) {

    /** Makes the row of what a ledger has of a query. */
    static QueryRow of(SeriesStatus status, Map<Instant, LedgerEntry> known, Instant lastDue) {
        return new QueryRow(status, Strip.of(status, known, lastDue));
    }

    /** Tells whether nothing was ever published. */
    boolean isNothing() {
        return status.hours() == 0 && status.open().isEmpty() && status.lost().isEmpty();
    }

    /** Tells whether something is missing in the last 7 days that should be there. */
    boolean isIncomplete() {
        return status.scraped()
                && (isNothing()
                        || strip.count(HourState.OPEN) > 0
                        || strip.count(HourState.LOST) > 0);
    }

    /** Writes the row. */
    void write(Html html) {
        String words = words();
        html.markup("<div class=\"row\"><span class=\"query\">");
        if (status.knowsNothing()) {
            html.markup("all queries");
        } else {
            html.markup("<bdi>")
                    .text(shortened(status.metric(), '/'))
                    .markup("</bdi> <small>by <bdi>");
            html.text(shortened(status.groupBy(), '.')).markup("</bdi></small>");
        }
        html.markup("</span>");
        strip.write(html, name() + ": " + words);
        html.markup("<span class=\"words\">").text(words).markup("</span></div>\n");
    }

    private String name() {
        return status.knowsNothing()
                ? status.cluster()
                : status.cluster() + " " + shortened(status.metric(), '/');
    }

    /** Names of metrics and labels differ in what stands behind their last separator. */
    private static String shortened(String name, char separator) {
        return name.substring(name.lastIndexOf(separator) + 1);
    }

    private String words() {
        if (isNothing()) {
            return "! nothing published yet";
        }
        int unknown = strip.count(HourState.UNKNOWN);
        int open = strip.count(HourState.OPEN);
        int lost = strip.count(HourState.LOST);
        int empty = strip.count(HourState.EMPTY);
        int published = strip.count(HourState.PUBLISHED) + empty;
        StringBuilder words = new StringBuilder();
        words.append(isIncomplete() ? "! " : "✓ ");
        words.append("%d of %s".formatted(published, Count.hours(Strip.HOURS - unknown)));
        if (open > 0) {
            words.append(", %d open (%s)".formatted(open, first(HourState.OPEN)));
        }
        if (lost > 0) {
            words.append(", %d lost (%s)".formatted(lost, first(HourState.LOST)));
        }
        if (empty > 0) {
            words.append(", %d without records".formatted(empty));
        }
        if (!status.scraped()) {
            words.append(", not scraped any more");
        }
        return words.toString();
    }

    private String first(HourState state) {
        Strip.Run first =
                strip.runs().stream().filter(it -> it.state() == state).findFirst().orElseThrow();
        return "from " + Times.minute(new Gaps.Span(strip.start(), first.first() + 1).last());
    }
}
