package io.scrapingagent.scrape;

import io.scrapingagent.api.Query;
import io.scrapingagent.api.Window;
import io.scrapingagent.ledger.Gaps;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.LedgerEntry;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.QueryGaps;
import io.scrapingagent.ledger.WindowEntries;
import io.scrapingagent.ledger.WindowSize;
import io.scrapingagent.publish.Publisher;
import io.scrapingagent.text.Plural;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** The bookkeeping steps of the routes: what a scrape set out to do and what came of it. */
public final class Scrapes {

    private final Hours hours;
    private final List<String> clusters;
    private final Publisher publisher;
    private final Ledger ledger;
    private final WindowSize windowSize;
    private final List<ScrapeListener> listeners;
    private final Map<Series, Instant> firstWanted = new ConcurrentHashMap<>();
    private volatile boolean incomplete = true;

    /**
     * Creates the steps.
     *
     * @param hours which hours are due
     * @param clusters the clusters, in the order in which they are scraped
     * @param publisher keeps the ledger up to date
     * @param ledger which hours are published
     * @param windowSize how many hours one request may ask for
     * @param listeners are told what scrapes do
     */
    public Scrapes(
            Hours hours,
            List<String> clusters,
            Publisher publisher,
            Ledger ledger,
            WindowSize windowSize,
            List<ScrapeListener> listeners) {
        this.hours = hours;
        this.clusters = clusters;
        this.publisher = publisher;
        this.ledger = ledger;
        this.windowSize = windowSize;
        this.listeners = List.copyOf(listeners);
    }

    /** Begins a scrape: of all gaps, or of the hours that a backfill asks for. */
    public Scrape begin(CamelContext context, @Body Object body) {
        Backfill backfill = body instanceof Backfill asked ? asked : null;
        Instant lastDue = hours.lastDue();
        incomplete = true;
        ledger.forgetOld(lastDue);
        listeners.forEach(it -> it.began(context));
        return new Scrape(lastDue, backfill, backfill == null ? clusters : backfill.clusters());
    }

    /** Makes sure that the scrape can publish, and brings the ledger up to date. */
    public void prepare() {
        publisher.begin();
        listeners.forEach(ScrapeListener::prepared);
    }

    /** Notes that a scrape ended. */
    public void end(@ExchangeProperty("scrape") Scrape scrape) {
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

    /**
     * Returns the query of a step.
     *
     * @param constantTags tags that all its records have besides, like {@code team=finops}, or null
     */
    public Query query(String metric, String groupBy, String tag, String constantTags) {
        Query query = new Query(metric, groupBy, tag);
        return constantTags == null ? query : query.withTags(constantTags);
    }

    /** Returns what a query has to fetch, oldest first: all its gaps, or those of a backfill. */
    public QueryGaps gaps(
            @ExchangeProperty("scrape") Scrape scrape,
            @ExchangeProperty("cluster") String cluster,
            @ExchangeProperty("query") Query query) {
        Series series = Series.of(cluster, query);
        NavigableMap<Instant, LedgerEntry> known = ledger.hours(series);
        Instant last = scrape.getLastDue();
        Instant first;
        Backfill backfill = scrape.getBackfill();
        if (backfill != null) {
            first = backfill.from();
            last = backfill.to().isBefore(last) ? backfill.to() : last;
        } else if (publisher.isRemembering()) {
            // the oldest hour is published first, so the ledger begins with the first that is
            // wanted
            first =
                    known.isEmpty()
                            ? firstWanted.computeIfAbsent(series, it -> scrape.getLastDue())
                            : known.firstKey();
        } else {
            first = last;
        }
        Gaps gaps = Gaps.between(known.keySet(), first, last, hours.oldestAvailable());
        List<Window> windows =
                gaps.spans(windowSize.hours(known)).stream()
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
        Set<Instant> known = ledger.hours(Series.of(window.cluster(), window.query())).keySet();
        return known.stream().noneMatch(window::hasHour);
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
        boolean byKafka = FailureReason.isKafka(exception);
        listeners.forEach(it -> it.failed(series, reason, byKafka));
        return "Query failed: %s %s %s: %s".formatted(cluster, name, Scrape.name(gaps), reason);
    }

    /** Notes that a scrape could not begin, and returns the line that says so. */
    public String notBegun(
            @ExchangeProperty("scrape") Scrape scrape,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception exception) {
        String reason = FailureReason.of(exception);
        scrape.failed(new Scrape.FailedQuery("all clusters", "all queries", reason));
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
