package io.scrapingagent.command;

import io.scrapingagent.config.Plural;
import io.scrapingagent.ledger.Gaps;
import io.scrapingagent.ledger.SeriesStatus;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What {@code status} prints for people. */
final class StatusText {

    private static final String REMEDY =
            "look at the agent's log for the reason; if no agent runs, start it or run `once`";

    private StatusText() {}

    /**
     * Prints what is published, open and lost of a query. Its mark says whether somebody has to
     * look after it; hours that are lost are no reason, for nothing brings them back.
     */
    static void print(SeriesStatus status, Instant lastDue, PrintStream out) {
        if (status.knowsNothing()) {
            out.printf("✗ %s%n  nothing published yet%n", status.cluster());
            return;
        }
        out.printf(
                "%s %s %s by %s%n",
                !status.scraped() ? "–" : status.isLate(lastDue) ? "✗" : "✓",
                status.cluster(),
                status.metric(),
                status.groupBy());
        if (!status.scraped()) {
            out.println("  not scraped: not in CONFLUENT_METRICS_CLUSTER_ID_LIST");
        }
        out.print("  published " + Plural.of(status.hours(), "hour"));
        if (status.hours() > 0) {
            out.printf(
                    ", %s, first %s, last %s",
                    Plural.of(status.records(), "record"), status.first(), status.last());
        }
        out.println();
        print(out, "  open      ", status.open());
        print(out, "  lost      ", status.lost());
    }

    /** Returns the sentence where nobody has to look after anything. */
    static String allIsWell(List<SeriesStatus> statuses, Instant lastDue) {
        List<SeriesStatus> scraped = statuses.stream().filter(SeriesStatus::scraped).toList();
        int open = scraped.stream().mapToInt(it -> it.open().size()).sum();
        return "%s up to %s, %s open, %s lost for good."
                .formatted(
                        Plural.of(scraped.size(), "query"),
                        lastDue,
                        Plural.of(open, "hour"),
                        scraped.stream().mapToInt(it -> it.lost().size()).sum());
    }

    /** Returns the sentence for a ledger without anything in it. */
    static List<String> nothing(String where) {
        return List.of("Nothing published yet, %s: %s.".formatted(where, REMEDY));
    }

    /** Returns a sentence for each thing that somebody should look after; none if all is well. */
    static List<String> concerns(List<SeriesStatus> statuses, Instant lastDue) {
        List<String> concerns = new ArrayList<>();
        List<SeriesStatus> late = statuses.stream().filter(it -> it.isLate(lastDue)).toList();
        if (!late.isEmpty()) {
            concerns.add(
                    "Open for more than 2 hours: %s of %s, the oldest is %s: %s."
                            .formatted(
                                    Plural.of(
                                            late.stream().mapToInt(it -> it.open().size()).sum(),
                                            "hour"),
                                    Plural.of(late.size(), "query"),
                                    late.stream()
                                            .map(it -> it.open().get(0))
                                            .min(Instant::compareTo)
                                            .orElseThrow(),
                                    REMEDY));
        }
        List<String> unknown =
                statuses.stream()
                        .filter(SeriesStatus::knowsNothing)
                        .map(SeriesStatus::cluster)
                        .toList();
        if (!unknown.isEmpty()) {
            concerns.add(
                    "Nothing published yet of %s: %s."
                            .formatted(String.join(", ", unknown), REMEDY));
        }
        return concerns;
    }

    private static void print(PrintStream out, String what, List<Instant> hours) {
        if (hours.isEmpty()) {
            out.println(what + "none");
        }
        String start = what;
        for (Gaps.Span span : new Gaps(hours, List.of()).spans(Integer.MAX_VALUE)) {
            out.println(start + Plural.of(span.hours(), "hour") + ", " + name(span));
            start = " ".repeat(what.length());
        }
    }

    private static String name(Gaps.Span span) {
        return span.hours() == 1
                ? span.start().toString()
                : "from %s to %s".formatted(span.start(), span.last());
    }
}
