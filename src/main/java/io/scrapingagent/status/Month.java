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
 * back to is missing: nobody knows whether it was published.
 *
 * @param month the month
 * @param over whether its last hour is due
 * @param queries how many queries are scraped
 * @param silent of how many of them nothing is published at all
 * @param begins the first known hours of queries that begin after the month's start
 * @param published how many hours are published, of each query
 * @param open how many can still be published
 * @param lost how many cannot
 * @param unknown how many due hours the ledger says nothing of
 */
record Month(
        YearMonth month,
        boolean over,
        int queries,
        long silent,
        TreeSet<Instant> begins,
        long published,
        long open,
        long lost,
        long unknown) {

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
                .filter(month -> month.published() + month.open() + month.lost() > 0)
                .toList();
    }

    private static Month of(
            YearMonth month,
            Map<Series, NavigableMap<Instant, LedgerEntry>> all,
            Collection<QueryRow> rows,
            Instant lastDue) {
        Instant start = start(month);
        Instant end = start(month.plusMonths(1));
        Instant firstAfter = lastDue.plus(Duration.ofHours(1));
        Instant due = firstAfter.isBefore(end) ? firstAfter : end;
        TreeSet<Instant> begins = new TreeSet<>();
        long published = 0;
        long open = 0;
        long lost = 0;
        long unknown = 0;
        for (QueryRow row : rows) {
            SeriesStatus status = row.status();
            NavigableMap<Instant, LedgerEntry> known =
                    row.isNothing() ? null : all.get(status.series());
            if (known == null || !known.firstKey().isBefore(due)) {
                unknown += Duration.between(start, due).toHours();
                continue;
            }
            if (known.firstKey().isAfter(start)) {
                begins.add(known.firstKey());
                unknown += Duration.between(start, known.firstKey()).toHours();
            }
            published +=
                    known.subMap(start, end).values().stream().filter(it -> !it.lost()).count();
            open += status.open().stream().filter(it -> isIn(start, end, it)).count();
            lost += status.lost().stream().filter(it -> isIn(start, end, it)).count();
        }
        long silent = rows.stream().filter(QueryRow::isNothing).count();
        return new Month(
                month,
                due.equals(end),
                rows.size(),
                silent,
                begins,
                published,
                open,
                lost,
                unknown);
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
                open + unknown > 0
                        ? "! Not complete"
                        : lost > 0 ? "! Complete but for what is lost" : "✓ Complete";
        html.markup("<li><strong>" + NAME.format(month) + "</strong> ")
                .markup(open + unknown + lost > 0 ? "<b class=\"warn\">" : "<b class=\"good\">")
                .markup(answer + (over ? "" : " so far") + "</b>: ")
                .markup(Count.number(published) + " of ")
                .markup(Count.hours(published + open + lost + unknown))
                .markup(" of " + Count.queries(queries) + " published");
        if (open > 0) {
            html.markup(", " + Count.number(open) + " open");
        }
        if (lost > 0) {
            html.markup(", " + Count.number(lost) + " lost for good");
        }
        if (unknown > 0) {
            html.markup(", " + Count.number(unknown) + " unknown" + beginning());
        }
        html.markup(".</li>\n");
    }

    private String beginning() {
        String since =
                begins.isEmpty()
                        ? ""
                        : ": the ledger begins with "
                                + Times.minute(begins.first())
                                + (begins.size() == 1
                                        ? ""
                                        : ", of other queries as late as "
                                                + Times.minute(begins.last()));
        return since + (silent == 0 ? "" : "; nothing is known of " + Count.queries(silent));
    }
}
