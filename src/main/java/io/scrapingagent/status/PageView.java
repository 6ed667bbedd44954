package io.scrapingagent.status;

import io.jstach.jstache.JStache;
import io.jstach.jstache.JStacheConfig;
import io.jstach.jstache.JStacheType;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.SeriesStatus;
import io.scrapingagent.scrape.ScrapeHistory;
import io.scrapingagent.scrape.ScrapeHistory.Failure;
import io.scrapingagent.status.StatusModel.Cluster;
import io.scrapingagent.status.StatusModel.Hour;
import io.scrapingagent.status.StatusModel.Query;
import io.scrapingagent.status.StatusModel.State;
import io.scrapingagent.status.StatusModel.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
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

/** What the page's template, {@code page/status.mustache}, shows: words and no decisions. */
@JStacheConfig(type = JStacheType.STACHE)
@JStache(path = "page/status.mustache")
record PageView(
        StatusModel model,
        ScrapeHistory.View history,
        List<Failure> failures,
        boolean fenced,
        boolean withoutLedger,
        List<Fact> facts,
        String css,
        Instant time,
        String version) {

    private static final int MAX_ERRORS = 20;
    private static final int MAX_ERROR_QUERIES = 5;

    /** So many fit on a screen with all their strips; of more, only those in trouble do. */
    private static final int MAX_UNFOLDED = 6;

    /** So many strips have an element for each hour; more would make the page slow to load. */
    private static final int MAX_HOURLY = 24;

    /** Returns the page. */
    String html() {
        return new PageViewRenderer(null, Words::escaped).execute(this);
    }

    String now() {
        return Words.second(time);
    }

    String started() {
        return Words.minute(history.started());
    }

    Headline headline() {
        return Headline.of(fenced, history, model);
    }

    /** Returns this month and the one before, as far as anything is known of them. */
    List<Month> months() {
        YearMonth current = YearMonth.from(model.lastDue().atOffset(ZoneOffset.UTC));
        return Stream.of(current.minusMonths(1), current)
                .filter(month -> history.ledgerRead())
                .flatMap(month -> Month.of(month, model).stream())
                .toList();
    }

    /** Returns the last errors: those that are not over first, each reason once. */
    List<Problem> errors() {
        return Problem.of(failures).stream().limit(MAX_ERRORS).toList();
    }

    Optional<String> moreErrors() {
        int more = Problem.of(failures).size() - MAX_ERRORS;
        return more > 0 ? Optional.of(Words.number(more)) : Optional.empty();
    }

    /** Returns the clusters: those in the worst trouble first. */
    List<ClusterView> clusters() {
        return ClusterView.of(model, failures);
    }

    /** Returns {@code 2 of 5 clusters are not complete}, or nothing. */
    Optional<String> incomplete() {
        long count = model.clusters().stream().filter(it -> it.trouble().isIncomplete()).count();
        String all = Words.count(model.clusters().size(), "cluster");
        return Optional.of(count)
                .filter(it -> it > 0)
                .map(it -> it + " of " + all + (it == 1 ? " is" : " are") + " not complete");
    }

    List<Day> days() {
        return Day.of(model.lastDue());
    }

    /** Returns the outline of the lines between the days. */
    String dayLines() {
        return days().stream()
                .map(it -> "M%d,0v20".formatted(it.index()))
                .collect(Collectors.joining());
    }

    record Fact(String name, String value) {}

    /** Failures with the same reason; past where all their queries succeeded since. */
    record Problem(boolean past, String time, String queries, String reason) {

        static List<Problem> of(List<Failure> failures) {
            record Kind(boolean past, String reason) {}
            List<Failure> latestFirst = new ArrayList<>(failures);
            Collections.reverse(latestFirst);
            latestFirst.sort(Comparator.comparing(Failure::past));
            Map<Kind, List<Failure>> kinds =
                    latestFirst.stream()
                            .collect(
                                    Collectors.groupingBy(
                                            it -> new Kind(it.past(), it.reason()),
                                            LinkedHashMap::new,
                                            Collectors.toList()));
            return kinds.entrySet().stream()
                    .map(it -> of(it.getKey().past(), it.getKey().reason(), it.getValue()))
                    .toList();
        }

        private static Problem of(boolean past, String reason, List<Failure> failures) {
            List<String> names =
                    failures.stream()
                            .map(it -> it.series().map(PageView::name).orElse("all clusters"))
                            .toList();
            return new Problem(
                    past,
                    Words.minute(failures.get(0).at()),
                    Words.first(MAX_ERROR_QUERIES, names, "query"),
                    reason);
        }
    }

    /**
     * The agent's state in a few words.
     *
     * @param tone how it looks
     * @param state one or two words
     * @param sentence what they mean now
     */
    record Headline(Tone tone, String state, String sentence) {

        /** How the headline looks. */
        enum Tone {
            GOOD,
            WAIT,
            WARN,
            BAD
        }

        String style() {
            return tone.name().toLowerCase(Locale.ROOT);
        }

        /**
         * Says how things stand.
         *
         * @param fenced whether another agent took over
         * @param history what the scrapes came to
         * @param model all queries
         */
        static Headline of(boolean fenced, ScrapeHistory.View history, StatusModel model) {
            if (fenced) {
                return new Headline(
                        Tone.BAD,
                        "Stopped",
                        "Another agent publishes to the same topic, so this one does not scrape any"
                                + " more. What it shows is what it saw last: look at the other one,"
                                + " or restart this one if it was a backfill that has ended.");
            }
            if (!history.ledgerRead()) {
                boolean failed = !history.failures().isEmpty();
                return new Headline(
                        failed ? Tone.BAD : Tone.WAIT,
                        "Not scraped yet",
                        failed
                                ? "No scrape could begin since this process started: see the last"
                                        + " errors."
                                : "This process has not found out yet which hours are published.");
            }
            List<Query> scraped = model.queries().filter(it -> it.status().scraped()).toList();
            String rest = lost(scraped) + dropped(scraped);
            List<SeriesStatus> behind =
                    scraped.stream()
                            .map(Query::status)
                            .filter(it -> !it.open().isEmpty())
                            .sorted(Comparator.comparing(it -> it.open().get(0)))
                            .toList();
            if (!behind.isEmpty()) {
                String hours = Words.count(openHours(behind), "hour");
                String trouble = trouble(behind, history.failures()) + rest;
                return history.running()
                        ? new Headline(
                                Tone.WAIT, "Scraping", "Under way, " + hours + " open: " + trouble)
                        : new Headline(Tone.WARN, hours + " open", trouble);
            }
            String due = "The last due hour is %s.%s";
            String sentence = due.formatted(Words.hours(model.lastDue(), 1), rest);
            if (scraped.stream().anyMatch(Query::isUnpublished)) {
                return new Headline(
                        history.running() ? Tone.WAIT : Tone.WARN,
                        "Not complete",
                        "Nothing is published yet where the rows below say so. " + sentence);
            }
            return lost(scraped).isEmpty()
                    ? new Headline(
                            Tone.GOOD, "Complete", "Every due hour is published. " + sentence)
                    : new Headline(Tone.WARN, "Nothing open, but hours are lost", sentence);
        }

        /** Names the query that waits longest, since when, why, and who has to do something. */
        private static String trouble(List<SeriesStatus> behind, List<Failure> failures) {
            SeriesStatus worst = behind.get(0);
            List<String> names = behind.stream().map(it -> name(it.series())).toList();
            String which =
                    "%s, since %s"
                            .formatted(
                                    Words.first(1, names, "query"),
                                    Words.minute(worst.open().get(0)));
            return failure(failures, worst.series())
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

        /** Hours of the clock, however many queries they are open for. */
        private static long openHours(List<SeriesStatus> behind) {
            return behind.stream().flatMap(it -> it.open().stream()).distinct().count();
        }

        private static String lost(List<Query> scraped) {
            long lost =
                    scraped.stream()
                            .flatMap(it -> it.hours().stream())
                            .filter(it -> it.state() == State.LOST)
                            .map(Hour::start)
                            .distinct()
                            .count();
            return lost == 0
                    ? ""
                    : " In the last 7 days %s %s lost for good."
                            .formatted(Words.count(lost, "hour"), lost == 1 ? "was" : "were");
        }

        private static String dropped(List<Query> scraped) {
            List<String> names =
                    scraped.stream()
                            .filter(Query::hasDropped)
                            .map(it -> name(it.status().series()))
                            .toList();
            return names.isEmpty()
                    ? ""
                    : " Less than half the records of the day before: %s."
                            .formatted(Words.first(1, names, "query"));
        }
    }

    /** How complete a UTC month is, over all queries that are scraped. */
    record Month(String name, boolean complete, String answer, String words) {

        /**
         * What the ledger does not reach back to is missing: nobody knows whether it was published.
         */
        static Optional<Month> of(YearMonth month, StatusModel model) {
            Instant start = start(month);
            Instant end = start(month.plusMonths(1));
            Instant firstAfter = model.lastDue().plus(Duration.ofHours(1));
            boolean over = !firstAfter.isBefore(end);
            Instant due = over ? end : firstAfter;
            List<Query> scraped = model.queries().filter(it -> it.status().scraped()).toList();
            long all = Duration.between(start, due).toHours() * scraped.size();
            long open = 0;
            long lost = 0;
            long unknown = 0;
            Instant earliest = due;
            for (Query query : scraped) {
                SeriesStatus status = query.status();
                Instant begin = status.begin().orElse(due);
                if (begin.isAfter(start)) {
                    Instant known = begin.isBefore(due) ? begin : due;
                    unknown += Duration.between(start, known).toHours();
                    earliest = known.isBefore(earliest) ? known : earliest;
                }
                open += count(status.open(), start, end);
                lost += count(status.lost(), start, end);
            }
            if (unknown == all) {
                return Optional.empty();
            }
            String answer =
                    open + unknown > 0
                            ? "! Not complete"
                            : lost > 0 ? "! Complete but for what is lost" : "✓ Complete";
            String words =
                    "%s of %s of %s published"
                            .formatted(
                                    Words.number(all - open - lost - unknown),
                                    Words.count(all, "hour"),
                                    Words.count(scraped.size(), "query"));
            String since = earliest.isBefore(due) ? Words.minute(earliest) : "";
            return Optional.of(
                    new Month(
                            Words.month(start),
                            open + lost + unknown == 0,
                            over ? answer : answer + " so far",
                            words
                                    + some(open, " open")
                                    + some(lost, " lost for good")
                                    + some(unknown, " unknown")
                                    + (since.isEmpty()
                                            ? ""
                                            : ": the ledger begins with " + since)));
        }

        private static Instant start(YearMonth month) {
            return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        }

        private static long count(List<Instant> hours, Instant start, Instant end) {
            return hours.stream().filter(it -> !it.isBefore(start) && it.isBefore(end)).count();
        }
    }

    /** Where a day begins in the strips; the last name ends with them if it has no room. */
    record Day(int index, String x, boolean last, String name) {

        /** A name that begins later than this would not fit. */
        private static final int LAST_LABEL = StatusModel.HOURS - 20;

        static List<Day> of(Instant lastDue) {
            Instant start = lastDue.minus(Duration.ofHours(StatusModel.HOURS - 1L));
            List<Day> days = new ArrayList<>();
            for (int i = 0; i < StatusModel.HOURS; i++) {
                Instant hour = start.plus(Duration.ofHours(i));
                if (StatusModel.isMidnight(hour)) {
                    boolean last = i > LAST_LABEL;
                    // a decimal point in every locale
                    double percent = last ? 100 : 100.0 * i / StatusModel.HOURS;
                    String x = String.format(Locale.ROOT, "%.2f%%", percent);
                    days.add(new Day(i, x, last, Words.day(hour)));
                }
            }
            return days;
        }
    }

    /** A cluster; folded it is shown as a line of words. */
    record ClusterView(String name, boolean folded, String words, List<Row> rows) {

        static List<ClusterView> of(StatusModel model, List<Failure> failures) {
            List<Cluster> troubledFirst =
                    model.clusters().stream()
                            .sorted(Comparator.comparing(Cluster::trouble).reversed())
                            .toList();
            boolean many = troubledFirst.size() > MAX_UNFOLDED;
            List<ClusterView> views = new ArrayList<>();
            int rows = 0;
            for (Cluster cluster : troubledFirst) {
                List<Row> its = new ArrayList<>();
                for (Query query : cluster.queries()) {
                    its.add(Row.of(rows++, query, failures));
                }
                views.add(
                        new ClusterView(
                                cluster.name(),
                                many && cluster.trouble() == Trouble.NONE,
                                "✓ %s, %s in 24 hours"
                                        .formatted(
                                                Words.count(its.size(), "query"),
                                                Words.count(records(cluster), "record")),
                                its));
            }
            return views;
        }

        private static long records(Cluster cluster) {
            return cluster.queries().stream().mapToLong(it -> it.lastDay().records()).sum();
        }
    }

    /**
     * A query of a cluster, or a cluster of which nothing is known.
     *
     * @param index tells it from others on the page
     * @param query what became of its hours
     * @param why the reason of those that are open
     */
    record Row(int index, Query query, String why) {

        static Row of(int index, Query query, List<Failure> failures) {
            return new Row(
                    index,
                    query,
                    failure(failures, query.status().series())
                            .map(it -> Words.cut(it.reason(), 100))
                            .orElse("not fetched yet"));
        }

        /** Tells whether each hour has an element; else those of the same state have one. */
        boolean hourly() {
            return index < MAX_HOURLY;
        }

        boolean named() {
            return !query.status().hasNoQuery();
        }

        String name() {
            return named() ? PageView.name(query.status().series()) : query.status().cluster();
        }

        /** Labels differ in what stands behind their last dot. */
        String label() {
            return query.status().groupBy().replaceAll("[^,]*\\.", "").replace(",", ", ");
        }

        String words() {
            if (query.isUnpublished()) {
                return "! nothing published yet";
            }
            int empty = query.count(State.EMPTY);
            return "%s %d of %s%s%s%s%s"
                    .formatted(
                            query.trouble().isIncomplete() ? "!" : "✓",
                            query.count(State.PUBLISHED) + empty,
                            Words.count(StatusModel.HOURS - query.count(State.UNKNOWN), "hour"),
                            someFrom(State.OPEN, " open"),
                            someFrom(State.LOST, " lost"),
                            some(empty, " without records"),
                            query.status().scraped() ? "" : ", not scraped any more");
        }

        private String someFrom(State state, String word) {
            return query.hours().stream()
                    .filter(it -> it.state() == state)
                    .findFirst()
                    .map(
                            it ->
                                    some(query.count(state), word)
                                            + " (from %s)".formatted(Words.minute(it.start())))
                    .orElse("");
        }

        List<Run> runs() {
            List<Hour> hours = query.hours();
            List<Run> runs = new ArrayList<>();
            int first = 0;
            for (int i = 1; i <= hours.size(); i++) {
                State state = hours.get(first).state();
                if (i == hours.size() || hours.get(i).state() != state) {
                    runs.add(new Run(hours.get(first).style(), path(state, first, i - first)));
                    first = i;
                }
            }
            return runs;
        }

        private static String path(State state, int first, int hours) {
            String shape =
                    switch (state) {
                        case PUBLISHED -> "M%d,4h%dv12h-%dz";
                        case EMPTY -> "M%d,11h%dv5h-%dz";
                        case OPEN, LOST -> "M%d,0h%dv20h-%dz";
                        case UNKNOWN -> "M%d,15h%dv1h-%dz";
                    };
            return shape.formatted(first, hours, hours);
        }
    }

    /** Adjacent hours of the same state; the height of the path says the same as the style. */
    record Run(String style, String path) {}

    private static String some(long count, String word) {
        return count == 0 ? "" : ", " + Words.number(count) + word;
    }

    private static Optional<Failure> failure(List<Failure> failures, Series series) {
        return failures.stream()
                .filter(it -> !it.past() && it.series().equals(Optional.of(series)))
                .findFirst();
    }

    private static String name(Series series) {
        return series.cluster() + " " + series.shortName();
    }
}
