package io.scrapingagent.status;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.scrapingagent.ledger.Coverage;
import io.scrapingagent.ledger.Hours.Gaps;
import io.scrapingagent.ledger.Ledger.Entry;
import io.scrapingagent.ledger.LedgerKey.Series;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What is published, open and lost, for those who show it: the page and the command {@code status}.
 *
 * @param lastDue the start of the last hour that is due
 * @param clusters those that are scraped, then others that the ledger has
 */
public record StatusModel(Instant lastDue, List<Cluster> clusters) {

    /** How many hours are shown one by one: 7 days. */
    static final int HOURS = 168;

    private static final int DAY = 24;

    /** A drop by so few records is usual: a topic is deleted, an application ends. */
    private static final int FEW = 2;

    /** What has become of an hour of a query. */
    enum State {
        PUBLISHED,
        /** Published without records: the API had none, or the routes dropped them. */
        EMPTY,
        OPEN,
        LOST,
        /** Before the first known hour or after the last wanted one, or forgotten by the ledger. */
        UNKNOWN
    }

    /** What is the matter with a query or a cluster; the worse, the later. */
    enum Trouble {
        NONE,
        /** Nothing is missing, but there are suddenly fewer records. */
        DROPPED,
        LOST,
        OPEN;

        /** Returns ! for what is open or lost; else ✓. */
        String mark() {
            return compareTo(LOST) < 0 ? "✓" : "!";
        }
    }

    /**
     * Makes the model.
     *
     * @param coverage what is published, open and lost
     * @param clusters what is scraped
     * @param queries those to show even if the ledger has nothing of them
     * @param scraped tells whether a query is scraped
     */
    public static StatusModel of(
            Coverage coverage,
            List<String> clusters,
            Collection<Series> queries,
            Predicate<Series> scraped) {
        Instant lastDue = coverage.lastDue();
        SortedMap<Series, NavigableMap<Instant, Entry>> known = coverage.known();
        queries.forEach(it -> known.putIfAbsent(it, Collections.emptyNavigableMap()));
        Map<String, List<SeriesStatus>> byCluster = new LinkedHashMap<>();
        clusters.forEach(it -> byCluster.put(it, new ArrayList<>()));
        for (Map.Entry<Series, NavigableMap<Instant, Entry>> its : known.entrySet()) {
            Series series = its.getKey();
            boolean isScraped = scraped.test(series);
            Gaps gaps = coverage.toShow(series, isScraped, its.getValue());
            byCluster
                    .computeIfAbsent(series.cluster(), it -> new ArrayList<>())
                    .add(SeriesStatus.of(series, isScraped, its.getValue(), gaps, lastDue));
        }
        List<Cluster> all = new ArrayList<>();
        byCluster.forEach(
                (name, its) -> {
                    if (its.isEmpty()) {
                        Series none = new Series(name, null, null);
                        Gaps noGaps = new Gaps(List.of(), List.of());
                        its.add(SeriesStatus.of(none, true, new TreeMap<>(), noGaps, lastDue));
                    }
                    all.add(new Cluster(name, its));
                });
        return new StatusModel(lastDue, all);
    }

    /** Returns the queries of all clusters. */
    public Stream<SeriesStatus> queries() {
        return clusters.stream().flatMap(it -> it.queries().stream());
    }

    /** Returns when an agent last published one of the last 7 days' hours. */
    public Optional<Instant> lastPublication() {
        return queries()
                .flatMap(it -> it.week().stream())
                .flatMap(it -> it.publishedAt().stream())
                .max(Instant::compareTo);
    }

    /**
     * A cluster.
     *
     * @param name its id
     * @param queries its queries; if none is known, one row that has only the cluster
     */
    public record Cluster(String name, List<SeriesStatus> queries) {

        /** Returns the worst that is the matter with a query. */
        Trouble trouble() {
            return queries.stream()
                    .map(SeriesStatus::trouble)
                    .max(Trouble::compareTo)
                    .orElseThrow();
        }
    }

    /**
     * A query of a cluster. Its JSON is what {@code status} prints. For a cluster of which no query
     * is known, {@code metric} and {@code groupBy} are null.
     *
     * @param metric the metric's full name, or null
     * @param groupBy the label that its values are grouped by, or null
     * @param scraped whether it is one of those that the agent scrapes
     * @param first the start of the first published hour, or null
     * @param last the start of the last published hour, or null
     * @param hours how many hours are published
     * @param records how many records they have
     * @param open the due hours that are not published but can be, oldest first
     * @param lost the hours that the Metrics API no longer has, oldest first
     * @param week the last 7 days, oldest first
     * @param lastHour how many records the last due hour has
     * @param lastDay how many records the last 24 hours have
     */
    @JsonIgnoreProperties({"week", "lastHour", "lastDay", "clusterOnly"})
    public record SeriesStatus(
            String cluster,
            String metric,
            @JsonProperty("group_by") String groupBy,
            boolean scraped,
            @JsonSerialize(using = ToStringSerializer.class) Instant first,
            @JsonSerialize(using = ToStringSerializer.class) Instant last,
            int hours,
            long records,
            @JsonSerialize(contentUsing = ToStringSerializer.class) List<Instant> open,
            @JsonSerialize(contentUsing = ToStringSerializer.class) List<Instant> lost,
            List<Hour> week,
            Volume lastHour,
            Volume lastDay) {

        /** An hour that is open so long after it was due needs somebody's attention. */
        private static final Duration PATIENCE = Duration.ofHours(2);

        private static SeriesStatus of(
                Series series,
                boolean scraped,
                SortedMap<Instant, Entry> known,
                Gaps gaps,
                Instant lastDue) {
            TreeMap<Instant, Entry> published = new TreeMap<>(known);
            published.values().removeIf(Entry::lost);
            List<Hour> week = week(known, gaps, lastDue);
            return new SeriesStatus(
                    series.cluster(),
                    series.metric(),
                    series.groupBy(),
                    scraped,
                    published.isEmpty() ? null : published.firstKey(),
                    published.isEmpty() ? null : published.lastKey(),
                    published.size(),
                    published.values().stream().mapToLong(Entry::records).sum(),
                    gaps.open(),
                    gaps.lost(),
                    week,
                    Volume.of(week, 1),
                    Volume.of(week, DAY));
        }

        private static List<Hour> week(Map<Instant, Entry> known, Gaps gaps, Instant lastDue) {
            Set<Instant> open = new HashSet<>(gaps.open());
            Set<Instant> lost = new HashSet<>(gaps.lost());
            List<Hour> hours = new ArrayList<>(HOURS);
            for (int i = HOURS - 1; i >= 0; i--) {
                Instant hour = lastDue.minus(Duration.ofHours(i));
                Entry entry = known.get(hour);
                State state = State.UNKNOWN;
                if (lost.contains(hour)) {
                    state = State.LOST;
                } else if (open.contains(hour)) {
                    state = State.OPEN;
                } else if (entry != null) {
                    state = entry.records() == 0 ? State.EMPTY : State.PUBLISHED;
                }
                hours.add(new Hour(hour, state, entry));
            }
            return hours;
        }

        /** Returns the query and its cluster; of a cluster alone there is none. */
        public Series series() {
            return new Series(cluster, metric, groupBy);
        }

        /** Tells whether this stands for a cluster without any query. */
        public boolean isClusterOnly() {
            return metric == null;
        }

        /** Returns the first hour of which anything is known. */
        Optional<Instant> firstKnown() {
            return known().min(Instant::compareTo);
        }

        /**
         * Returns the last hour of which anything is known: the last due one; of a resource that is
         * no longer listed its last wanted one; of a query that is not scraped any more the last
         * one that the ledger has.
         */
        Optional<Instant> lastKnown() {
            return known().max(Instant::compareTo);
        }

        private Stream<Instant> known() {
            return Stream.of(
                            Stream.ofNullable(first),
                            Stream.ofNullable(last),
                            open.stream(),
                            lost.stream())
                    .flatMap(it -> it);
        }

        /** Tells whether an hour that the agent should fetch is open for more than 2 hours. */
        public boolean isLate(Instant lastDue) {
            return scraped && !open.isEmpty() && !open.get(0).isAfter(lastDue.minus(PATIENCE));
        }

        boolean hasPublishedOrLost() {
            return hours > 0 || !lost.isEmpty();
        }

        /**
         * Returns the worst of these: nothing is published or an hour is open; an hour of the last
         * 30 days is lost; there are suddenly fewer records. What is not scraped any more has none.
         */
        Trouble trouble() {
            if (!scraped) {
                return Trouble.NONE;
            }
            if (!hasPublishedOrLost() || !open.isEmpty()) {
                return Trouble.OPEN;
            }
            if (!lost.isEmpty()) {
                return Trouble.LOST;
            }
            return hasDropped() ? Trouble.DROPPED : Trouble.NONE;
        }

        /** Tells whether the last hour or day has suddenly fewer records. */
        boolean hasDropped() {
            return scraped && (lastHour.isDrop() || lastDay.isDrop());
        }

        /** Returns how many records there are, and were the day before. */
        public String volume() {
            return "last hour %s, 24 hours %s".formatted(lastHour.words(), lastDay.words());
        }

        String name() {
            return isClusterOnly() ? cluster : Words.name(series());
        }

        /** Labels differ in what stands behind their last dot. */
        String label() {
            return groupBy.replaceAll("[^,]*\\.", "").replace(",", ", ");
        }

        String words() {
            if (!hasPublishedOrLost()) {
                return "! nothing published yet";
            }
            int empty = count(State.EMPTY);
            return "%s %d of %s%s%s%s%s"
                    .formatted(
                            scraped ? trouble().mark() : "–",
                            count(State.PUBLISHED) + empty,
                            Words.count(HOURS - count(State.UNKNOWN), "hour"),
                            someFrom(open, "open"),
                            someFrom(lost, "lost in 30 days"),
                            Words.some(empty, "without records"),
                            scraped ? "" : ", not scraped any more");
        }

        private static String someFrom(List<Instant> hours, String word) {
            return hours.isEmpty()
                    ? ""
                    : Words.some(hours.size(), word)
                            + " (from %s)".formatted(Words.minute(hours.get(0)));
        }

        /** Returns how many of the last 7 days' hours are in a state. */
        int count(State state) {
            return (int) week.stream().filter(it -> it.state() == state).count();
        }
    }

    /**
     * An hour of a query.
     *
     * @param start its start
     * @param state what has become of it
     * @param entry what the ledger has of it, or null
     */
    record Hour(Instant start, State state, Entry entry) {

        boolean isOpen() {
            return state == State.OPEN;
        }

        boolean isPublished() {
            return state == State.PUBLISHED || state == State.EMPTY;
        }

        boolean startsDay() {
            return start.atOffset(ZoneOffset.UTC).getHour() == 0;
        }

        String style() {
            return state.name().toLowerCase(Locale.ROOT).substring(0, 1);
        }

        String words() {
            String published =
                    publishedAt().map(it -> ", published " + Words.minute(it)).orElse("");
            return Words.minute(start)
                    + ": "
                    + switch (state) {
                        case PUBLISHED, EMPTY -> Words.count(entry.records(), "record") + published;
                        case OPEN -> "open";
                        case LOST -> "lost for good";
                        case UNKNOWN -> "nothing known";
                    };
        }

        /** Returns when it was published, unless another program wrote something else there. */
        Optional<Instant> publishedAt() {
            try {
                return isPublished() && entry.publishedAt() != null
                        ? Optional.of(Instant.parse(entry.publishedAt()))
                        : Optional.empty();
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        }
    }

    /**
     * How many records some hours up to the last due one have.
     *
     * @param published how many of them are published
     * @param records their records
     * @param before the records of the same hours a day before; nothing unless all are published
     */
    record Volume(int published, long records, OptionalLong before) {

        private static Volume of(List<Hour> week, int hours) {
            List<Hour> now = published(week, HOURS, hours);
            List<Hour> before = published(week, HOURS - DAY, hours);
            boolean comparable = now.size() == hours && before.size() == hours;
            return new Volume(
                    now.size(),
                    records(now),
                    comparable ? OptionalLong.of(records(before)) : OptionalLong.empty());
        }

        private static List<Hour> published(List<Hour> week, int end, int hours) {
            return week.subList(end - hours, end).stream().filter(Hour::isPublished).toList();
        }

        private static long records(List<Hour> hours) {
            return hours.stream().mapToLong(it -> it.entry().records()).sum();
        }

        /** Tells whether less than half of the day before are left, and not only a few less. */
        boolean isDrop() {
            long was = before.orElse(0);
            return records * 2 < was && was - records > FEW;
        }

        private String words() {
            if (published == 0) {
                return "not published";
            }
            String words = (isDrop() ? "▼ " : "") + Words.count(records, "record");
            return before.isPresent()
                    ? words + " (the day before %s)".formatted(Words.number(before.getAsLong()))
                    : words;
        }
    }
}
