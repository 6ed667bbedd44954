package io.scrapingagent.status;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.scrapingagent.api.RequestListener;
import io.scrapingagent.config.AgentVersion;
import io.scrapingagent.ledger.Coverage;
import io.scrapingagent.ledger.Hours.Gaps;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.Publisher;
import io.scrapingagent.scrape.CurrentQueries;
import io.scrapingagent.scrape.Discovery;
import io.scrapingagent.scrape.FailureReason;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.scrape.ScrapeListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hc.core5.http.HttpResponse;

/**
 * The metrics of the agent and its scrapes. Their labels are the ids that are scraped, the queries
 * of the routes and fixed words: no name in a point, such as a principal's, becomes a label. Each
 * counter begins with 0, so that its first increase is seen as one.
 */
public final class AgentMetrics implements ScrapeListener, RequestListener {

    /** Prometheus gets {@code _} for {@code .}. */
    private static final String PREFIX = "confluent.scraping.agent.";

    private static final String OTHER = "other";
    private static final String NO_ANSWER = "error";
    private static final Set<String> STATUSES =
            Set.of("200", "400", "401", "403", "404", "422", "429", "3xx", "5xx", OTHER, NO_ANSWER);

    private static final Duration[] DURATIONS =
            LongStream.of(1, 5, 15, 60, 300, 900, 3600)
                    .mapToObj(Duration::ofSeconds)
                    .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Meter.MeterProvider<Counter> requests;
    private final Meter.MeterProvider<Counter> recordsPublished;
    private final Meter.MeterProvider<Counter> gapsClosed;
    private final Meter.MeterProvider<Counter> queryFailures;
    private final Timer rateLimitWait;
    private final Meter.MeterProvider<Timer> scrapeDuration;
    private final Coverage coverage;
    private final Publisher publisher;
    private final CurrentQueries queries;
    private final Clock clock;
    private final MultiGauge hoursBehind;
    private final MultiGauge lostHours;
    private volatile Instant lastSuccess = Instant.EPOCH;

    /** Registers the metrics that are of no query. */
    public AgentMetrics(
            MeterRegistry registry,
            Coverage coverage,
            Publisher publisher,
            CurrentQueries queries,
            Discovery discovery,
            AgentHealth.Kafka kafka,
            Clock clock) {
        this.registry = registry;
        this.coverage = coverage;
        this.publisher = publisher;
        this.queries = queries;
        this.clock = clock;
        Gauge.builder(PREFIX + "build.info", () -> 1)
                .description("The agent that runs")
                .tag("version", AgentVersion.version())
                .tag("java", System.getProperty("java.version"))
                .register(registry);
        time("next.due.timestamp", "When the next hour is due", coverage::nextDue);
        time(
                "last.successful.scrape.timestamp",
                "End of the last scrape without a failure, 0 for never",
                () -> lastSuccess);
        flag("fenced", "1 once another agent took over", publisher::isFenced);
        flag(
                "kafka.usable",
                "1 if Kafka was reached and took the last records; else 0",
                kafka::isUsable);
        hoursBehind =
                hours(
                        "hours.behind",
                        "Hours that are due and can be fetched but are not published");
        lostHours = hours("lost.hours", "Hours of the last 30 days that were lost for good");
        for (String type : discovery.types()) {
            Gauge.builder(PREFIX + "listed.resources", () -> discovery.count(type))
                    .description("Resources that the Metrics API lists and the agent scrapes")
                    .tag("resource", type)
                    .register(registry);
        }
        if (!discovery.types().isEmpty()) {
            time(
                    "last.list.timestamp",
                    "When all lists of resources came last, 0 for never",
                    () -> discovery.lastListed().orElse(Instant.EPOCH));
        }
        recordsPublished = counters("records.published", "Records that were published");
        gapsClosed = counters("gaps.closed", "Hours that were published");
        queryFailures = counters("query.failures", "Queries that failed in a scrape");
        requests = counters("requests", "Requests to the Metrics API");
        rateLimitWait =
                Timer.builder(PREFIX + "rate.limit.wait")
                        .description("Waits that the Metrics API asked for, with status 429")
                        .register(registry);
        scrapeDuration =
                Timer.builder(PREFIX + "scrape.duration")
                        .description("Scrapes; one in which anything failed is a failure")
                        .serviceLevelObjectives(DURATIONS)
                        .withRegistry(registry);
        // makes each, which begins with 0
        STATUSES.forEach(it -> requests.withTag("status", it));
        Stream.of(true, false).forEach(this::scrapeTimer);
    }

    @Override
    public void planned() {
        register();
    }

    /** Registers the metrics of what is scraped now. */
    public synchronized void register() {
        List<Series> all = queries.all();
        // makes each counter, which begins with 0
        for (Series series : all) {
            recordsPublished.withTags(tags(series));
            gapsClosed.withTags(tags(series));
            queryFailures.withTags(tags(series));
        }
        hoursBehind.register(rows(all, Gaps::open));
        lostHours.register(rows(all, Gaps::lost));
    }

    @Override
    public void published(Series series, int records) {
        recordsPublished.withTags(tags(series)).increment(records);
        gapsClosed.withTags(tags(series)).increment();
    }

    @Override
    public void failed(Series series, FailureReason why) {
        queryFailures.withTags(tags(series)).increment();
    }

    @Override
    public void ended(Scrape scrape) {
        boolean success = scrape.getFailures().isEmpty();
        scrapeTimer(success).record(scrape.getDuration());
        if (success) {
            lastSuccess = clock.instant();
        }
        // only now is it known which queries the scrape reached
        register();
    }

    @Override
    public void answered(HttpResponse response) {
        String status = Integer.toString(response.getCode());
        String kind = status.charAt(0) + "xx";
        request(STATUSES.contains(status) ? status : STATUSES.contains(kind) ? kind : OTHER);
    }

    @Override
    public void unanswered() {
        request(NO_ANSWER);
    }

    private void request(String status) {
        requests.withTag("status", status).increment();
    }

    @Override
    public void rateLimited(Duration wait) {
        rateLimitWait.record(wait);
    }

    private void time(String name, String description, Supplier<Instant> time) {
        TimeGauge.builder(PREFIX + name, () -> time.get().toEpochMilli(), TimeUnit.MILLISECONDS)
                .description(description)
                .register(registry);
    }

    private void flag(String name, String description, BooleanSupplier state) {
        Gauge.builder(PREFIX + name, () -> state.getAsBoolean() ? 1 : 0)
                .description(description)
                .register(registry);
    }

    private MultiGauge hours(String name, String description) {
        return MultiGauge.builder(PREFIX + name).description(description).register(registry);
    }

    private Meter.MeterProvider<Counter> counters(String name, String description) {
        return Counter.builder(PREFIX + name).description(description).withRegistry(registry);
    }

    private Timer scrapeTimer(boolean success) {
        return scrapeDuration.withTag("outcome", success ? "success" : "failure");
    }

    private List<MultiGauge.Row<?>> rows(List<Series> all, Function<Gaps, List<Instant>> hours) {
        ToDoubleFunction<Series> count =
                it -> publisher.isFenced() ? Double.NaN : hours.apply(coverage.toShow(it)).size();
        return all.stream()
                .<MultiGauge.Row<?>>map(it -> MultiGauge.Row.of(tags(it), it, count))
                .toList();
    }

    private static Tags tags(Series series) {
        return Tags.of("cluster", series.cluster())
                .and("metric", series.metric(), "group_by", series.groupBy());
    }
}
