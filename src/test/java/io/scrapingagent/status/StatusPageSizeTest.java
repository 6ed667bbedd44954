package io.scrapingagent.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.TestSettings;
import io.scrapingagent.api.Query;
import io.scrapingagent.api.RequestBudget;
import io.scrapingagent.config.Delivery;
import io.scrapingagent.config.Settings;
import io.scrapingagent.ledger.Coverage;
import io.scrapingagent.ledger.Hours;
import io.scrapingagent.ledger.KafkaClients;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.Ledger.Entry;
import io.scrapingagent.ledger.LedgerKey;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.LedgerTopic;
import io.scrapingagent.ledger.Ownership;
import io.scrapingagent.ledger.Publisher;
import io.scrapingagent.scrape.CurrentQueries;
import io.scrapingagent.scrape.Discovery;
import io.scrapingagent.scrape.ScrapeHistory;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of 200 clusters with 3 queries each and a ledger of 30 days. */
class StatusPageSizeTest {

    private static final int CLUSTERS = 200;
    private static final int HOURS = 30 * 24 + 1;
    private static final int KIB = 1024;

    private final List<String> clusters =
            IntStream.range(0, CLUSTERS).mapToObj("lkc-%05d"::formatted).toList();

    @Test
    void isBounded() throws Exception {
        String page = page("2025-10-31T23:00:00Z", HOURS);

        assertThat(page).contains("<h3><bdi>lkc-00199</bdi></h3>");
        assertThat(page.getBytes(StandardCharsets.UTF_8).length).isLessThan(750 * KIB);
    }

    /** The ledger forgets what is older than 30 days. */
    @Test
    void judgesAMonthFromTheFirstHourThatTheLedgerCanHave() throws Exception {
        assertThat(page("2025-10-31T23:00:00Z", HOURS))
                .contains("✓ Complete since 1 Oct, 23:00</b>: 432,600 of 432,600 hours, summed");
        assertThat(page("2025-10-31T22:00:00Z", HOURS))
                .contains("✓ Complete so far, since 1 Oct, 22:00</b>: 432,600 of 432,600 hours,")
                .doesNotContain("September");
        assertThat(page("2025-11-02T23:00:00Z", HOURS))
                .contains("✓ Complete since 3 Oct, 23:00</b>: 403,800 of 403,800 hours, summed")
                .contains("✓ Complete so far</b>: 28,800 of 28,800 hours, summed");
        assertThat(page("2025-11-02T23:00:00Z", HOURS - 1))
                .contains("! Not complete since 3 Oct, 23:00</b>: 403,200 of 403,800 hours,")
                .contains(" published, 600 unknown, from before a query’s first known hour.");
    }

    private String page(String lastDueHour, int hoursOfLedger) throws Exception {
        Instant lastDue = Instant.parse(lastDueHour);
        Clock clock = Clock.fixed(lastDue.plus(Duration.ofMinutes(70)), ZoneOffset.UTC);
        Ledger ledger = new Ledger(cluster -> true);
        TreeMap<Instant, Entry> hours = new TreeMap<>();
        for (int i = 0; i < hoursOfLedger; i++) {
            hours.put(
                    lastDue.minus(Duration.ofHours(i)),
                    new Entry(1, "2025-11-01T00:05:00Z", false));
        }
        List<Query> queries =
                Stream.of("request_bytes", "response_bytes", "retained_bytes")
                        .map(it -> "io.confluent.kafka.server/" + it)
                        .map(metric -> new Query("kafka", metric, "metric.topic", "topic"))
                        .toList();
        CurrentQueries current = new CurrentQueries(Map.of("kafka", clusters), queries);
        for (Series series : current.all()) {
            Map<LedgerKey, Entry> entries = new HashMap<>();
            hours.forEach((hour, entry) -> entries.put(new LedgerKey(series, hour), entry));
            ledger.apply(entries);
        }
        Settings settings =
                TestSettings.of(
                        Map.of(
                                "CONFLUENT_METRICS_API_KEY", "k",
                                "CONFLUENT_METRICS_API_SECRET", "s",
                                "CONFLUENT_METRICS_CLUSTER_ID_LIST", String.join(",", clusters)));
        ScrapeHistory history = new ScrapeHistory(clock);
        history.prepared();
        Publisher publisher =
                new Publisher(
                        Delivery.EXACTLY_ONCE,
                        new KafkaClients("usage", null, Map.of()),
                        new LedgerTopic("ledger", Map.of(), Duration.ofSeconds(1)),
                        ledger,
                        new Ownership("owner", "me", "2025-09-02T01:00:00Z", "id"),
                        Duration.ZERO,
                        LedgerTopic.RENEWAL);
        Coverage coverage =
                new Coverage(
                        ledger,
                        new Hours(clock, Duration.ofMinutes(5), Duration.ofHours(168)),
                        true,
                        cluster -> Optional.empty());
        StatusPage page =
                new StatusPage(
                        settings,
                        clock,
                        coverage,
                        publisher,
                        current,
                        new Discovery(settings, ledger, clock),
                        history,
                        new RequestBudget(clock));
        return new String(page.html(), StandardCharsets.UTF_8);
    }
}
