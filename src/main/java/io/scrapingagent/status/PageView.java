package io.scrapingagent.status;

import io.jstach.jstache.JStache;
import io.jstach.jstache.JStacheConfig;
import io.jstach.jstache.JStacheType;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.LedgerTopic;
import io.scrapingagent.ledger.ListedResource;
import io.scrapingagent.scrape.ScrapeHistory;
import io.scrapingagent.scrape.ScrapeHistory.Failure;
import io.scrapingagent.status.StatusModel.Cluster;
import io.scrapingagent.status.StatusModel.SeriesStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the page's template, {@code status-page/status.mustache}, shows: what counts, in words.
 *
 * @param failures those of the history, without those of queries that are no longer scraped
 */
@JStacheConfig(type = JStacheType.STACHE)
@JStache(path = "status-page/status.mustache")
record PageView(
        StatusModel model,
        ScrapeHistory.View history,
        List<Failure> failures,
        boolean fenced,
        boolean withoutLedger,
        List<Fact> facts,
        Map<String, ListedResource> listed,
        String css,
        Instant time,
        String version) {

    private static final int MAX_ERRORS = 20;
    private static final int MAX_ERROR_NAMES = 5;

    /**
     * The clusters after these are folded to a line of words and have no element for each hour:
     * with hundreds a browser would be slow.
     */
    private static final int MAX_UNFOLDED = 6;

    /** Returns the page. */
    String html() {
        return new PageViewRenderer(null, Words::escaped).execute(this);
    }

    String now() {
        return Words.minute(time);
    }

    String started() {
        return Words.minute(history.started());
    }

    /** Says how things stand. */
    Headline headline() {
        if (fenced) {
            return new Headline(
                    "bad",
                    "Stopped",
                    "Another agent publishes to the same topic, so this one does not scrape any"
                            + " more. Hours since then look open here, published or not: look at"
                            + " the other one, or restart this one if it was a backfill that has"
                            + " ended.");
        }
        if (!history.ledgerRead()) {
            return new Headline(
                    failures.isEmpty() ? "wait" : "bad",
                    "Not scraped yet",
                    "This process does not know yet which hours are published.");
        }
        List<SeriesStatus> behind =
                scraped()
                        .filter(it -> !it.open().isEmpty())
                        .sorted(Comparator.comparing(it -> it.open().get(0)))
                        .toList();
        long lost = scraped().flatMap(it -> it.lost().stream()).distinct().count();
        String rest =
                lost == 0
                        ? ""
                        : " Lost for good in the last 30 days: %s."
                                .formatted(Words.count(lost, "hour"));
        if (!behind.isEmpty()) {
            long open = behind.stream().flatMap(it -> it.open().stream()).distinct().count();
            return new Headline(
                    history.running() ? "wait" : "warn",
                    Words.count(open, "hour") + " open",
                    waiting(behind) + rest);
        }
        Optional<Failure> list =
                failures.stream().filter(it -> !it.past() && it.isOfList()).findFirst();
        if (list.isPresent()) {
            String which = "The %s is missing: ".formatted(list.get().what());
            return scraped().findAny().isEmpty()
                    ? new Headline("bad", "Nothing is scraped", which + reason(list.get()))
                    : new Headline(
                            "warn",
                            "Nothing known is open, but a list is missing",
                            which + reason(list.get()) + rest);
        }
        List<String> unasked =
                model.queries()
                        .filter(SeriesStatus::isClusterOnly)
                        .map(SeriesStatus::cluster)
                        .toList();
        if (!unasked.isEmpty()) {
            return new Headline(
                    "warn",
                    "Nothing known is open, but not all is scraped",
                    "No step of the routes asks for %s%s.%s"
                            .formatted(
                                    unasked.get(0), Words.some(unasked.size() - 1L, "more"), rest));
        }
        String due =
                "The last due hour began at %s.%s".formatted(Words.minute(model.lastDue()), rest);
        return lost == 0
                ? new Headline("good", "Complete", "Every due hour is published. " + due)
                : new Headline("warn", "Nothing open, but hours are lost", due);
    }

    private Stream<SeriesStatus> scraped() {
        return model.queries().filter(it -> it.scraped() && !it.isClusterOnly());
    }

    /** Names the query that waits longest, since when, why, and who has to do something. */
    private String waiting(List<SeriesStatus> behind) {
        SeriesStatus worst = behind.get(0);
        List<String> names = behind.stream().map(it -> Words.name(it.series())).toList();
        String which = Words.first(1, names) + ", since " + Words.minute(worst.open().get(0));
        return failure(worst.series(), lasting())
                .map(it -> which + ": " + reason(it))
                .orElse(which + ", and " + nextScrape() + ".");
    }

    /** Returns why something failed, and who has to do something about it. */
    String reason(Failure failure) {
        String passing =
                withoutLedger && !failure.isOfList()
                        ? "Without a ledger it is not fetched again."
                        : "It is retried.";
        return failure.reason().replaceFirst("[.]?$", ". ")
                + (failure.passing() ? passing : "This needs you.");
    }

    private String nextScrape() {
        if (history.running()) {
            // it may have become due since that began
            return "the scrape under way or the next one fetches it";
        }
        return withoutLedger
                ? "without a ledger no later scrape fetches it"
                : "the next scrape fetches it";
    }

    /** Returns this month and the one before, as far as anything is known of them. */
    List<Month> months() {
        YearMonth current = YearMonth.from(model.lastDue().atOffset(ZoneOffset.UTC));
        // with those of clusters that are gone: their hours are to be paid for, too
        List<SeriesStatus> queries = model.queries().filter(it -> !it.isClusterOnly()).toList();
        return Stream.of(current.minusMonths(1), current)
                .filter(month -> history.ledgerRead())
                .flatMap(month -> Month.of(month, queries, model.lastDue()).stream())
                .toList();
    }

    /** Returns the last errors: those that are not over first, each reason once. */
    List<Problem> errors() {
        List<Failure> latestFirst = new ArrayList<>(failures);
        Collections.reverse(latestFirst);
        latestFirst.sort(Comparator.comparing(Failure::past));
        Map<List<Object>, List<Failure>> kinds = new LinkedHashMap<>();
        for (Failure it : latestFirst) {
            kinds.computeIfAbsent(List.of(it.past(), it.reason()), kind -> new ArrayList<>())
                    .add(it);
        }
        return kinds.values().stream().limit(MAX_ERRORS).map(Problem::of).toList();
    }

    /** Returns where each day begins in the strips. */
    List<Day> days() {
        List<Day> days = new ArrayList<>();
        for (int i = 0; i < StatusModel.HOURS; i++) {
            Instant hour = model.lastDue().minus(Duration.ofHours(StatusModel.HOURS - 1L - i));
            if (hour.equals(hour.truncatedTo(ChronoUnit.DAYS))) {
                // a decimal point in every locale
                String x = String.format(Locale.ROOT, "%.2f%%", 100.0 * i / StatusModel.HOURS);
                days.add(new Day(x, Words.day(hour)));
            }
        }
        return days;
    }

    /** Returns the clusters: those in the worst trouble first. */
    List<ClusterView> clusters() {
        List<Cluster> troubledFirst =
                model.clusters().stream()
                        .sorted(Comparator.comparing(Cluster::trouble).reversed())
                        .toList();
        Map<Optional<Series>, Failure> lasting = lasting();
        List<ClusterView> views = new ArrayList<>();
        for (Cluster it : troubledFirst) {
            List<Row> rows = it.queries().stream().map(query -> row(query, lasting)).toList();
            Optional<String> its =
                    Optional.ofNullable(listed.get(it.name())).map(ListedResource::words);
            views.add(new ClusterView(it, views.size() >= MAX_UNFOLDED, its, rows));
        }
        return views;
    }

    private Row row(SeriesStatus query, Map<Optional<Series>, Failure> lasting) {
        if (query.isClusterOnly()) {
            return new Row(query, "no step of the routes asks for it");
        }
        if (!query.scraped()) {
            return new Row(query, "it is not scraped any more");
        }
        Optional<Failure> failure = failure(query.series(), lasting);
        return new Row(query, failure.map(this::reason).orElse(nextScrape()));
    }

    /** Returns why a query failed last: for itself, or for a reason that all queries share. */
    private static Optional<Failure> failure(
            Series series, Map<Optional<Series>, Failure> lasting) {
        return Stream.of(Optional.<Series>empty(), Optional.of(series))
                .flatMap(it -> Stream.ofNullable(lasting.get(it)))
                .max(Comparator.comparing(Failure::at));
    }

    /**
     * Returns the failures that are not over, without those of lists: each by its query, and that
     * of whole scrapes, of which there is one at most, by an empty key.
     */
    private Map<Optional<Series>, Failure> lasting() {
        return failures.stream()
                .filter(it -> !it.past() && !it.isOfList())
                .collect(Collectors.toMap(Failure::series, it -> it));
    }

    /**
     * The agent's state in a few words.
     *
     * @param style how it looks: good, wait, warn or bad
     * @param state a few words
     * @param sentence what they mean now
     */
    record Headline(String style, String state, String sentence) {}

    record Fact(String name, String value) {}

    record Day(String x, String name) {}

    /**
     * Failures with the same reason.
     *
     * @param failed what failed: lists and whole scrapes first, then queries
     */
    record Problem(boolean past, String time, String failed, String reason) {

        private static Problem of(List<Failure> same) {
            List<String> names =
                    same.stream()
                            .sorted(Comparator.comparing(it -> it.series().isPresent()))
                            .map(it -> it.series().map(Words::name).orElse(it.what()))
                            .toList();
            Failure latest = same.get(0);
            return new Problem(
                    latest.past(),
                    Words.minute(latest.at()),
                    Words.first(MAX_ERROR_NAMES, names),
                    latest.reason());
        }
    }

    /** How complete a UTC month is, over all queries that are scraped or were. */
    record Month(String name, boolean complete, String answer, String words) {

        /**
         * It counts the hours that the ledger can still have. Hours before a query's first known
         * one count as missing: nobody knows whether they were published.
         */
        private static Optional<Month> of(
                YearMonth month, List<SeriesStatus> queries, Instant lastDue) {
            Instant begin = start(month);
            Instant next = start(month.plusMonths(1));
            Instant oldest = lastDue.minus(LedgerTopic.RETENTION);
            Instant from = oldest.isAfter(begin) ? oldest : begin;
            Instant firstNotDue = lastDue.plus(Duration.ofHours(1));
            boolean over = !firstNotDue.isBefore(next);
            Instant end = over ? next : firstNotDue;
            long all = 0;
            long open = 0;
            long lost = 0;
            long unknown = 0;
            // "all" counts each query's hours up to its last known one, "unknown" those before its
            // first known one
            for (SeriesStatus query : queries) {
                open += count(query.open(), from, end);
                lost += count(query.lost(), from, end);
                Instant last = query.lastKnown().orElse(lastDue);
                all += hours(from, earlier(end, last.plus(Duration.ofHours(1))));
                unknown += hours(from, earlier(end, query.firstKnown().orElse(end)));
            }
            if (unknown == all) {
                return Optional.empty();
            }
            long missing = open + lost + unknown;
            String answer = missing == 0 ? "✓ Complete" : "! Not complete";
            String since = from.equals(begin) ? "" : " since " + Words.minute(from);
            String soFar = over ? "" : since.isEmpty() ? " so far" : " so far,";
            String before = "unknown, from before a query’s first known hour";
            String words =
                    "%s of %s, summed over %s, published%s%s%s"
                            .formatted(
                                    Words.number(all - missing),
                                    Words.count(all, "hour"),
                                    Words.count(queries.size(), "query"),
                                    Words.some(open, "open"),
                                    Words.some(lost, "lost for good"),
                                    Words.some(unknown, before));
            return Optional.of(
                    new Month(Words.month(begin), missing == 0, answer + soFar + since, words));
        }

        private static Instant start(YearMonth month) {
            return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        }

        private static Instant earlier(Instant one, Instant other) {
            return one.isBefore(other) ? one : other;
        }

        /** Returns how many hours lie between; none where the end is before the start. */
        private static long hours(Instant start, Instant end) {
            return Math.max(0, Duration.between(start, end).toHours());
        }

        private static long count(List<Instant> hours, Instant start, Instant end) {
            return hours.stream().filter(it -> !it.isBefore(start) && it.isBefore(end)).count();
        }
    }

    /**
     * A query.
     *
     * @param why the reason of its open hours, or why there is no query
     */
    record Row(SeriesStatus query, String why) {}

    /**
     * A cluster.
     *
     * @param folded whether it is shown as a line of words, which unfolds
     * @param listed what became of it in the Metrics API's lists; nothing if it was never in one
     */
    record ClusterView(Cluster cluster, boolean folded, Optional<String> listed, List<Row> rows) {

        String words() {
            List<SeriesStatus> queries =
                    cluster.queries().stream().filter(it -> !it.isClusterOnly()).toList();
            long records = queries.stream().mapToLong(it -> it.lastDay().records()).sum();
            return "%s %s, %s in 24 hours"
                    .formatted(
                            cluster.queries().stream().anyMatch(SeriesStatus::scraped)
                                    ? cluster.trouble().mark()
                                    : "–",
                            Words.count(queries.size(), "query"),
                            Words.count(records, "record"));
        }
    }
}
