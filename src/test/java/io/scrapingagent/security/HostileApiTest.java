package io.scrapingagent.security;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.scrapingagent.routes.ScrapeFixture;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.security.HostileServer.Answer;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What somebody who can answer in the Metrics API's place may try: to hang the agent, to fill its
 * memory, to make it publish something else or elsewhere, to write into its log. Through the real
 * routes; request_bytes is what the hostile server answers, and afterwards it answers properly.
 */
class HostileApiTest {

    private static final String PROPER = point("u-1", "721");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final List<String> STEERING =
            List.of(
                    """
                    kafka.KEY kafka.OVERRIDE_TOPIC kafka.OVERRIDE_TIMESTAMP kafka.PARTITION_KEY
                    kafka.HEADERS CamelKafkaOverrideTopic CamelKafkaKey
                    CamelBeanMethodName CamelBeanParameterTypes CamelHttpUri CamelHttpPath
                    CamelHttpResponseCode CamelHttpQuery CamelRestHttpUri CamelJacksonUnmarshalType CamelRedeliveryCounter
                    CamelRedeliveryMaxCounter Long-Running-Action
                    """
                            .split("\\s+"));
    @AutoClose private final HostileServer server = new HostileServer((request, out) -> false);

    @AutoClose
    private final ScrapeFixture fixture =
            new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 1, 1))
                    .environment("CONFLUENT_METRICS_HOST", server.uri().toString())
                    .property("metrics.api.retries", "1")
                    .property("metrics.api.response.deadline.ms", "500")
                    .property("metrics.api.response.max.bytes", "1000000");

    /** Each with what is said of it. */
    static Stream<Arguments> endless() {
        String ok = "HTTP/1.1 200 OK\r\n";
        String chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
        String tooLong = "longer than 1000000 bytes";
        return Stream.of(
                endless("header, a byte now and then", "", ok + "X: ", "x", 20),
                endless("header, as fast as it can", "", ok + "X: ", "x".repeat(9000), 0),
                endless("headers", "", ok, "X-Many: more\r\n".repeat(500), 0),
                endless("interim responses", "", "", "HTTP/1.1 103 Early Hints\r\n\r\n", 0),
                endless("status line", "", "HTTP/1.1 200 ", "O".repeat(9000), 0),
                endless("body", tooLong, chunked, "f000\r\n" + "x".repeat(0xf000) + "\r\n", 0),
                endless(
                        "body that trickles",
                        "not complete within 500 ms",
                        chunked,
                        "1\r\n \r\n",
                        20),
                endless("chunk extension", "", chunked + "1;x=", "x".repeat(9000), 0),
                endless(
                        "trailers",
                        "",
                        chunked + "2\r\n{}\r\n0\r\n",
                        "X: more\r\n".repeat(500),
                        0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void endless(String what, String said, Answer answer) throws Exception {
        server.answer(toRequestBytes(answer));

        assertThat(reason(scrape())).startsWith("The ").contains(said);
        assertRecovers();
    }

    /**
     * Answers that are refused with a reason of one harmless line.
     *
     * <p>CVE-2026-64607: after the fifth answer with an unknown content coding HttpClient's pool of
     * five connections would be empty.
     */
    static Stream<Arguments> refused() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bomb)) {
            gzip.write(new byte[20_000_000]);
        }
        String manyLabels =
                IntStream.range(0, 80_000)
                        .mapToObj("\"l%d\":\"\","::formatted)
                        .collect(Collectors.joining());
        String forged =
                "${env:HOME}{{env:HOME}}\\r\\n2025-09-02 INFO forged\\u001b[2J\\u009b2J\\u2028\\u202edlrow"
                        + "x".repeat(10_000);
        return Stream.of(
                Arguments.of(
                        "coding", coded("nonsense", bytes(PROPER)), "Unsupported Content-Encoding"),
                Arguments.of(
                        "bomb", coded("gzip", bomb.toByteArray()), "longer than 1000000 bytes"),
                Arguments.of(
                        "many codings",
                        coded("gzip,".repeat(5000) + "gzip", bytes(PROPER)),
                        "Metrics API"),
                Arguments.of("empty points", data("{},".repeat(300_000) + "{}"), "without a"),
                Arguments.of("no points", data("null,".repeat(180_000) + "null"), "without a"),
                Arguments.of(
                        "labels", data("{" + manyLabels + "\"z\":\"\"}"), "more than 64 labels"),
                Arguments.of(
                        "a long page token",
                        HostileServer.json(page("", "t".repeat(8193))),
                        "a page token longer than 8192 characters"),
                Arguments.of("a long label", data(point("x".repeat(5000), "1")), "no name"),
                Arguments.of("half a character", data(point("a\\ud800b", "1")), "no name"),
                Arguments.of("the other half", data(point("\\udc00\\ud800", "1")), "no name"),
                Arguments.of(
                        "an error's text",
                        HostileServer.response(
                                "403 no",
                                "",
                                bytes("{\"errors\":[{\"detail\":\"" + forged + "\"}]}")),
                        "${env:HOME}{{env:HOME}} 2025-09-02 INFO forged [2J"),
                Arguments.of(
                        "no JSON",
                        HostileServer.json("\u202e\u009b2Jforged" + "x".repeat(10_000)),
                        "not the JSON"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refused(String what, byte[] response, String said) throws Exception {
        fixture.property("metrics.api.retries", "9");
        answer(response);

        assertThat(reason(scrape())).contains(said);
        assertRecovers();
    }

    @Test
    void pagesWithoutEnd() throws Exception {
        AtomicInteger page = new AtomicInteger();
        fixture.environment("CONFLUENT_METRICS_REQUESTS_PER_MINUTE", "100000");
        server.answer(
                toRequestBytes(
                        (request, out) -> {
                            out.write(HostileServer.json(page("", "t" + page.incrementAndGet())));
                            return true;
                        }));

        assertThat(reason(scrape())).contains("in 2000 requests");

        assertRecovers();
    }

    @Test
    void rateLimitsWithoutEnd() throws Exception {
        fixture.property("metrics.window.deadline.ms", "1000")
                .property("metrics.api.rate.limit.max.wait.ms", "10");
        answer(
                HostileServer.response(
                        "429 Too Many Requests",
                        "Retry-After: 99999999999999999999\r\n",
                        new byte[0]));

        assertThat(reason(scrape())).contains("did not give the whole window", "within 1000 ms");

        assertRecovers();
    }

    /** CVE-2026-49098, CVE-2025-27636: in whatever case, an answer's headers steer nothing. */
    @Test
    void headersSteerNeitherTheProducerNorCamel() throws Exception {
        StringBuilder headers = new StringBuilder();
        for (String name : STEERING) {
            for (String spelled : List.of(name, name.toLowerCase(), name.toUpperCase())) {
                headers.append(spelled).append(": 7\r\n");
            }
        }
        answer(
                HostileServer.response(
                        "200 OK", headers.toString(), bytes("{\"data\":[" + PROPER + "]}")));

        assertThat(scrape().getFailures()).isEmpty();

        assertPublished("u-1");
        assertThat(fixture.consumed().get(0).headers().toArray()).isEmpty();
    }

    /** What the Metrics API sends is text, not an expression of Camel's and not a placeholder. */
    @Test
    void expressionsInNamesAreNotEvaluated() throws Exception {
        String name =
                "${bean:scrapes?method=prepare}{{env:HOME}}${env:HOME}\\r\\n\\\",\\\"x\\\":\\\"";
        answer(data(point(name, "1")));

        assertThat(scrape().getFailures()).isEmpty();

        assertPublished("${bean:scrapes?method=prepare}{{env:HOME}}${env:HOME}\r\n\",\"x\":\"");
        assertThat(fixture.consumed().get(0).value())
                .contains("\"principal\":\"" + name + "\"},\"timestamp\":");
    }

    private static byte[] coded(String coding, byte[] body) {
        return HostileServer.response("200 OK", "Content-Encoding: " + coding + "\r\n", body);
    }

    private static byte[] data(String points) {
        return HostileServer.json("{\"data\":[" + points + "]}");
    }

    private static Arguments endless(
            String what, String said, String begin, String more, long pauseMs) {
        Answer answer =
                (request, out) -> {
                    out.write(begin.getBytes(StandardCharsets.ISO_8859_1));
                    byte[] bytes = more.getBytes(StandardCharsets.ISO_8859_1);
                    while (true) {
                        out.write(bytes);
                        out.flush();
                        Thread.sleep(pauseMs);
                    }
                };
        return Arguments.of(what, said, answer);
    }

    /** Answers request_bytes so, and that there are no points of the others. */
    private static Answer toRequestBytes(Answer answer) {
        return (request, out) -> {
            if (request.contains("request_bytes")) {
                return answer.to(request, out);
            }
            out.write(HostileServer.json("{\"data\":[]}"));
            return true;
        };
    }

    private void answer(byte[] response) {
        server.answer(toRequestBytes(HostileServer.fixed(response)));
    }

    private Scrape scrape() {
        return assertTimeoutPreemptively(LIMIT, fixture::scrape);
    }

    private static String reason(Scrape scrape) {
        assertThat(scrape.getFailures()).hasSize(1);
        String reason = scrape.getFailures().get(0).reason();
        assertThat(reason).hasSizeLessThan(1000).doesNotContainPattern("[\\p{C}\\u2028\\u2029]");
        return reason;
    }

    private void assertRecovers() throws IOException {
        assertThat(fixture.consumed()).isEmpty();
        answer(data(PROPER));

        assertThat(scrape().getFailures()).isEmpty();

        assertPublished("u-1");
    }

    private void assertPublished(String group) {
        await().until(() -> !fixture.consumed().isEmpty());
        List<ConsumerRecord<String, String>> records = fixture.consumed();
        assertThat(records).hasSize(1);
        assertThat(records.get(0).key()).isEqualTo("confluent_kafka_server_request_bytes:" + group);
        assertThat(records.get(0).timestamp()).isEqualTo(HOUR.toEpochMilli());
    }

    private static String page(String data, String token) {
        return "{\"data\":[%s],\"meta\":{\"pagination\":{\"next_page_token\":\"%s\"}}}"
                .formatted(data, token);
    }

    private static String point(String group, String value) {
        return "{\"metric.principal_id\":\"%s\",\"timestamp\":\"%s\",\"value\":%s}"
                .formatted(group, HOUR, value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
