package io.scrapingagent.status;

import io.scrapingagent.api.RequestBudget;
import io.scrapingagent.config.Settings;
import io.scrapingagent.ledger.Hours;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.LedgerEntry;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.Publisher;
import io.scrapingagent.ledger.SeriesStatus;
import io.scrapingagent.scrape.CurrentQueries;
import io.scrapingagent.scrape.ScrapeHistory;
import io.scrapingagent.scrape.ScrapeHistory.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * The status page: one HTML page without a script, made of what this process knows already. It asks
 * neither Kafka nor the Metrics API.
 */
public final class StatusPage {

    /** However many people look at it, it is made once in this time. */
    private static final long FRESH_NANOS = 1_000_000_000;

    private final Settings settings;
    private final String version;
    private final Clock clock;
    private final Hours hours;
    private final CurrentQueries queries;
    private final Ledger ledger;
    private final Publisher publisher;
    private final ScrapeHistory history;
    private final RequestBudget budget;
    private final Stylesheet stylesheet = Stylesheet.load();
    private byte[] page;
    private long madeNanos;

    /**
     * Creates the page of an agent.
     *
     * @param settings how it publishes
     * @param version the agent's name and version
     * @param clock the time
     * @param hours which hours are due
     * @param queries what is scraped
     * @param ledger which hours are published
     * @param publisher knows whether another agent took over
     * @param history what the scrapes came to
     * @param budget the Metrics API's rate limit
     */
    public StatusPage(
            Settings settings,
            String version,
            Clock clock,
            Hours hours,
            CurrentQueries queries,
            Ledger ledger,
            Publisher publisher,
            ScrapeHistory history,
            RequestBudget budget) {
        this.settings = settings;
        this.version = version;
        this.clock = clock;
        this.hours = hours;
        this.queries = queries;
        this.ledger = ledger;
        this.publisher = publisher;
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
            page = make();
            madeNanos = System.nanoTime();
        }
        return page;
    }

    private byte[] make() {
        Instant lastDue = hours.lastDue();
        ScrapeHistory.View view = history.view();
        Map<Series, NavigableMap<Instant, LedgerEntry>> known = ledger.all();
        boolean remembering = publisher.isRemembering();
        List<SeriesStatus> statuses =
                SeriesStatus.of(known, queries::has, lastDue, hours.oldestFetchable(remembering));
        ClusterList clusters = ClusterList.of(queries, statuses, known, lastDue);
        List<Failure> failures =
                view.failures().stream()
                        .filter(it -> it.series().map(queries::has).orElse(true))
                        .toList();
        Headline headline = Headline.of(publisher.isFenced(), view, clusters.rows(), lastDue);
        Html html = new Html();
        html.markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .markup("\n<meta http-equiv=\"refresh\" content=\"60\">")
                // without one a browser asks for /favicon.ico
                .markup("\n<link rel=\"icon\" href=\"data:,\">\n<title>")
                .text(headline.state())
                .markup(" – Confluent Scraping Agent</title>\n<style>")
                .markup(stylesheet.text())
                .markup("</style>\n</head>\n<body>\n<header>\n<h1>Confluent Scraping Agent</h1>\n")
                .markup("<p>" + Times.second(clock.instant()) + " UTC, renewed each minute. ")
                .markup("<a href=\"observe/health\">Health</a>, ")
                .markup("<a href=\"observe/metrics\">metrics</a></p>")
                .markup("\n</header>\n<main>\n");
        headline.write(html);
        if (!remembering) {
            html.markup("<p class=\"state wait\"><strong>No ledger</strong> Delivery is stateless:")
                    .markup(" this page shows what this process published since ")
                    .markup(Times.minute(view.started()))
                    .markup("; an hour that it missed is not fetched again.</p>\n");
        }
        if (view.ledgerRead()) {
            months(html, Month.lastTwo(known, clusters.rows(), lastDue));
        }
        Errors.write(html, failures);
        facts(html, view);
        if (view.ledgerRead()) {
            clusters.write(html, lastDue);
        } else {
            html.markup("<h2>The last 7 days</h2>\n<p>Not known before the first scrape.</p>\n");
        }
        html.markup("</main>\n<footer>").text(version).markup("</footer>\n</body>\n</html>\n");
        return html.toUtf8();
    }

    private static void months(Html html, List<Month> months) {
        if (!months.isEmpty()) {
            html.markup("<h2>Is the month complete?</h2>\n<ul class=\"months\">\n");
            months.forEach(month -> month.write(html));
            html.markup("</ul>\n");
        }
    }

    private void facts(Html html, ScrapeHistory.View view) {
        html.markup("<h2>The agent</h2>\n<dl>\n");
        fact(
                html,
                "Last scrape",
                view.running()
                        ? "under way"
                        : view.ended() == null
                                ? "none yet"
                                : "ended " + Times.minute(view.ended()));
        fact(
                html,
                "Next scrape",
                publisher.isFenced() ? "none" : Times.minute(hours.nextDue()) + " at the latest");
        fact(
                html,
                "Requests in the last 60 s",
                "%d of %d".formatted(budget.used(), budget.requestsPerMinute()));
        fact(html, "Metrics API’s limit", budget.limit().map(this::limit).orElse("not said"));
        fact(html, "Delivery", settings.delivery().toString());
        fact(html, "Topic", settings.topic());
        html.markup("</dl>\n");
    }

    private String limit(RequestBudget.Limit limit) {
        boolean reset = limit.reset() != null && !limit.reset().isAfter(clock.instant());
        return "%s left at %s%s"
                .formatted(
                        Count.of(limit.remaining(), "request"),
                        Times.minute(limit.said()),
                        reset ? ", reset since" : "");
    }

    private static void fact(Html html, String name, String value) {
        html.markup("<div><dt>" + name + "</dt><dd>").text(value).markup("</dd></div>\n");
    }

    /**
     * The page's style sheet, and the hash by which a browser knows it.
     *
     * @param text the style sheet
     * @param hash as a content security policy writes it
     */
    record Stylesheet(String text, String hash) {

        static Stylesheet load() {
            try (InputStream file = Stylesheet.class.getResourceAsStream("/page/status.css")) {
                byte[] bytes = file.readAllBytes();
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
                return new Stylesheet(
                        new String(bytes, StandardCharsets.UTF_8),
                        "sha256-" + Base64.getEncoder().encodeToString(digest));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (NoSuchAlgorithmException e) {
                // each Java platform has it
                throw new IllegalStateException(e);
            }
        }
    }
}
