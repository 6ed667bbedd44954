package io.scrapingagent.routes;

import static io.scrapingagent.routes.ExpectedRecord.REQUEST_BYTES;
import static io.scrapingagent.routes.ExpectedRecord.RESPONSE_BYTES;
import static io.scrapingagent.routes.ExpectedRecord.RETAINED_BYTES;
import static io.scrapingagent.simulator.Misbehaviour.noPoints;
import static io.scrapingagent.simulator.Misbehaviour.notFound;
import static io.scrapingagent.simulator.Misbehaviour.rewrite;
import static io.scrapingagent.simulator.Misbehaviour.status;
import static io.scrapingagent.simulator.Misbehaviour.tooManyRequests;
import static io.scrapingagent.simulator.Misbehaviour.unavailable;
import static io.scrapingagent.simulator.Misbehaviour.withHeaders;
import static io.scrapingagent.simulator.RequestMatcher.cluster;
import static io.scrapingagent.simulator.RequestMatcher.firstPage;
import static io.scrapingagent.simulator.RequestMatcher.laterPage;
import static io.scrapingagent.simulator.RequestMatcher.metric;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.Agent;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.RequestMatcher;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the status page says, and how it is served. */
class StatusPageTest {

    private static final String HOSTILE = "</li><script>alert(1)</script>\"'& \u202Egnp.exe\u0085";

    private final HttpClient browser = HttpClient.newHttpClient();

    @AutoClose
    private final ScrapeFixture fixture =
            new ScrapeFixture(
                            MetricsApiSimulator.of("lkc-aaa", 3, 3)
                                    .cluster("lkc-bbb", 3, 3)
                                    .rateLimit(1000))
                    .property("metrics.api.retries", "0")
                    // nor fails one that a busy machine gives late
                    .property("metrics.api.response.timeout.ms", "30000")
                    // a cluster's answers are its own
                    .environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "1")
                    // the test asks for each scrape
                    .property("agent.catch.up.delay.ms", "3600000")
                    .scheduled();

    @Test
    void saysThatAllIsComplete() throws Exception {
        fixture.scrape();
        fixture.simulator().forgetRequests();

        assertThat(page())
                .contains("Complete</strong>", "The last due hour began at 2 Sep, 01:00.")
                .contains("<title>Complete – Confluent Scraping Agent</title>")
                .contains("! Not complete so far</b>: 6 of 156 hours, summed over 6 queries,")
                .contains(" published, 150 unknown, from before a query’s first known hour.")
                .contains("aria-label=\"lkc-aaa request_bytes: ✓ 1 of 1 hour\"")
                .contains("<dt>Next scrape</dt><dd>2 Sep, 03:05")
                .contains("<dd>994 requests left at 2 Sep, 02:10<")
                .contains("<dd>exactly-once<", "confluent-scraping-agent unknown")
                .contains("None since this process started.")
                .contains("aria-label=\"2 Sep, 01:00: 3 records, published 2 Sep, 02:10\"")
                .contains("<small>last hour 3 records, 24 hours 3 records</small>")
                .contains("Wed 27</text>", ">Tue 2</text>")
                .doesNotContain(": open", ": lost", "▼")
                .doesNotContain(
                        MetricsApiSimulator.DEFAULT_KEY, MetricsApiSimulator.DEFAULT_SECRET);
        assertThat(fixture.simulator().requests()).isEmpty();
    }

    @Test
    void tellsOpenLostAndEmptyHoursApart() throws Exception {
        fixture.environment("METRICS_API_RETENTION_HOURS", "6");
        fixture.scrape();
        fixture.pass(1);
        fixture.simulator().answerAlways(cluster("lkc-bbb"), noPoints());
        fixture.scrape();
        fixture.simulator().behave();
        fixture.simulator()
                .answerAlways(cluster("lkc-aaa").and(metric(RETAINED_BYTES)), unavailable(503));
        fixture.pass(10);
        fixture.scrape();

        assertThat(page())
                .contains("5 hours open</strong>", "Lost for good in the last 30 days: 5 hours.")
                .contains(
                        "lkc-aaa retained_bytes, since 2 Sep, 08:00: A server that is not the Metrics API answered 503")
                .contains(" It is retried.")
                .contains("\"l\" aria-label=\"2 Sep, 03:00: lost for good\"")
                .contains(
                        "\"o\" aria-label=\"2 Sep, 08:00: open: A server that is not the Metrics API answered 503")
                .contains("\"e\" aria-label=\"2 Sep, 02:00: 0 records, published 2 Sep, 03:10\"")
                .contains(
                        "! 2 of 12 hours, 5 open (from 2 Sep, 08:00), 5 lost in 30 days (from 2 Sep, 03:00)")
                .contains("<b class=\"warn\">! Not complete so far</b>")
                .contains("<b>Failing</b> 2 Sep, 13:10 <bdi>lkc-aaa retained_bytes</bdi>")
                .contains("not the Metrics API answered 503");

        fixture.simulator().behave();
        fixture.scrape();

        assertThat(page())
                .contains("<b>Over</b> 2 Sep, 13:10 <bdi>lkc-aaa retained_bytes</bdi>")
                .contains("Nothing open, but hours are lost</strong>");
    }

    /** They get lost when they leave the 7 days that are shown hour by hour. */
    @Test
    void namesLostHoursThatAreOlderThanTheWeek() throws Exception {
        fixture.scrapeAll();
        fixture.pass(240);

        assertThat(page())
                .contains("Lost for good in the last 30 days: 73 hours.")
                .contains(
                        "! 0 of 168 hours, 167 open (from 5 Sep, 03:00), 73 lost in 30 days (from 2 Sep,");
    }

    @Test
    void marksASuddenDrop() throws Exception {
        fixture.scrape();
        fixture.pass(24);
        fixture.simulator().answerAlways(cluster("lkc-bbb"), noPoints());
        fixture.scrape();

        assertThat(page())
                .contains("Complete</strong>")
                .contains(
                        "<small class=\"drop\">last hour ▼ 0 records (the day before 3), 24 hours")
                // so few come and go
                .contains("<small>last hour 0 records (the day before 2), 24 hours 0 records<")
                .contains("<small>last hour 3 records (the day before 3), 24 hours 66 records<");
    }

    /** Its last hour is open, and those after it are not wanted. */
    @Test
    void aMonthDoesNotCountTheHoursAfterADeletedCluster() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "auto").pass(-25);
        fixture.scrape();
        fixture.simulator().vanish("lkc-bbb");
        fixture.pass(Duration.ofMinutes(6));
        fixture.scrape();
        fixture.simulator().answerAlways(cluster("lkc-bbb"), unavailable(503));
        fixture.pass(4);
        fixture.scrape();

        assertThat(page()).contains(": 18 of 21 hours, summed over 6 queries, published, 3 open");
    }

    /** A list that never came, and one that comes no more. */
    @Test
    void isNotCompleteWhileAListIsMissing() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "auto");
        RequestMatcher lists = request -> request.path().endsWith("/discovery");
        fixture.simulator().answerAlways(lists, status(403));
        fixture.scrape();
        assertThat(page())
                .contains("Nothing is scraped</strong> The list of kafka is missing: ")
                .contains(" This needs you.", "<bdi>list of kafka</bdi>")
                .doesNotContain("Complete<");

        fixture.simulator().behave();
        fixture.scrape();
        assertThat(page()).contains("Complete</strong>");

        fixture.pass(1);
        fixture.simulator().answerAlways(lists, status(403));
        fixture.scrape();
        assertThat(page())
                .contains("Nothing known is open, but a list is missing</strong> The list");
    }

    @Test
    void aListThatCameIsNoErrorAnyMoreThoughTheScrapeEndsEarly() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "auto");
        RequestMatcher lists = request -> request.path().endsWith("/discovery");
        fixture.simulator().answerAlways(lists, status(403));
        fixture.scrape();
        fixture.simulator().behave();
        fixture.simulator().answerAlways(metric(REQUEST_BYTES), status(401));
        fixture.scrape();

        assertThat(page())
                .contains("<b>Over</b> 2 Sep, 02:10 <bdi>list of kafka</bdi>")
                .contains("<b>Failing</b> 2 Sep, 02:10 <bdi>all clusters</bdi>");
    }

    @Test
    void namesTheTroubleAndShowsItFirst() throws Exception {
        fixture.scrape();
        fixture.pass(2);
        fixture.simulator().answerAlways(cluster("lkc-bbb"), status(403));
        fixture.scrape();

        String page = page();
        assertThat(page)
                .contains("<title>2 hours open – ", "2 hours open</strong> lkc-bbb ")
                .contains(" and 2 more, since 2 Sep, 02:00: The Metrics API answered 403")
                .contains(" This needs you.");
        assertThat(page.indexOf("<h3><bdi>lkc-bbb")).isLessThan(page.indexOf("<h3><bdi>lkc-aaa"));
    }

    /** A window that takes too long, a page that is gone, and an hour that was just forgotten. */
    @Test
    void saysThatWhatMayPassIsRetried() throws Exception {
        fixture.environment("METRICS_API_RETENTION_HOURS", "6")
                .property("metrics.window.deadline.ms", "1000");
        fixture.scrape();
        fixture.pass(Duration.parse("PT5H49M50S"));
        fixture.simulator()
                .answerAlways(metric(REQUEST_BYTES), tooManyRequests(Duration.ofSeconds(1)))
                .answerAlways(
                        metric(RESPONSE_BYTES).and(firstPage()), rewrite(StatusPageTest::notLast))
                .answerAlways(metric(RESPONSE_BYTES).and(laterPage()), notFound())
                .answerAlways(
                        metric(RETAINED_BYTES),
                        withHeaders(Map.of("Date", "Tue, 02 Sep 2025 08:00:30 GMT")));
        fixture.scrape();

        assertThat(page())
                .contains("metrics.window.deadline.ms sets. It is retried.")
                .contains("nothing of the window is published. It is retried.")
                .contains("says what is lost and fetches the rest. It is retried.")
                .doesNotContain("This needs you");
    }

    private static JsonObject notLast(JsonObject page) {
        page.getJsonObject("meta").getJsonObject("pagination").put("next_page_token", "next");
        return page;
    }

    @Test
    void saysThatNoStepAsksForACluster() throws Exception {
        fixture.environment("CONFLUENT_METRICS_CONNECTOR_ID_LIST", "lcc-one");
        fixture.scrape();

        assertThat(page())
                .contains("<h3><bdi>lcc-one</bdi></h3>")
                .contains("! nothing published yet<small>no step of the routes asks for it<")
                .contains("not all is scraped</strong> No step of the routes asks for lcc-one.");
    }

    /** Not the reason of the scrape before, which would pass. */
    @Test
    void namesTheLastReason() throws Exception {
        fixture.scrape();
        fixture.pass(1);
        fixture.simulator().answerAlways(RequestMatcher.any(), unavailable(503));
        fixture.scrape();
        fixture.pass(1);
        fixture.simulator().behave();
        fixture.simulator().answerAlways(RequestMatcher.any(), status(401));
        fixture.scrape();

        assertThat(page())
                .contains("2 hours open</strong>", ": The Metrics API answered 401")
                // nothing of the key can be fetched, so no query fails for itself
                .contains(" This needs you.", "<bdi>all clusters</bdi>")
                .doesNotContain("open: A server that is not", "The next scrape fetches");
    }

    @Test
    void saysWhatWasNeverPublished() throws Exception {
        assertThat(page())
                .contains("Not scraped yet</strong>", "Not known before the first scrape.")
                .doesNotContain("nothing published", "Is the month");
        fixture.simulator()
                .answerAlways(cluster("lkc-bbb").and(metric(RETAINED_BYTES)), status(403, HOSTILE));

        fixture.scrape();

        assertThat(page())
                .contains("1 hour open</strong> lkc-bbb retained_bytes")
                .contains("! Not complete so far</b>: 5 of 156 hours, summed over 6 queries,")
                .contains(" published, 1 open, 150 unknown, from before a query’s first")
                .contains("! nothing published yet")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&apos;&amp; gnp.exe")
                .doesNotContain("<script", "\u202E");
    }

    @Test
    void aQueryThatWasTakenOutOfTheRoutesCountsUpToItsLastHour(@TempDir Path directory)
            throws Exception {
        fixture.scrape();
        fixture.restart();
        String queries = Files.readString(Path.of("src/main/resources/routes/queries.camel.yaml"));
        Files.writeString(
                directory.resolve("queries.camel.yaml"),
                queries.substring(
                        0, queries.indexOf("              - to:\n                  id: retained")));
        fixture.environment("AGENT_ROUTES_DIR", directory.toString());
        fixture.pass(3);
        fixture.scrape();

        assertThat(page())
                .contains("Complete</strong>", "– 1 of 1 hour, not scraped any more")
                .contains(": 18 of 168 hours, summed over 6 queries, published, 150 unknown");
    }

    @Test
    void escapesWhatTheLedgerHolds() throws Exception {
        fixture.scrape();
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", TestKafka.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer())) {
            String series = "<script>/**/</script> \"><img/src=x> by '&lt;";
            for (String hour : List.of("2025-09-01T23:00:00Z", "2025-09-02T01:00:00Z")) {
                producer.send(
                                new ProducerRecord<>(
                                        fixture.settings().ledgerTopic(),
                                        series + " " + hour,
                                        "{\"records\":1,\"published_at\":\"<script>\"}"))
                        .get();
            }
        }
        fixture.scrape();

        assertThat(page())
                .contains("<h3><bdi>&lt;script&gt;/**/&lt;/script&gt;</bdi></h3>")
                .contains("<bdi>&apos;&amp;lt;</bdi>", "not scraped any more")
                .contains("\"2 Sep, 00:00: open: it is not scraped any more\"")
                .doesNotContain("<script", "<img");
    }

    @Test
    void withoutALedgerShowsWhatThisProcessDid() throws Exception {
        fixture.environment("METRICS_DELIVERY", "stateless");
        fixture.scrape();
        fixture.pass(3);
        fixture.simulator().answerAlways(metric(RETAINED_BYTES), unavailable(503));
        fixture.scrape();
        assertThat(page())
                .contains("1 hour open</strong>", " Without a ledger it is not fetched again.")
                .doesNotContain("It is retried", "the next scrape fetches");
        fixture.simulator().behave();
        fixture.scrape();

        assertThat(page())
                .contains("Delivery is stateless", "published since 2 Sep, 02:10")
                .contains("\"2 Sep, 02:00: lost for good\"", "\"2 Sep, 03:00: lost for good\"")
                .contains("\"2 Sep, 04:00: 3 records, published 2 Sep, 05:10\"");
    }

    @Test
    void withoutALedgerTheScrapeUnderWayFetchesTheHour() throws Exception {
        fixture.environment("METRICS_DELIVERY", "stateless");
        fixture.scrape();
        fixture.pass(1);
        CompletableFuture<Void> seen = new CompletableFuture<>();
        fixture.simulator()
                .answerAlways(
                        RequestMatcher.any(),
                        rewrite(
                                answer -> {
                                    seen.join();
                                    return answer;
                                }));
        fixture.simulator().forgetRequests();
        Future<Scrape> scrape = fixture.scrapeUnderWay();
        String page = page();
        seen.complete(null);
        scrape.get();

        assertThat(page)
                .contains(
                        "1 hour open</strong>",
                        ", and the scrape under way or the next one fetches it.")
                .contains(
                        "\"2 Sep, 02:00: open: the scrape under way or the next one fetches it\"");
        assertThat(page()).contains("Complete</strong>");
    }

    @Test
    void saysThatAnotherAgentTookOver() throws Exception {
        fixture.scrape();
        try (Agent other = new Agent(fixture.settings(), fixture.clock(), false, Map.of())) {
            other.start();
            fixture.pass(1);
            other.scrape();
        }
        fixture.scrape();

        assertThat(page())
                .contains("Stopped</strong> Another agent publishes to the same topic")
                .contains("<dt>Next scrape</dt><dd>none");
    }

    @Test
    void isServedStrictly() throws Exception {
        HttpResponse<String> page = send("GET", "");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().map())
                .doesNotContainKey("x-mirrored")
                .containsEntry("cache-control", List.of("no-store"))
                .containsEntry("content-type", List.of("text/html; charset=utf-8"))
                .containsEntry("x-content-type-options", List.of("nosniff"))
                .containsEntry("referrer-policy", List.of("no-referrer"));
        assertThat(page.headers().firstValue("content-security-policy"))
                .hasValueSatisfying(
                        policy ->
                                assertThat(policy)
                                        .matches(
                                                "default-src 'none'; style-src"
                                                        + " 'sha256-[A-Za-z0-9+/]{43}='; img-src data:; base-uri"
                                                        + " 'none'; form-action 'none'; frame-ancestors"
                                                        + " 'none'"));
        HttpResponse<String> head = send("HEAD", "");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(head.headers().map()).doesNotContainKey("camelhttpmethod");
        for (String method : new String[] {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
            assertThat(send(method, "").statusCode()).as(method).isEqualTo(405);
        }
        assertThat(send("GET", "other").statusCode()).isEqualTo(404);
    }

    private String page() throws Exception {
        return send("GET", "?x=%3Cscript%3E").body();
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        fixture.agent();
        return browser.send(
                HttpRequest.newBuilder(fixture.management().page().resolve(path))
                        .header("X-Mirrored", "x")
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }
}
