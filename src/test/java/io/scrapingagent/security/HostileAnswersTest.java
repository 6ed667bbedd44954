package io.scrapingagent.security;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.routes.ScrapeFixture;
import io.scrapingagent.scrape.OpenWindows.Batch;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.scrape.Scrape.Backfill;
import io.scrapingagent.scrape.ScrapeSteps;
import io.scrapingagent.security.HostileCase.Step;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.camel.ProducerTemplate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.LoggerFactory;

/**
 * Answers made by chance, each through a whole query: the Kamelet, HTTP, the broker. {@code mvn
 * -Pfuzz} tries 100,000 of them, the suite a thousand; jqwik prints the seed of a case that fails.
 */
class HostileAnswersTest {

    private static final String LABEL = "metric.principal_id";
    private static final String QUERY =
            "kamelet:confluent-metrics-query?metric=io.confluent.kafka.server/request_bytes"
                    + "&groupBy=metric.principal_id&tag=principal";
    private static final Logger ROOT_LOG =
            (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private static final Logger SCRAPE_LOG =
            (Logger) LoggerFactory.getLogger("io.scrapingagent.scrape");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** How often a request may come again after the last answer of a case, before it is 503. */
    private static final int PATIENCE = 3;

    private static final Map<String, Map<String, BigDecimal>> PUBLISHED = new HashMap<>();
    private static final Queue<String> STACK_TRACES = new ConcurrentLinkedQueue<>();

    private static HostileServer server;
    private static ScrapeFixture fixture;
    private static ScrapeSteps scrapes;
    private static ProducerTemplate camel;
    private static AppenderBase<ILoggingEvent> watch;
    private static int cases;

    @BeforeContainer
    static void start() throws Exception {
        server = new HostileServer((request, out) -> false);
        fixture =
                new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 1, 1))
                        .environment("CONFLUENT_METRICS_HOST", server.uri().toString())
                        .property("metrics.api.pacing.period.ms", "10")
                        .property("metrics.api.retries", "1")
                        .property("metrics.api.rate.limit.max.wait.ms", "1")
                        .property("metrics.api.response.timeout.ms", "20000")
                        .property("metrics.api.response.deadline.ms", "30000");
        watchTheLog();
        // what a scrape begins with: a producer, and the ledger read
        fixture.scrape();
        scrapes =
                fixture.agent()
                        .camelContext()
                        .getRegistry()
                        .lookupByNameAndType("scrapes", ScrapeSteps.class);
        camel = fixture.agent().camelContext().createProducerTemplate();
    }

    @Provide
    Arbitrary<HostileCase> answers() {
        return Arbitraries.randomValue(random -> HostileCase.of(random, HOUR));
    }

    @Property(shrinking = ShrinkingMode.OFF)
    void publishWhatIsProperOrNothing(@ForAll("answers") HostileCase hostile) {
        String cluster = "lkc-" + ++cases;
        List<Step> sent = serve(hostile);

        Scrape scrape = assertTimeoutPreemptively(LIMIT, () -> query(cluster));

        assertThat(STACK_TRACES).isEmpty();
        if (scrape.getFailures().isEmpty()) {
            assertThat(scrape.getCompletedQueries()).isEqualTo(1);
            expect(cluster, sent, scrape.getRecords());
        } else {
            assertThat(hostile.isProper()).isFalse();
            assertThat(scrape.getRecords()).isZero();
            assertThat(scrape.getFailures()).hasSize(1);
            assertThat(scrape.getFailures().get(0).reason())
                    .matches(
                            "(The Metrics API|A server that is not|A 404|The connection to the Metrics API|This machine's).*")
                    .hasSizeLessThan(1000)
                    .doesNotContainPattern("[\\p{C}\\u2028\\u2029]");
        }
    }

    /** What a consumer reads is what the proper answers had, each once, and nothing else. */
    @AfterContainer
    static void stop() throws Exception {
        try {
            ROOT_LOG.detachAppender(watch);
            SCRAPE_LOG.detachAppender(watch);
            SCRAPE_LOG.setAdditive(true);
            ObjectMapper json = new ObjectMapper();
            Map<String, Map<String, BigDecimal>> read = new HashMap<>();
            for (ConsumerRecord<String, String> record : fixture.consumed()) {
                JsonNode value = json.readTree(record.value());
                String group = value.at("/tags/principal").textValue();
                assertThat(record.key()).isEqualTo("confluent_kafka_server_request_bytes:" + group);
                assertThat(record.timestamp()).isEqualTo(HOUR.toEpochMilli());
                assertThat(record.headers().toArray()).isEmpty();
                BigDecimal before =
                        read.computeIfAbsent(
                                        value.at("/tags/cluster_id").textValue(),
                                        cluster -> new TreeMap<>())
                                .put(group, Judge.plain(value.at("/fields/value")));
                assertThat(before).isNull();
            }
            PUBLISHED.values().removeIf(Map::isEmpty);
            assertThat(read).isEqualTo(PUBLISHED);
            assertThat(read).isNotEmpty();
        } finally {
            fixture.close();
            server.close();
        }
    }

    private static Scrape query(String cluster) {
        Scrape scrape =
                scrapes.begin(
                        camel.getCamelContext(),
                        new Backfill(HOUR, HOUR, List.of(cluster), line -> {}));
        camel.send(
                QUERY,
                exchange -> {
                    exchange.setProperty("scrape", scrape);
                    exchange.setProperty(
                            "batch", new Batch(scrape, HOUR, "kafka", List.of(cluster)));
                });
        scrapes.end(scrape);
        return scrape;
    }

    /** Answers the next query so, and returns what was sent as it is sent. */
    private static List<Step> serve(HostileCase hostile) {
        List<Step> sent = new CopyOnWriteArrayList<>();
        List<Step> steps = hostile.answers();
        server.answer(
                (request, out) -> {
                    if (sent.size() >= steps.size() + PATIENCE) {
                        out.write(HostileServer.response("503 enough", "", new byte[0]));
                        return true;
                    }
                    Step step = steps.get(Math.min(page(request), steps.size() - 1));
                    sent.add(step);
                    write(step, out);
                    return step.keepsConnection();
                });
        return sent;
    }

    /** Which page is asked for, by the digit that its token ends with. */
    private static int page(String request) {
        String line = request.substring(0, request.indexOf(" HTTP/"));
        int last = Character.digit(line.charAt(line.length() - 1), 10);
        return line.contains("page_token=") && last >= 0 ? last + 1 : 0;
    }

    private static void write(Step step, OutputStream out) throws IOException {
        // in two pieces, now and then: what is read at once is not what was sent at once
        int half = step.bytes().length % 5 == 0 ? step.bytes().length / 2 : 0;
        out.write(step.bytes(), 0, half);
        out.flush();
        out.write(step.bytes(), half, step.bytes().length - half);
    }

    /** A query that was completed: its last answer was proper, and so all that was published. */
    private static void expect(String cluster, List<Step> sent, long records) {
        Map<String, BigDecimal> all = new TreeMap<>();
        for (Step step : Set.copyOf(sent)) {
            if (step.status().startsWith("200")) {
                Judge.values(step.body(), LABEL, HOUR).ifPresent(all::putAll);
            }
        }
        Step last = sent.get(sent.size() - 1);
        if (last.status().startsWith("200")) {
            assertThat(Judge.values(last.body(), LABEL, HOUR)).isPresent();
        } else {
            assertThat(last.status()).startsWith("404");
            assertThat(Judge.isErrorResponse(last.body())).isTrue();
            assertThat(all).isEmpty();
        }
        assertThat(records).isEqualTo(all.size());
        PUBLISHED.put(cluster, all);
    }

    private static void watchTheLog() {
        watch =
                new AppenderBase<>() {
                    @Override
                    protected void append(ILoggingEvent event) {
                        if (event.getLevel().isGreaterOrEqual(Level.INFO)
                                && event.getThrowableProxy() != null) {
                            STACK_TRACES.add(event.getFormattedMessage());
                        }
                    }
                };
        watch.setContext(ROOT_LOG.getLoggerContext());
        watch.start();
        ROOT_LOG.addAppender(watch);
        // a line for each case is what the test reads, not who runs it
        SCRAPE_LOG.setAdditive(false);
        SCRAPE_LOG.addAppender(watch);
    }
}
