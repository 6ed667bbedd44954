package io.scrapingagent.scrape;

import io.scrapingagent.api.ListFetch;
import io.scrapingagent.api.MetricsApiException;
import io.scrapingagent.api.MetricsApiException.ForbiddenException;
import io.scrapingagent.api.MetricsApiException.UnauthorizedException;
import io.scrapingagent.api.Query;
import io.scrapingagent.api.RouteMistakeException;
import io.scrapingagent.api.Window;
import io.scrapingagent.api.WindowFetch;
import io.scrapingagent.ledger.Coverage;
import io.scrapingagent.ledger.Coverage.Range;
import io.scrapingagent.ledger.Hours.Gaps;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.Ledger.Entry;
import io.scrapingagent.ledger.LedgerKey;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.LedgerTopic;
import io.scrapingagent.ledger.Publisher;
import io.scrapingagent.ledger.Publisher.AnotherAgentException;
import io.scrapingagent.ledger.Publisher.PatienceExceededException;
import io.scrapingagent.scrape.OpenWindows.Batch;
import io.scrapingagent.scrape.Scrape.Backfill;
import io.scrapingagent.scrape.Scrape.FailedQuery;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bookkeeping steps of the routes, whose bean is {@code scrapes}. They plan a scrape and record
 * its result. Several threads call the steps within an hour.
 */
public final class ScrapeSteps {

    private static final Logger LOG = LoggerFactory.getLogger(ScrapeSteps.class);

    private static final String ENDED =
            "A step of the routes ended the window before it was published: look for a `stop`, or for"
                    + " a step that goes on in another thread";

    private final Publisher publisher;
    private final Ledger ledger;
    private final BatchSizes sizes;
    private final List<ScrapeListener> listeners;
    private final Coverage coverage;
    private final CurrentQueries queries;
    private final Discovery discovery;
    private volatile boolean gapsExpected = true;
    private volatile boolean underWay;
    private volatile Instant lastDueBefore;

    /** Creates the steps; one request asks for at most {@code clustersPerRequest} clusters. */
    public ScrapeSteps(
            CurrentQueries queries,
            Discovery discovery,
            Publisher publisher,
            Ledger ledger,
            Coverage coverage,
            int clustersPerRequest,
            Clock clock,
            List<ScrapeListener> listeners) {
        this.queries = queries;
        this.discovery = discovery;
        this.publisher = publisher;
        this.ledger = ledger;
        this.coverage = coverage;
        this.sizes = new BatchSizes(clustersPerRequest, ledger, clock);
        this.listeners = List.copyOf(listeners);
    }

    /** Begins a scrape: of all gaps, or of the hours that a backfill asks for. */
    public Scrape begin(CamelContext context, @Body Object body) {
        Instant lastDue = coverage.lastDue();
        gapsExpected = true;
        resyncAfterClockChange(lastDue);
        ledger.forgetOld(lastDue);
        queries.refresh(context);
        Scrape scrape = new Scrape(coverage.due(), body instanceof Backfill asked ? asked : null);
        plan(scrape);
        // last: if something above throws, the route does not call end
        underWay = true;
        listeners.forEach(ScrapeListener::began);
        return scrape;
    }

    private void plan(Scrape scrape) {
        queries.all().forEach(coverage::want);
        scrape.setClusters(queries.clusters());
        // Scrape.addUnavailable compares with it. All clusters count, open or not: if only one
        // batch is open, its failures alone must not pass for an outage. The hour does not matter
        scrape.setBatchCount(batches(scrape, null, scrape.clusters()).size());
        listeners.forEach(ScrapeListener::planned);
    }

    /**
     * Reloads the ledger if the clock went back, or forward by more than the ledger's retention.
     * What was read by a wrong clock may lack hours that seemed too old or in the future.
     */
    private void resyncAfterClockChange(Instant lastDue) {
        Instant before = lastDueBefore;
        lastDueBefore = lastDue;
        if (before != null
                && (lastDue.isBefore(before)
                        || lastDue.isAfter(before.plus(LedgerTopic.RETENTION)))) {
            LOG.warn(
                    "This machine's clock was set: the last due hour was {} and is {} now. The"
                            + " ledger is read again",
                    Scrape.name(before),
                    Scrape.name(lastDue));
            publisher.rewind();
            coverage.clockCorrected();
        }
    }

    /** Makes sure that the scrape can publish, and brings the ledger up to date. */
    public void prepare() {
        publisher.prepare();
        listeners.forEach(ScrapeListener::prepared);
    }

    /** Notes that a list of resources could not be had, and returns the line that says so. */
    public String listFailed(
            @ExchangeProperty("scrape") Scrape scrape,
            @ExchangeProperty("list") ListFetch list,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable thrown) {
        FailureReason why = FailureReason.of(thrown);
        boolean known = discovery.failed(list);
        if (!known) {
            scrape.notFetched("list of " + list.name(), why.sentence());
        }
        listeners.forEach(it -> it.listFailed(list.name(), why));
        String holds =
                known
                        ? "the last one holds"
                        : "and it has not come since the start, so only what is named or was listed"
                                + " is scraped";
        return "The list of %s could not be had, %s: %s"
                .formatted(list.name(), holds, why.sentence());
    }

    /**
     * Returns the notes about listed resources that the ledger lacks. Makes sure of the producer if
     * there are any.
     */
    public Map<String, String> notes() {
        // after a start the ledger may know more of them than the settings
        queries.replaceIds(discovery.resources());
        Map<String, String> notes = discovery.notes(this::isClosed);
        if (!notes.isEmpty()) {
            // the last window may have lost the producer
            publisher.ensureProducer();
        }
        return notes;
    }

    /** Tells whether a resource has a last hour, and all its hours up to then are closed. */
    private boolean isClosed(String id) {
        Range due = coverage.due();
        return discovery.lastHour(id).filter(it -> !it.isAfter(due.last())).isPresent()
                && queries.of(id).stream()
                        .map(it -> coverage.gaps(it, due))
                        .allMatch(it -> it.open().isEmpty() && it.lost().isEmpty());
    }

    /** Notes that the ledger has the notes, and lets the scrape take what is listed now. */
    public void noted(
            @ExchangeProperty("scrape") Scrape scrape,
            @ExchangeProperty("notes") Map<String, String> notes) {
        discovery.noted(notes);
        queries.replaceIds(discovery.resources());
        coverage.keep(Set.copyOf(queries.clusters()));
        plan(scrape);
    }

    /**
     * Returns the hours to try, oldest first: those that some query has open, or that a backfill
     * asks for, and always the last one.
     */
    public List<Instant> hours(@ExchangeProperty("scrape") Scrape scrape) {
        noteUnlisted(scrape);
        TreeSet<Instant> open = new TreeSet<>();
        Range range = scrape.range();
        open.add(range.last());
        if (scrape.isBackfill()) {
            open.addAll(Gaps.between(List.of(), range.from(), range.last(), range.oldest()).open());
        } else {
            queries.all().forEach(series -> open.addAll(coverage.gaps(series, range).open()));
        }
        scrape.setPlannedHours(open.size());
        return List.copyOf(open);
    }

    /**
     * A backfill may ask for what is neither named nor listed. That counts as a failure; {@link
     * #batches} leaves it out, for no type of resource has it.
     */
    private void noteUnlisted(Scrape scrape) {
        List<String> unlisted = new ArrayList<>(scrape.clusters());
        unlisted.removeAll(Set.copyOf(queries.clusters()));
        for (String id : unlisted) {
            LOG.warn("{} is neither named nor listed, nothing is fetched of it", id);
            scrape.notFetched(id, "it is neither named nor listed");
        }
    }

    /**
     * Returns the clusters to try for the hour, in batches: those that have it open. For the last
     * hour, and in a backfill, these are all: a query behind a condition is known only when a
     * scrape reaches it.
     */
    public List<Batch> batches(@ExchangeProperty("scrape") Scrape scrape, @Body Instant hour) {
        if (scrape.isAborted()) {
            return List.of();
        }
        boolean all = scrape.isBackfill() || hour.equals(scrape.range().last());
        List<String> clusters =
                scrape.clusters().stream().filter(it -> all || isOpen(scrape, it, hour)).toList();
        return batches(scrape, hour, clusters);
    }

    private List<Batch> batches(Scrape scrape, Instant hour, List<String> clusters) {
        List<Batch> batches = new ArrayList<>();
        for (Map.Entry<String, List<String>> type : queries.byResource(clusters).entrySet()) {
            for (List<String> ids : sizes.batches(type.getValue())) {
                batches.add(new Batch(scrape, hour, type.getKey(), ids));
            }
        }
        return batches;
    }

    private boolean isOpen(Scrape scrape, String cluster, Instant hour) {
        return queries.of(cluster).stream().anyMatch(it -> isOpen(scrape, it, hour));
    }

    /**
     * Returns the queue of a step's query for a batch, without windows yet, and marks its series as
     * reached.
     *
     * @param only a comma-separated list of its clusters, or an empty one for all
     * @param resource the type of its resources; a batch of another type gets no windows
     */
    public OpenWindows query(
            Batch batch, String metric, String groupBy, String tag, String only, String resource) {
        List<String> some = Query.list(only);
        List<String> clusters =
                batch.clusters().stream()
                        .filter(cluster -> batch.resource().equals(resource))
                        .filter(cluster -> some.isEmpty() || some.contains(cluster))
                        .toList();
        Query query = new Query(resource, metric, groupBy, tag);
        for (String cluster : clusters) {
            Series series = Series.of(cluster, query);
            coverage.want(series);
            batch.scrape().markReached(series);
        }
        return new OpenWindows(batch, query, clusters);
    }

    /**
     * Adds the windows that the query has to fetch: the clusters of the batch with an open hour, in
     * requests of the allowed size.
     *
     * @param constantTags constant tags of its records, like {@code team=finops,stage=prod}, or
     *     null
     * @throws RouteMistakeException if the tags cannot be parsed
     */
    public void find(
            @ExchangeProperty("windows") OpenWindows windows,
            @ExchangeProperty("tags") String constantTags) {
        Scrape scrape = windows.scrape();
        Query query = windows.query().withTags(constantTags);
        List<String> open = new ArrayList<>();
        for (String cluster : windows.clusters()) {
            Series series = Series.of(cluster, query);
            if (scrape.take(series) && isOpen(scrape, series, windows.hour())) {
                open.add(cluster);
            }
        }
        Window window = new Window(open, query, windows.hour());
        windows.add(sizes.allowed(window));
    }

    /**
     * Returns the next window of a query, which is fetched now.
     *
     * @throws ScrapeAbortedException if the scrape was cut short, or the agent is being stopped: it
     *     completes windows in progress but starts no others
     */
    public Window next(CamelContext context, @ExchangeProperty("windows") OpenWindows windows) {
        requireRunning(context, windows.scrape());
        return windows.next();
    }

    private boolean isOpen(Scrape scrape, Series series, Instant hour) {
        return !scrape.isAborted()
                && !scrape.isLeftOut(series)
                && coverage.isOpen(series, hour, scrape.range());
    }

    /**
     * Counts a request to the Metrics API.
     *
     * @throws ScrapeAbortedException if the scrape was cut short: the result would not be published
     */
    public void requested(@ExchangeProperty("scrape") Scrape scrape) {
        requireGoingOn(scrape);
        scrape.requested();
    }

    /** Cuts the scrape short if the agent is being stopped. */
    private void requireRunning(CamelContext context, Scrape scrape) {
        if (context.isStopping()) {
            abort(scrape, FailureReason.of(new RejectedExecutionException()));
        }
        requireGoingOn(scrape);
    }

    private static void requireGoingOn(Scrape scrape) {
        if (scrape.isAborted()) {
            throw new ScrapeAbortedException();
        }
    }

    /**
     * Makes sure of the producer, and then tells whether the ledger has none of these entries.
     * Called right before their transaction: a producer that was lost may have committed them.
     */
    public boolean isUnpublished(
            @ExchangeProperty("scrape") Scrape scrape,
            @ExchangeProperty("entries") Map<LedgerKey, Entry> entries) {
        requireGoingOn(scrape);
        publisher.ensureProducer();
        return entries.keySet().stream().allMatch(key -> ledger.entry(key) == null);
    }

    /** Notes that a window is published: its transaction is committed. */
    public void published(
            @ExchangeProperty("windows") OpenWindows windows,
            @ExchangeProperty("entries") Map<LedgerKey, Entry> entries) {
        publisher.committed(entries);
        entries.forEach((key, entry) -> published(windows, key.series(), entry.records()));
    }

    private void published(OpenWindows windows, Series series, int records) {
        windows.scrape().published(windows.hour(), records);
        listeners.forEach(it -> it.published(series, records));
    }

    /**
     * Adds a window for each cluster of a batch without a point. The API may have left it out of
     * the answer, so it is asked alone before its hour counts as empty.
     */
    public void askSilent(
            @ExchangeProperty("windows") OpenWindows windows,
            @ExchangeProperty("fetch") WindowFetch fetch) {
        windows.scrape().markAvailable();
        windows.add(fetch.silent().stream().map(it -> fetch.window().of(List.of(it))).toList());
    }

    /** Halves a batch that was refused, so that in the end the culprit stands alone. */
    public void halve(@ExchangeProperty("windows") OpenWindows windows) {
        windows.scrape().markAvailable();
        windows.add(windows.current().halves());
    }

    /**
     * After a failure of Kafka that may pass, waits until publishing works again. Then adds those
     * clusters of the window that the ledger does not have: the commit may have succeeded. Records
     * any other failure of Kafka.
     *
     * @throws PatienceExceededException if publishing fails for longer than a scrape tries
     * @throws ScrapeAbortedException if the scrape was cut short, or the agent is being stopped
     */
    public void awaitKafka(
            CamelContext context,
            @ExchangeProperty("windows") OpenWindows windows,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable thrown)
            throws InterruptedException {
        FailureReason why = FailureReason.of(thrown);
        if (!why.isPassingKafkaFailure()) {
            failed(windows, null, thrown);
            return;
        }
        publisher.awaitKafka(
                why.cause(), why.sentence(), () -> requireRunning(context, windows.scrape()));
        Window window = windows.current();
        List<String> open = new ArrayList<>();
        for (String cluster : window.clusters()) {
            LedgerKey key = LedgerKey.of(window, cluster);
            Entry entry = ledger.entry(key);
            if (entry == null) {
                open.add(cluster);
            } else {
                // the commit has succeeded
                published(windows, key.series(), entry.records());
            }
        }
        if (!open.isEmpty()) {
            windows.add(List.of(window.of(open)));
        }
    }

    /**
     * Records that a query failed for the clusters of a window, or for all clusters of the step if
     * there is no window. The rest of the scrape leaves the query out for them.
     *
     * <p>Some causes are treated otherwise:
     *
     * <ul>
     *   <li>What an end of the scrape interrupted is no failure.
     *   <li>A cause that all queries share ends the scrape. So do too many windows in a row that
     *       found the Metrics API unavailable. If the last of them is a batch, the scrape goes on
     *       for now: the first cluster of that batch is asked alone, and decides.
     *   <li>A cluster that is no longer listed and is refused is retired, which is no failure.
     * </ul>
     */
    public void failed(
            @ExchangeProperty("windows") OpenWindows windows,
            @ExchangeProperty("fetch") WindowFetch fetch,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable thrown) {
        Scrape scrape = windows.scrape();
        Window window = windows.current();
        boolean fetched = fetch != null && !fetch.isIncomplete();
        FailureReason why = fetched ? FailureReason.afterFetch(thrown) : FailureReason.of(thrown);
        Throwable cause = why.cause();
        boolean unavailable = why.isUnavailable();
        if (cause instanceof ScrapeAbortedException) {
            return;
        } else if (isForAll(cause)) {
            abort(scrape, why);
            return;
        } else if (window != null && !unavailable && cause instanceof MetricsApiException) {
            scrape.markAvailable();
            if (!window.isBatch()) {
                // it would get a batch refused, too: for a day it is asked alone
                sizes.limitToHalf(window);
            }
        }
        List<String> clusters = window == null ? windows.clusters() : window.clusters();
        boolean seemsAway = window != null && unavailable && scrape.addUnavailable(window);
        if (seemsAway && window.isBatch()) {
            // perhaps all batches are too large: the answer to one cluster alone tells
            windows.add(List.of(window.of(clusters.subList(0, 1))));
            failEach(windows, clusters.subList(1, clusters.size()), why);
            return;
        }
        failEach(windows, clusters, why);
        if (seemsAway) {
            abort(
                    scrape,
                    why.as(
                            "%d windows in a row found the Metrics API unavailable. The last: %s"
                                    .formatted(scrape.unavailableInARow(), why.sentence())));
        }
    }

    private void failEach(OpenWindows windows, List<String> clusters, FailureReason why) {
        Scrape scrape = windows.scrape();
        for (String cluster : clusters) {
            Series series = Series.of(cluster, windows.query());
            if (why.cause() instanceof ForbiddenException && discovery.retireIfGone(cluster)) {
                scrape.leaveOut(series);
            } else {
                failed(scrape, series, windows.hour(), why);
            }
        }
    }

    private void failed(Scrape scrape, Series series, Instant hour, FailureReason why) {
        int openHours = coverage.gaps(series, scrape.range()).open().size();
        if (scrape.failed(
                new FailedQuery(series, hour, openHours, why.sentence(), why.isUnavailable()))) {
            listeners.forEach(it -> it.failed(series, why));
        }
    }

    private static boolean isForAll(Throwable cause) {
        return cause instanceof UnauthorizedException
                || cause instanceof AnotherAgentException
                || cause instanceof PatienceExceededException
                // Camel throws it if it stops during the wait for a retry
                || cause instanceof RejectedExecutionException;
    }

    private void abort(Scrape scrape, FailureReason why) {
        if (scrape.abort(why.sentence())) {
            LOG.warn("Scrape ends early: {}", why.sentence());
            listeners.forEach(it -> it.scrapeFailed(why));
        }
    }

    /**
     * Ends an hour, and returns the lines that say which queries failed. Unless the scrape was cut
     * short, each query that a step reserved is published or left out by now. A query that is still
     * open was ended by a step of the routes without an error: it is recorded as failed here.
     */
    public List<String> endHour(@ExchangeProperty("scrape") Scrape scrape, @Body Instant hour) {
        for (Series series : scrape.taken()) {
            if (isOpen(scrape, series, hour)) {
                failed(scrape, series, hour, FailureReason.of(new RouteMistakeException(ENDED)));
            }
        }
        return scrape.endHour(hour);
    }

    /**
     * Returns the hours that the Metrics API no longer has. Queries that failed are skipped, for
     * this machine's clock may be why.
     */
    public List<LedgerKey> lost(@ExchangeProperty("scrape") Scrape scrape) {
        List<LedgerKey> lost = new ArrayList<>();
        if (!scrape.isBackfill() && publisher.hasLedger() && !scrape.isAborted()) {
            for (Series series : scrape.notLeftOut()) {
                coverage.gaps(series, scrape.range())
                        .lost()
                        .forEach(hour -> lost.add(new LedgerKey(series, hour)));
            }
        }
        return lost;
    }

    /** Notes that the ledger has these lost hours, and returns the lines that name them. */
    public List<String> lostNoted(@ExchangeProperty("entries") Map<LedgerKey, Entry> lost) {
        publisher.committed(lost);
        return Scrape.lostLines(lost.keySet());
    }

    /**
     * Notes that a scrape failed outside its queries, mostly before the first of them, and returns
     * the line that says so.
     */
    public String scrapeFailed(
            @ExchangeProperty("scrape") Scrape scrape,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable thrown) {
        FailureReason why = FailureReason.of(thrown);
        scrape.abort(why.sentence());
        listeners.forEach(it -> it.scrapeFailed(why));
        return "Scrape failed: " + why.sentence();
    }

    /** Says why lost hours could not be noted. */
    public void lostFailed(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable thrown) {
        LOG.warn(
                "Lost hours are not noted yet, the next scrape tries again: {}",
                FailureReason.of(thrown).sentence());
    }

    /** Notes that a scrape ended. */
    public void end(@ExchangeProperty("scrape") Scrape scrape) {
        scrape.tooMuchToAsk().forEach(sizes::limitToHalf);
        if (!scrape.isAborted()) {
            queries.setScraped(scrape.reached());
        }
        for (Series series : scrape.notLeftOut()) {
            if (coverage.gaps(series, scrape.range()).open().isEmpty()) {
                scrape.completed(series);
            }
        }
        gapsExpected = !scrape.getFailures().isEmpty();
        underWay = false;
        listeners.forEach(it -> it.ended(scrape));
    }

    /**
     * Tells whether a catch-up is worth while: before the first scrape, and after one with any
     * failure, be it of a single query. Not during a scrape, without a ledger, or once another
     * agent took over.
     */
    public boolean isIncomplete() {
        return gapsExpected && !underWay && publisher.hasLedger() && !publisher.isFenced();
    }

    /**
     * Checks whether another agent took over, so that health and metrics show it before the next
     * scrape. A running scrape checks that itself.
     */
    public void lookForAnotherAgent() {
        if (underWay) {
            return;
        }
        try {
            publisher.requireOwnership();
        } catch (AnotherAgentException e) {
            LOG.warn(e.getMessage());
        } catch (KafkaException e) {
            LOG.debug("Whether another agent took over is not known: {}", e.getMessage());
        }
    }

    /** The scrape was cut short; what was still in hand is not published any more. */
    static final class ScrapeAbortedException extends RuntimeException {

        ScrapeAbortedException() {
            super("the scrape was cut short before");
        }
    }
}
