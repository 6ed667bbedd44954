package io.scrapingagent.status;

import io.scrapingagent.ledger.LedgerEntry;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.SeriesStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeSet;

/**
 * How complete a UTC month is, over all queries that are scraped. What the ledger does not reach
 * back to is not counted, and said.
 *
 * @param month the month
 * @param over whether its last hour is due
 * @param queries how many queries have hours in it
 * @param silent of how many queries nothing is published at all
 * @param begins the first hours that are counted of queries that begin after the month's start
 * @param late how many queries these are
 * @param published how many hours are published, of each query
 * @param open how many can still be published
 * @param lost how many cannot
 */
record Month(
        YearMonth month,
        boolean over,
        int queries,
        long silent,
        TreeSet<Instant> begins,
        int late,
        long published,
        long open,
        long lost) {

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("MMMM yyyy", Locale.ENGLISH);

    /**
     * Returns this month and the one before, as far as the ledger knows of them.
     *
     * @param all the ledger
     * @param rows the queries
     * @param lastDue the start of the last hour that is due
     */
    static List<Month> lastTwo(
            Map<Series, NavigableMap<Instant, LedgerEntry>> all,
            Collection<QueryRow> rows,
            Instant lastDue) {
        YearMonth current = YearMonth.from(lastDue.atOffset(ZoneOffset.UTC));
        List<QueryRow> scraped = rows.stream().filter(row -> row.status().scraped()).toList();
        return List.of(current.minusMonths(1), current).stream()
                .map(month -> of(month, all, scraped, lastDue))
                .filter(month -> month.queries() > 0)
                .toList();
    }

    private static Month of(
            YearMonth month,
            Map<Series, NavigableMap<Instant, LedgerEntry>> all,
            Collection<QueryRow> rows,
            Instant lastDue) {
        Instant start = start(month);
        Instant end = start(month.plusMonths(1));
        int queries = 0;
        TreeSet<Instant> begins = new TreeSet<>();
        int late = 0;
        long published = 0;
        long open = 0;
        long lost = 0;
        for (QueryRow row : rows) {
            SeriesStatus status = row.status();
            NavigableMap<Instant, LedgerEntry> known =
                    row.isNothing() ? null : all.get(status.series());
            if (known == null || !known.firstKey().isBefore(end)) {
                continue;
            }
            queries++;
            if (known.firstKey().isAfter(start)) {
                begins.add(known.firstKey());
                late++;
            }
            published +=
                    known.subMap(start, end).values().stream().filter(it -> !it.lost()).count();
            open += status.open().stream().filter(it -> isIn(start, end, it)).count();
            lost += status.lost().stream().filter(it -> isIn(start, end, it)).count();
        }
        long silent = rows.stream().filter(QueryRow::isNothing).count();
        boolean over = !lastDue.plus(Duration.ofHours(1)).isBefore(end);
        return new Month(month, over, queries, silent, begins, late, published, open, lost);
    }

    private static Instant start(YearMonth month) {
        return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    private static boolean isIn(Instant start, Instant end, Instant hour) {
        return !hour.isBefore(start) && hour.isBefore(end);
    }

    /** Writes the month as a line of a list. */
    void write(Html html) {
        String answer =
                open + silent > 0
                        ? "! Not complete"
                        : lost > 0 ? "! Complete but for what is lost" : "✓ Complete";
        html.markup("<li><strong>" + NAME.format(month) + "</strong> ")
                .markup(open + silent + lost > 0 ? "<b class=\"warn\">" : "<b class=\"good\">")
                .markup(answer + (over ? "" : " so far") + "</b>: ")
                .markup(Count.number(published) + " of ")
                .markup(Count.hours(published + open + lost))
                .markup(" of " + Count.queries(queries) + " published");
        if (open > 0) {
            html.markup(", " + Count.number(open) + " open");
        }
        if (lost > 0) {
            html.markup(", " + Count.number(lost) + " lost for good");
        }
        if (silent > 0) {
            html.markup(", nothing at all of " + Count.queries(silent));
        }
        html.markup(beginning()).markup(".</li>\n");
    }

    private String beginning() {
        if (late == 0) {
            return "";
        }
        String whose = late == queries ? "" : Count.queries(late) + " ";
        String when =
                begins.size() == 1
                        ? "from " + Times.minute(begins.first())
                        : "from %s or later, up to %s"
                                .formatted(
                                        Times.minute(begins.first()), Times.minute(begins.last()));
        return ", " + whose + "counted " + when + "; the ledger says nothing of earlier hours";
    }
}
