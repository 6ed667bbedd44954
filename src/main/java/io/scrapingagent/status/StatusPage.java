package io.scrapingagent.status;

import io.scrapingagent.api.RequestBudget;
import io.scrapingagent.config.AgentVersion;
import io.scrapingagent.config.Settings;
import io.scrapingagent.ledger.Coverage;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.Publisher;
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
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;

/**
 * The status page: one HTML page without a script, made of what this process knows already. It asks
 * neither Kafka nor the Metrics API.
 */
public final class StatusPage {

    private final Settings settings;
    private final Clock clock;
    private final Coverage coverage;
    private final Publisher publisher;
    private final CurrentQueries queries;
    private final Discovery discovery;
    private final ScrapeHistory history;
    private final RequestBudget budget;
    private final String css;
    private final String cssHash;

    /** Creates the page of an agent. */
    public StatusPage(
            Settings settings,
            Clock clock,
            Coverage coverage,
            Publisher publisher,
            CurrentQueries queries,
            Discovery discovery,
            ScrapeHistory history,
            RequestBudget budget) {
        this.settings = settings;
        this.clock = clock;
        this.coverage = coverage;
        this.publisher = publisher;
        this.queries = queries;
        this.discovery = discovery;
        this.history = history;
        this.budget = budget;
        try (InputStream file = StatusPage.class.getResourceAsStream("/status-page/status.css")) {
            byte[] bytes = file.readAllBytes();
            css = new String(bytes, StandardCharsets.UTF_8);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            cssHash = "sha256-" + Base64.getEncoder().encodeToString(hash);
        } catch (IOException | NoSuchAlgorithmException e) {
            // the file is in the jar, and each Java platform has the algorithm
            throw new IllegalStateException(e);
        }
    }

    /**
     * Returns what a browser may load and run for this page: its own style sheet and nothing else.
     */
    public String contentSecurityPolicy() {
        return "default-src 'none'; style-src '%s'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                .formatted(cssHash);
    }

    /** Returns the page, in UTF-8. */
    public synchronized byte[] html() {
        ScrapeHistory.View view = history.view();
        // one look: a scrape that ends meanwhile changes what is scraped
        Set<Series> scraped = Set.copyOf(queries.all());
        PageView page =
                new PageView(
                        StatusModel.of(coverage, queries.clusters(), scraped, scraped::contains),
                        view,
                        view.failures().stream()
                                .filter(it -> it.series().map(scraped::contains).orElse(true))
                                .toList(),
                        publisher.isFenced(),
                        !settings.delivery().hasLedger(),
                        facts(view),
                        discovery.listed(),
                        css,
                        clock.instant(),
                        new AgentVersion().getVersion()[0]);
        return page.html().getBytes(StandardCharsets.UTF_8);
    }

    private List<Fact> facts(ScrapeHistory.View view) {
        String ended = view.ended() == null ? "none yet" : "ended " + Words.minute(view.ended());
        String next = Words.minute(coverage.nextDue()) + " at the latest";
        List<Fact> facts = new ArrayList<>();
        discovery
                .lastListed()
                .map(at -> discovery.counts() + " at " + Words.minute(at))
                .ifPresent(it -> facts.add(new Fact("Listed by the Metrics API", it)));
        Collections.addAll(
                facts,
                new Fact("Last scrape", view.running() ? "under way" : ended),
                new Fact("Next scrape", publisher.isFenced() ? "none" : next),
                new Fact(
                        "Metrics API’s limit",
                        budget.limit().map(StatusPage::limit).orElse("not said")),
                new Fact("Delivery", settings.delivery().toString()),
                new Fact("Topic", settings.topic()));
        return facts;
    }

    private static String limit(RequestBudget.Limit limit) {
        return "%s left at %s"
                .formatted(Words.count(limit.remaining(), "request"), Words.minute(limit.said()));
    }

    /** Which headers the page's route may send: as any route, and {@code Cache-Control} too. */
    public static final class Headers extends HttpHeaderFilterStrategy {

        @Override
        protected void initialize() {
            super.initialize();
            getOutFilter().remove("cache-control");
        }
    }
}
