package io.scrapingagent.status;

import io.scrapingagent.ledger.SeriesStatus;
import io.scrapingagent.scrape.ScrapeHistory;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The agent's state in a few words.
 *
 * @param tone how it looks
 * @param state one or two words
 * @param sentence what they mean now
 */
record Headline(Tone tone, String state, String sentence) {

    /** How the headline looks; its sign says the same as its colour. */
    enum Tone {
        GOOD("good", "✓"),
        WAIT("wait", "…"),
        WARN("warn", "!"),
        BAD("bad", "✕");

        private final String style;
        private final String sign;

        Tone(String style, String sign) {
            this.style = style;
            this.sign = sign;
        }
    }

    /**
     * Says how things stand.
     *
     * @param fenced whether another agent took over
     * @param history what the scrapes came to
     * @param rows all queries
     * @param lastDue the start of the last hour that is due
     */
    static Headline of(
            boolean fenced,
            ScrapeHistory.View history,
            Collection<QueryRow> rows,
            Instant lastDue) {
        if (fenced) {
            return new Headline(
                    Tone.BAD,
                    "Stopped",
                    "Another agent publishes to the same topic, so this one does not scrape any"
                            + " more. What it shows is what it saw last: look at the other one, or restart"
                            + " this one if it was a backfill that has ended.");
        }
        if (!history.ledgerRead()) {
            return new Headline(
                    history.failures().isEmpty() ? Tone.WAIT : Tone.BAD,
                    "Not scraped yet",
                    history.failures().isEmpty()
                            ? "This process has not found out yet which hours are published."
                            : "No scrape could begin since this process started: see the last"
                                    + " errors.");
        }
        List<QueryRow> scraped = rows.stream().filter(it -> it.status().scraped()).toList();
        String lost = lost(scraped, lastDue);
        List<Instant> open = scraped.stream().flatMap(it -> it.status().open().stream()).toList();
        if (!open.isEmpty()) {
            String hours = Count.hours(new HashSet<>(open).size()) + " open";
            String sentence = trouble(scraped, history.failures()) + lost;
            return history.running()
                    ? new Headline(Tone.WAIT, "Scraping", "Under way, " + hours + ": " + sentence)
                    : new Headline(Tone.WARN, hours, sentence);
        }
        String due = "The last due hour is %s.%s".formatted(Times.hours(lastDue, 1), lost);
        long nothing = scraped.stream().filter(QueryRow::isNothing).count();
        if (nothing > 0) {
            return new Headline(
                    history.running() ? Tone.WAIT : Tone.WARN,
                    "Not complete",
                    "Nothing is published yet where the rows below say so. " + due);
        }
        return lost.isEmpty()
                ? new Headline(Tone.GOOD, "Complete", "Every due hour is published. " + due)
                : new Headline(Tone.WARN, "Nothing open, but hours are lost", due);
    }

    /** Names the query that waits longest, since when, why, and who has to do something. */
    private static String trouble(
            Collection<QueryRow> scraped, Collection<ScrapeHistory.Failure> failures) {
        List<SeriesStatus> behind =
                scraped.stream()
                        .map(QueryRow::status)
                        .filter(it -> !it.open().isEmpty())
                        .sorted(Comparator.comparing(it -> it.open().get(0)))
                        .toList();
        SeriesStatus worst = behind.get(0);
        String others =
                behind.size() == 1 ? "" : " and " + Count.queries(behind.size() - 1) + " more";
        String which =
                "%s %s%s, since %s"
                        .formatted(
                                worst.cluster(),
                                worst.metric().substring(worst.metric().lastIndexOf('/') + 1),
                                others,
                                Times.minute(worst.open().get(0)));
        return failures.stream()
                .filter(it -> !it.past() && it.series().equals(Optional.of(worst.series())))
                .findFirst()
                .map(
                        it ->
                                "%s: %s %s"
                                        .formatted(
                                                which,
                                                it.reason().replaceAll("[.]?$", "."),
                                                it.passing()
                                                        ? "It is retried."
                                                        : "This needs you."))
                .orElse(which + ". The next scrape fetches what is open.");
    }

    private static String lost(Collection<QueryRow> rows, Instant lastDue) {
        Instant start = Strip.start(lastDue);
        long lost =
                rows.stream()
                        .flatMap(it -> it.status().lost().stream())
                        .filter(it -> !it.isBefore(start))
                        .count();
        return lost == 0
                ? ""
                : " In the last 7 days %s %s lost for good."
                        .formatted(Count.hours(lost), lost == 1 ? "was" : "were");
    }

    /** Writes the headline. */
    void write(Html html) {
        html.markup("<p class=\"state " + tone.style + "\"><strong><span aria-hidden=\"true\">")
                .markup(tone.sign + "</span> " + state + "</strong> ")
                .text(sentence)
                .markup("</p>\n");
    }
}
