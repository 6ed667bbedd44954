package io.scrapingagent.status;

import io.scrapingagent.ledger.LedgerEntry;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.SeriesStatus;
import io.scrapingagent.scrape.CurrentQueries;
import io.scrapingagent.status.Strip.HourState;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * The strips of all queries.
 *
 * @param clusters the rows of each cluster: those that are not complete first, in their order
 */
record ClusterList(Map<String, List<QueryRow>> clusters) {

    /** More links than these and nobody follows them. */
    private static final int MOST_LINKS = 20;

    /** So many fit on a screen with all their strips; of more, only those in trouble do. */
    private static final int MOST_UNFOLDED = 6;

    /** A label that begins later than this would not fit. */
    private static final int LAST_LABEL = Strip.HOURS - 20;

    /**
     * Makes the rows.
     *
     * @param queries what is scraped
     * @param statuses what the ledger says of it and of others
     * @param all the ledger
     * @param lastDue the start of the last hour that is due
     */
    static ClusterList of(
            CurrentQueries queries,
            Collection<SeriesStatus> statuses,
            Map<Series, NavigableMap<Instant, LedgerEntry>> all,
            Instant lastDue) {
        Map<String, List<QueryRow>> clusters = new LinkedHashMap<>();
        queries.clusters().forEach(cluster -> clusters.put(cluster, new ArrayList<>()));
        for (SeriesStatus status : statuses) {
            clusters.computeIfAbsent(status.cluster(), it -> new ArrayList<>())
                    .add(QueryRow.of(status, all.get(status.series()), lastDue));
        }
        queries.all().stream()
                .filter(series -> !all.containsKey(series))
                .map(SeriesStatus::nothing)
                .forEach(it -> clusters.get(it.cluster()).add(QueryRow.of(it, Map.of(), lastDue)));
        clusters.forEach(
                (cluster, rows) -> {
                    if (rows.isEmpty()) {
                        SeriesStatus nothing = SeriesStatus.nothing(cluster);
                        rows.add(QueryRow.of(nothing, Map.of(), lastDue));
                    }
                });
        Map<String, List<QueryRow>> troubledFirst = new LinkedHashMap<>();
        for (boolean incomplete : List.of(true, false)) {
            clusters.forEach(
                    (cluster, rows) -> {
                        if (isIncomplete(rows) == incomplete) {
                            troubledFirst.put(cluster, rows);
                        }
                    });
        }
        return new ClusterList(troubledFirst);
    }

    private static boolean isIncomplete(List<QueryRow> rows) {
        return rows.stream().anyMatch(QueryRow::isIncomplete);
    }

    /** Returns the rows of all clusters. */
    List<QueryRow> rows() {
        return clusters.values().stream().flatMap(List::stream).toList();
    }

    /** Writes the strips, what their looks mean and where to look first. */
    void write(Html html, Instant lastDue) {
        html.markup("<h2>The last 7 days</h2>\n");
        legend(html);
        links(html);
        axis(html, Strip.start(lastDue));
        int id = 0;
        for (Map.Entry<String, List<QueryRow>> cluster : clusters.entrySet()) {
            List<QueryRow> rows = cluster.getValue();
            boolean folded = !isIncomplete(rows) && clusters.size() > MOST_UNFOLDED;
            html.markup("<section id=\"c").number(id++);
            html.markup(folded ? "\"><details><summary><h3><bdi>" : "\"><h3><bdi>");
            html.text(cluster.getKey()).markup("</bdi></h3>");
            if (folded) {
                html.markup(" <span class=\"words\">✓ " + Count.queries(rows.size()))
                        .markup("</span></summary>");
            }
            html.markup("\n");
            rows.forEach(row -> row.write(html));
            html.markup(folded ? "</details></section>\n" : "</section>\n");
        }
    }

    private static void legend(Html html) {
        html.markup("<svg class=\"hidden\" aria-hidden=\"true\"><defs>")
                .markup("<pattern id=\"stripes\" width=\"4\" height=\"4\"")
                .markup(
                        " patternUnits=\"userSpaceOnUse\"><path class=\"back\" d=\"M0,0h4v4h-4z\"/>")
                .markup("<path class=\"front\" d=\"M0,0h4v2h-4z\"/></pattern></defs></svg>\n")
                .markup("<ul class=\"legend\">\n");
        legend(html, HourState.PUBLISHED, "published");
        legend(html, HourState.EMPTY, "published, the Metrics API had no records");
        legend(html, HourState.OPEN, "open, can still be fetched");
        legend(html, HourState.LOST, "lost for good");
        legend(html, HourState.UNKNOWN, "before the first scrape, or unknown");
        html.markup("</ul>\n");
    }

    private static void legend(Html html, HourState state, String words) {
        html.markup("<li><svg viewBox=\"0 0 16 20\" aria-hidden=\"true\"><path class=\"")
                .markup(state.style() + "\" d=\"" + state.path(0, 16) + "\"/></svg>")
                .markup(words + "</li>\n");
    }

    private void links(Html html) {
        List<String> names = new ArrayList<>(clusters.keySet());
        List<String> incomplete =
                names.stream().filter(it -> isIncomplete(clusters.get(it))).toList();
        if (incomplete.isEmpty()) {
            return;
        }
        html.markup("<p>" + Count.number(incomplete.size()) + " of ")
                .markup(Count.of(names.size(), "cluster"))
                .markup(incomplete.size() == 1 ? " is" : " are")
                .markup(" not complete: ");
        String between = "";
        for (String name : incomplete.subList(0, Math.min(incomplete.size(), MOST_LINKS))) {
            html.markup(between + "<a href=\"#c" + names.indexOf(name) + "\"><bdi>");
            html.text(name).markup("</bdi></a>");
            between = ", ";
        }
        int more = incomplete.size() - MOST_LINKS;
        html.markup(more > 0 ? " and " + more + " more" : "").markup(".</p>\n");
    }

    /** Names the days above the strips, and draws the line between them for each strip to use. */
    private static void axis(Html html, Instant start) {
        StringBuilder labels = new StringBuilder();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < Strip.HOURS; i++) {
            Instant hour = start.plus(Duration.ofHours(i));
            if (hour.atOffset(ZoneOffset.UTC).getHour() == 0) {
                lines.append("M%d,0v20".formatted(i));
                if (i <= LAST_LABEL) {
                    // in hundredths of a percent, for it is a decimal point in every locale
                    int x = i * 10_000 / Strip.HOURS;
                    labels.append("<text x=\"%d.%02d%%\" y=\"12\">".formatted(x / 100, x % 100))
                            .append(Times.day(hour))
                            .append("</text>");
                }
            }
        }
        html.markup("<div class=\"row axis\"><span class=\"query\">UTC</span><svg")
                .markup(" aria-hidden=\"true\"><defs><path id=\"days\" class=\"days\" d=\"" + lines)
                .markup("\"/></defs>" + labels + "</svg><span class=\"words\"></span></div>\n");
    }
}
