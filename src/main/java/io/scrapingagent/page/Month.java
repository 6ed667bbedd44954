package io.scrapingagent.page;

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

/**
 * How complete a UTC month is, over all queries of the clusters that are scraped. What the ledger
 * does not reach back to is not counted, and said.
 *
 * @param month the month
 * @param over whether its last hour is due
 * @param queries how many queries have hours in it
 * @param first the first hour of the month that the ledger knows of
 * @param published how many hours are published, of each query
 * @param open how many can still be published
 * @param lost how many cannot
 */
record Month(
        YearMonth month,
        boolean over,
        int queries,
        Instant first,
        long published,
        long open,
        long lost) {

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("MMMM yyyy", Locale.ENGLISH);

    /**
     * Returns this month and the one before, as far as the ledger knows of them.
     *
     * @param all the ledger
     * @param statuses what it says of each query
     * @param lastDue the start of the last hour that is due
     */
    static List<Month> lastTwo(
            Map<Series, NavigableMap<Instant, LedgerEntry>> all,
            Collection<SeriesStatus> statuses,
            Instant lastDue) {
        YearMonth current = YearMonth.from(lastDue.atOffset(ZoneOffset.UTC));
        return List.of(current.minusMonths(1), current).stream()
                .map(month -> of(month, all, statuses, lastDue))
                .filter(month -> month.queries() > 0)
                .toList();
    }

    private static Month of(
            YearMonth month,
            Map<Series, NavigableMap<Instant, LedgerEntry>> all,
            Collection<SeriesStatus> statuses,
            Instant lastDue) {
        Instant start = start(month);
        Instant end = start(month.plusMonths(1));
        int queries = 0;
        Instant first = end;
        long published = 0;
        long open = 0;
        long lost = 0;
        for (SeriesStatus status : statuses) {
            NavigableMap<Instant, LedgerEntry> known =
                    status.scraped() && !status.knowsNothing()
                            ? all.get(
                                    new Series(status.cluster(), status.metric(), status.groupBy()))
                            : null;
            if (known == null || !known.firstKey().isBefore(end)) {
                continue;
            }
            queries++;
            Instant begin = known.firstKey().isBefore(start) ? start : known.firstKey();
            first = begin.isBefore(first) ? begin : first;
            published +=
                    known.subMap(start, end).values().stream().filter(it -> !it.lost()).count();
            open += status.open().stream().filter(it -> isIn(start, end, it)).count();
            lost += status.lost().stream().filter(it -> isIn(start, end, it)).count();
        }
        boolean over = !lastDue.plus(Duration.ofHours(1)).isBefore(end);
        return new Month(month, over, queries, first, published, open, lost);
    }

    private static Instant start(YearMonth month) {
        return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    private static boolean isIn(Instant start, Instant end, Instant hour) {
        return !hour.isBefore(start) && hour.isBefore(end);
    }

    /** Writes the month as a line of a list. */
    void write(Html html) {
        boolean whole = first.equals(start(month));
        String answer =
                open > 0
                        ? "! Not complete"
                        : lost > 0 ? "! Complete but for what is lost" : "✓ Complete";
        html.markup("<li><strong>" + NAME.format(month) + "</strong> ")
                .markup(open + lost > 0 ? "<b class=\"warn\">" : "<b class=\"good\">")
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
        if (!whole) {
            html.markup(", counted from " + Times.minute(first));
            html.markup("; the ledger says nothing of earlier hours");
        }
        html.markup(".</li>\n");
    }
}
