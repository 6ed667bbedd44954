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
import io.scrapingagent.ledger.LedgerSteps.Entries;
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
    private static final int HOURS = 30 * 24;
    private static final int KIB = 1024;

    private static final Instant LAST_DUE = Instant.parse("2025-10-31T23:00:00Z");
    private static final Clock CLOCK =
            Clock.fixed(LAST_DUE.plus(Duration.ofMinutes(70)), ZoneOffset.UTC);

    private final List<String> clusters =
            IntStream.range(0, CLUSTERS).mapToObj("lkc-%05d"::formatted).toList();

    @Test
    void isBounded() throws Exception {
        byte[] page = page();

        assertThat(new String(page, StandardCharsets.UTF_8))
                .contains("<h3><bdi>lkc-00199</bdi></h3>", "432,000 of 446,400 hours of 600");
        assertThat(page.length).isLessThan(750 * KIB);
    }

    private byte[] page() throws Exception {
        Ledger ledger = new Ledger(cluster -> true);
        TreeMap<Instant, Entry> hours = new TreeMap<>();
        for (int i = 0; i < HOURS; i++) {
            hours.put(
                    LAST_DUE.minus(Duration.ofHours(i)),
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
            ledger.apply(new Entries(entries));
        }
        Settings settings =
                TestSettings.of(
                        Map.of(
                                "CONFLUENT_METRICS_API_KEY", "k",
                                "CONFLUENT_METRICS_API_SECRET", "s",
                                "CONFLUENT_METRICS_CLUSTER_ID_LIST", String.join(",", clusters)));
        ScrapeHistory history = new ScrapeHistory(CLOCK);
        history.prepared();
        Publisher publisher =
                new Publisher(
                        Delivery.EXACTLY_ONCE,
                        new KafkaClients(List.of()),
                        new LedgerTopic("ledger", Map.of(), Duration.ofSeconds(1)),
                        ledger,
                        new Ownership("owner", "me", "2025-09-02T01:00:00Z", "id"),
                        Duration.ZERO,
                        LedgerTopic.RENEWAL);
        Coverage coverage =
                new Coverage(
                        ledger,
                        new Hours(CLOCK, Duration.ofMinutes(5), Duration.ofHours(168)),
                        true,
                        cluster -> Optional.empty());
        return new StatusPage(
                        settings,
                        CLOCK,
                        coverage,
                        publisher,
                        current,
                        new Discovery(settings, ledger, CLOCK),
                        history,
                        new RequestBudget(CLOCK))
                .html();
    }
}
