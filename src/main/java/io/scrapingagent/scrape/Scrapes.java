package io.scrapingagent.scrape;

import io.scrapingagent.api.Query;
import io.scrapingagent.api.TooManyPointsException;
import io.scrapingagent.api.Window;
import io.scrapingagent.ledger.Gaps;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.LedgerEntry;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.LedgerTopic;
import io.scrapingagent.ledger.QueryGaps;
import io.scrapingagent.ledger.WindowEntries;
import io.scrapingagent.ledger.WindowSize;
import io.scrapingagent.publish.Publisher;
import io.scrapingagent.text.Plural;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bookkeeping steps of the routes: what a scrape set out to do and what came of it. */
public final class Scrapes {

    private static final Logger LOG = LoggerFactory.getLogger(Scrapes.class);

    private final Hours hours;
    private final Publisher publisher;
    private final Ledger ledger;
    private final WindowHours windowHours;
    private final List<ScrapeListener> listeners;
    private final FirstHours firstHours;
    private final CurrentQueries queries;
    private volatile boolean incomplete = true;
    private volatile Instant lastBegun;

    /**
     * Creates the steps.
     *
     * @param hours which hours are due
     * @param queries what is scraped
     * @param publisher keeps the ledger up to date
     * @param ledger which hours are published
     * @param firstHours with which hour a series begins
     * @param windowSize how many hours one request may ask for
     * @param listeners are told what scrapes do
     */
    public Scrapes(
            Hours hours,
            CurrentQueries queries,
            Publisher publisher,
            Ledger ledger,
            FirstHours firstHours,
            WindowSize windowSize,
            List<ScrapeListener> listeners) {
        this.hours = hours;
        this.queries = queries;
        this.publisher = publisher;
        this.ledger = ledger;
        this.firstHours = firstHours;
        this.windowHours = new WindowHours(windowSize);
        this.listeners = List.copyOf(listeners);
    }

    /** Begins a scrape: of all gaps, or of the hours that a backfill asks for. */
    public Scrape begin(CamelContext context, @Body Object body) {
        Backfill backfill = body instanceof Backfill asked ? asked : null;
        Instant lastDue = hours.lastDue();
        incomplete = true;
        heedClock(lastDue);
        ledger.forgetOld(lastDue);
        queries.began(context);
        queries.all().forEach(series -> firstHours.want(series, lastDue));
        listeners.forEach(it -> it.began(context));
        return new Scrape(
                lastDue,
                hours.oldestAvailable(),
                backfill,
                backfill == null ? queries.clusters() : backfill.clusters());
    }

    /**
     * What was read from the ledger by a clock that was wrong may lack what seemed too old or to
     * lie in the future. A clock that steps back was wrong; so it was if it leaps by more than the
     * ledger keeps, or else a restarted agent would find nothing either.
     */
    private void heedClock(Instant lastDue) {
        Instant before = lastBegun;
        lastBegun = lastDue;
        boolean corrected =
                before != null
                        && (lastDue.isBefore(before)
                                || lastDue.isAfter(before.plus(LedgerTopic.RETENTION)));
        if (corrected) {
            LOG.warn(
                    "This machine's clock was set: the last due hour was {} and is {} now. The"
                            + " ledger is read again",
                    Scrape.name(before),
                    Scrape.name(lastDue));
            publisher.forget();
            firstHours.clockCorrected(lastDue);
        }
    }

    /** Makes sure that the scrape can publish, and brings the ledger up to date. */
    public void prepare() {
        publisher.begin();
        listeners.forEach(ScrapeListener::prepared);
    }

    /** Notes that a scrape ended. */
    public void end(@ExchangeProperty("scrape") Scrape scrape) {
        if (!scrape.isCutShort()) {
            queries.ended();
        }
        incomplete = !scrape.getFailures().isEmpty();
        listeners.forEach(it -> it.ended(scrape));
    }

    /** Expects open hours, as at start-up: the routes have changed, and with them the queries. */
    public void expectGaps() {
        incomplete = true;
    }

    /** Tells whether hours are open that could be fetched: at start-up, and after a failure. */
    public boolean isIncomplete() {
        return incomplete && publisher.isRemembering() && !publisher.isFenced();
    }

    /** Returns the query of a step, which is reached for a cluster. */
    public Query query(String cluster, String metric, String groupBy, String tag) {
        Query query = new Query(metric, groupBy, tag);
        queries.reached(Series.of(cluster, query));
        return query;
    }

    /**
     * Returns a query whose records have further tags.
     *
     * @param tags names and values, like {@code team=finops,stage=prod}, or null for none
     * @throws RouteMistakeException when they are no such tags
     */
    public Query tagged(
            @ExchangeProperty("query") Query query, @ExchangeProperty("tags") String tags) {
        try {
            return tags == null ? query : query.withTags(tags);
        } catch (IllegalArgumentException e) {
            throw new RouteMistakeException(e.getMessage());
        }
    }

    /**
     * Returns what a query has to fetch, oldest first: all its gaps, or those of a backfill.
     *
     * @throws RouteMistakeException when another step of the scrape is for the same hours
     */
    public QueryGaps gaps(
            @ExchangeProperty("scrape") Scrape scrape,
            @ExchangeProperty("cluster") String cluster,
            @ExchangeProperty("query") Query query) {
        Series series = Series.of(cluster, query);
        if (!scrape.isFirst(series, query)) {
            throw new RouteMistakeException(
                    ("Another step has the metric %s by %s as well, with another tag than %s, and"
                                    + " each hour is published once: take one of the steps out")
                            .formatted(query.metric(), query.groupBy(), query.tag()));
        }
        NavigableMap<Instant, LedgerEntry> known = ledger.hours(series);
        Instant last = scrape.getLastDue();
        Instant first;
        Backfill backfill = scrape.getBackfill();
        if (backfill != null) {
            first = backfill.from();
            last = backfill.to().isBefore(last) ? backfill.to() : last;
        } else if (publisher.isRemembering()) {
            firstHours.want(series, last);
            // the oldest hour is published first, so the ledger begins with the first that is
            // wanted
            first = known.isEmpty() ? firstHours.of(series, last) : known.firstKey();
        } else {
            first = last;
        }
        Gaps gaps = Gaps.between(known.keySet(), first, last, scrape.oldestAvailable());
        List<Window> windows =
                gaps.spans(windowHours.of(series, known)).stream()
                        .map(span -> new Window(cluster, query, span.start(), span.hours()))
                        .toList();
        return new QueryGaps(windows, backfill == null ? gaps.lost() : List.of());
    }

    /**
     * Tells whether a window is still to be fetched, just before it is.
     *
     * @throws AgentStoppingException when the agent is being stopped: the window in hand is
     *     finished, but no other is begun
     */
    public boolean isOpen(CamelContext context, @ExchangeProperty("window") Window window) {
        if (context.isStopping()) {
            throw new AgentStoppingException();
        }
        publisher.proceed();
        return ledger.read(
                Series.of(window.cluster(), window.query()),
                known -> known.keySet().stream().noneMatch(window::hasHour));
    }

    /** Counts a request to the Metrics API. */
    public void requested(@ExchangeProperty("scrape") Scrape scrape) {
        scrape.requested();
    }

    /** Notes that a window is published: its transaction is committed. */
    public void published(
            @ExchangeProperty("scrape") Scrape scrape,
            @ExchangeProperty("gaps") QueryGaps gaps,
            @ExchangeProperty("window") Window window,
            @ExchangeProperty("entries") WindowEntries entries) {
        publisher.committed(entries);
        gaps.publishedNext();
        scrape.published(gaps, window, entries.records());
        listeners.forEach(it -> it.published(window, entries.records()));
    }

    /** Notes that a query has no open hour any more. */
    public void completed(
            @ExchangeProperty("scrape") Scrape scrape,
            @ExchangeProperty("cluster") String cluster,
            @ExchangeProperty("query") Query query) {
        scrape.completed();
        listeners.forEach(it -> it.completed(Series.of(cluster, query)));
    }

    /** Notes that a query failed, and returns the line that says so. */
    public String failed(
            @ExchangeProperty("scrape") Scrape scrape,
            @ExchangeProperty("cluster") String cluster,
            @ExchangeProperty("query") Query query,
            @ExchangeProperty("gaps") QueryGaps gaps,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception exception) {
        String name = query.shortName();
        String reason = FailureReason.of(exception);
        scrape.failed(new Scrape.FailedQuery(cluster, name, reason));
        Series series = Series.of(cluster, query);
        if (FailureReason.cause(exception) instanceof TooManyPointsException tooMany) {
            windowHours.narrow(series, tooMany.window());
        }
        boolean byKafka = FailureReason.isKafka(exception);
        listeners.forEach(it -> it.failed(series, reason, byKafka));
        return "Query failed: %s %s %s: %s".formatted(cluster, name, Scrape.name(gaps), reason);
    }

    /** Notes that a scrape could not begin, and returns the line that says so. */
    public String notBegun(
            @ExchangeProperty("scrape") Scrape scrape,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception exception) {
        String reason = FailureReason.of(exception);
        scrape.cutShort(new Scrape.FailedQuery("all clusters", "all queries", reason));
        boolean byKafka = FailureReason.isKafka(exception);
        listeners.forEach(it -> it.notBegun(reason, byKafka));
        return "Scrape failed: " + reason;
    }

    /** Returns the line that names the hours that are lost for good. */
    public String lostForGood(
            @ExchangeProperty("cluster") String cluster,
            @ExchangeProperty("query") Query query,
            @ExchangeProperty("gaps") QueryGaps gaps) {
        List<Instant> lost = gaps.getLost();
        return "Lost for good: %s %s, %s from %s to %s: the Metrics API no longer has them"
                .formatted(
                        cluster,
                        query.shortName(),
                        Plural.of(lost.size(), "hour"),
                        Scrape.name(lost.get(0)),
                        Scrape.name(lost.get(lost.size() - 1)));
    }
}
