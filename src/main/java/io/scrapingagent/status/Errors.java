package io.scrapingagent.status;

import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.scrape.ScrapeHistory.Failure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The last errors: those that are not over first, each reason once. */
final class Errors {

    private static final int MOST_REASONS = 20;
    private static final int MOST_QUERIES = 5;

    private record Kind(boolean past, String reason) {}

    private Errors() {}

    static void write(Html html, Collection<Failure> failures) {
        html.markup("<h2>Last errors</h2>\n");
        if (failures.isEmpty()) {
            html.markup("<p>None since this process started.</p>\n");
            return;
        }
        List<Failure> latestFirst = new ArrayList<>(failures);
        Collections.reverse(latestFirst);
        latestFirst.sort(Comparator.comparing(Failure::past));
        Map<Kind, List<Failure>> kinds = new LinkedHashMap<>();
        latestFirst.forEach(
                it ->
                        kinds.computeIfAbsent(
                                        new Kind(it.past(), it.reason()), kind -> new ArrayList<>())
                                .add(it));
        html.markup("<ul class=\"errors\">\n");
        kinds.entrySet().stream()
                .limit(MOST_REASONS)
                .forEach(it -> write(html, it.getKey(), it.getValue()));
        html.markup("</ul>\n");
        if (kinds.size() > MOST_REASONS) {
            html.markup(
                    "<p>And " + (kinds.size() - MOST_REASONS) + " more; the log has all.</p>\n");
        }
    }

    private static void write(Html html, Kind kind, List<Failure> failures) {
        Instant latest = failures.get(0).at();
        html.markup(kind.past() ? "<li class=\"past\"><b>Over</b> " : "<li><b>Failing</b> ")
                .markup(Times.minute(latest) + " ");
        String between = "";
        for (Failure failure : failures.subList(0, Math.min(failures.size(), MOST_QUERIES))) {
            html.markup(between + "<bdi>").text(name(failure)).markup("</bdi>");
            between = ", ";
        }
        if (failures.size() > MOST_QUERIES) {
            html.markup(" and " + Count.queries(failures.size() - MOST_QUERIES) + " more");
        }
        html.markup(": <bdi>").text(kind.reason()).markup("</bdi></li>\n");
    }

    private static String name(Failure failure) {
        return failure.series().map(Errors::name).orElse("all clusters");
    }

    private static String name(Series series) {
        return series.cluster()
                + " "
                + series.metric().substring(series.metric().lastIndexOf('/') + 1);
    }
}
