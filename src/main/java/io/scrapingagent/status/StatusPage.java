package io.scrapingagent.status;

import io.scrapingagent.api.RequestBudget;
import io.scrapingagent.config.AgentVersion;
import io.scrapingagent.config.Settings;
import io.scrapingagent.ledger.Coverage;
import io.scrapingagent.scrape.CurrentQueries;
import io.scrapingagent.scrape.Discovery;
import io.scrapingagent.scrape.ScrapeHistory;
import io.scrapingagent.status.PageView.Fact;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;

/**
 * The status page: one HTML page without a script, made of what this process knows already. It asks
 * neither Kafka nor the Metrics API.
 */
public final class StatusPage {

    /** However many people look at it, it is made once in this time. */
    private static final long FRESH_NANOS = 1_000_000_000;

    private final Settings settings;
    private final Clock clock;
    private final Coverage coverage;
    private final CurrentQueries queries;
    private final Discovery discovery;
    private final ScrapeHistory history;
    private final RequestBudget budget;
    private final Stylesheet stylesheet = Stylesheet.load();
    private byte[] page;
    private long madeNanos;

    /**
     * Creates the page of an agent.
     *
     * @param settings how it publishes
     * @param clock the time
     * @param coverage what is published, open and lost
     * @param queries what is scraped
     * @param discovery which resources are listed
     * @param history what the scrapes came to
     * @param budget the Metrics API's rate limit
     */
    public StatusPage(
            Settings settings,
            Clock clock,
            Coverage coverage,
            CurrentQueries queries,
            Discovery discovery,
            ScrapeHistory history,
            RequestBudget budget) {
        this.settings = settings;
        this.clock = clock;
        this.coverage = coverage;
        this.queries = queries;
        this.discovery = discovery;
        this.history = history;
        this.budget = budget;
    }

    /**
     * Returns what a browser may load and run for this page: its own style sheet and nothing else.
     */
    public String contentSecurityPolicy() {
        return "default-src 'none'; style-src '%s'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                .formatted(stylesheet.hash());
    }

    /** Returns the page, in UTF-8. */
    public synchronized byte[] html() {
        if (page == null || System.nanoTime() - madeNanos > FRESH_NANOS) {
            page = view().html().getBytes(StandardCharsets.UTF_8);
            madeNanos = System.nanoTime();
        }
        return page;
    }

    private PageView view() {
        ScrapeHistory.View view = history.view();
        return new PageView(
                StatusModel.of(coverage, queries),
                view,
                view.failures().stream()
                        .filter(it -> it.series().map(queries::has).orElse(true))
                        .toList(),
                coverage.isFenced(),
                !coverage.hasLedger(),
                facts(view),
                stylesheet.text(),
                clock.instant(),
                new AgentVersion().getVersion()[0]);
    }

    private List<Fact> facts(ScrapeHistory.View view) {
        Instant ended = view.ended();
        List<Fact> facts = new ArrayList<>();
        discovery
                .lastListed()
                .ifPresent(
                        at ->
                                facts.add(
                                        new Fact(
                                                "Listed by the Metrics API",
                                                discovery.counts() + " at " + Words.minute(at))));
        facts.addAll(
                List.of(
                        new Fact(
                                "Last scrape",
                                view.running()
                                        ? "under way"
                                        : ended == null
                                                ? "none yet"
                                                : "ended " + Words.minute(ended)),
                        new Fact(
                                "Next scrape",
                                coverage.isFenced()
                                        ? "none"
                                        : Words.minute(coverage.nextDue()) + " at the latest"),
                        new Fact(
                                "Requests in the last 60 s",
                                "%d of %d"
                                        .formatted(
                                                budget.used(), settings.api().requestsPerMinute())),
                        new Fact(
                                "Metrics API’s limit",
                                budget.limit().map(this::limit).orElse("not said")),
                        new Fact("Delivery", settings.delivery().toString()),
                        new Fact("Topic", settings.topic())));
        return facts;
    }

    private String limit(RequestBudget.Limit limit) {
        boolean reset = limit.reset() != null && !limit.reset().isAfter(clock.instant());
        return "%s left at %s%s"
                .formatted(
                        Words.count(limit.remaining(), "request"),
                        Words.minute(limit.said()),
                        reset ? ", reset since" : "");
    }

    /** Which headers the page's route may send: as any route, and {@code Cache-Control} too. */
    public static final class Headers extends HttpHeaderFilterStrategy {

        @Override
        protected void initialize() {
            super.initialize();
            getOutFilter().remove("cache-control");
        }
    }

    /**
     * The page's style sheet, and the hash by which a browser knows it.
     *
     * @param text the style sheet
     * @param hash as a content security policy writes it
     */
    private record Stylesheet(String text, String hash) {

        static Stylesheet load() {
            try (InputStream file = StatusPage.class.getResourceAsStream("/page/status.css")) {
                byte[] bytes = file.readAllBytes();
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
                return new Stylesheet(
                        new String(bytes, StandardCharsets.UTF_8),
                        "sha256-" + Base64.getEncoder().encodeToString(digest));
            } catch (IOException | NoSuchAlgorithmException e) {
                // the file is in the jar, and each Java platform has the algorithm
                throw new IllegalStateException(e);
            }
        }
    }
}
