package io.scrapingagent.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.process.AgentProcess;
import io.scrapingagent.process.ProcessFixture;
import io.scrapingagent.security.HostileServer.Answer;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/**
 * What a Metrics API would fill the memory with, one kind for each cluster, in a process with
 * little of it: each fails in a sentence, and as much as is allowed is published.
 */
class HostileApiIT {

    private static final String HEAP = "-Xmx128m";
    private static final int POINT_LIMIT = (128 - 64) * 1024 * 1024 / 2048;
    private static final int GIGABYTE = 1 << 30;
    private static final String LONG_NAME = "n".repeat(450);
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Pattern HOUR = Pattern.compile("PT\\d+H/(\\S+?)\"");

    @Test
    void fillsNoMemory() throws Exception {
        Map<String, Answer> clusters = new LinkedHashMap<>();
        clusters.put("lkc-body", HostileApiIT::gigabyte);
        clusters.put("lkc-bomb", bomb());
        clusters.put("lkc-objects", fixed("{\"data\":[" + "{},".repeat(5_000_000) + "{}]}"));
        clusters.put("lkc-pages", pages(Integer.MAX_VALUE, ""));
        clusters.put("lkc-names", pages(Integer.MAX_VALUE, LONG_NAME));
        clusters.put("lkc-many", pages(POINT_LIMIT / 1000, ""));
        clusters.put("lkc-long", pages(POINT_LIMIT / 1000, LONG_NAME));
        Answer byCluster =
                (request, out) -> {
                    if (request.contains("request_bytes")) {
                        for (Map.Entry<String, Answer> cluster : clusters.entrySet()) {
                            if (request.contains('"' + cluster.getKey() + '"')) {
                                return cluster.getValue().to(request, out);
                            }
                        }
                    }
                    out.write(HostileServer.json("{\"data\":[]}"));
                    return true;
                };
        try (HostileServer server = new HostileServer(byCluster);
                ProcessFixture fixture =
                        new ProcessFixture(
                                MetricsApiSimulator.of("lkc-unused", 1, 1),
                                String.join(",", clusters.keySet()))) {
            AgentProcess agent =
                    fixture.environment("CONFLUENT_METRICS_HOST", server.uri().toString())
                            .environment("CONFLUENT_METRICS_REQUESTS_PER_MINUTE", "100000")
                            // what a cluster's answer is must not fail the others
                            .environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "1")
                            // the server counts pages, and a window that must wait begins anew
                            .environment("METRICS_PARALLEL_REQUESTS", "1")
                            .environment("METRICS_API_RETRIES", "1")
                            .environment("METRICS_API_RETRY_DELAY_MS", "1")
                            .environment("JAVA_TOOL_OPTIONS", HEAP + " -XX:+ExitOnOutOfMemoryError")
                            .start("once");

            assertThat(agent.exitCode(LIMIT)).as("%s", agent.output()).isEqualTo(1);
            assertThat(agent.stackTraces()).isEmpty();
            assertThat(agent.output()).anyMatch(line -> line.contains("16 queries ok, 5 failed"));
            List<ConsumerRecord<String, String>> records = fixture.consumed();
            assertThat(records)
                    .filteredOn(it -> it.value().contains("lkc-many"))
                    .hasSize(POINT_LIMIT / 1000 * 1000);
            assertThat(records)
                    .filteredOn(it -> it.value().contains("lkc-long"))
                    .hasSize(POINT_LIMIT / 1000 * 1000);
            assertThat(records).allMatch(it -> it.value().matches(".*\"lkc-(many|long)\".*"));
        }
    }

    private static boolean gigabyte(String request, OutputStream out) throws IOException {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        byte[] piece = "x".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
        for (int sent = 0; sent < GIGABYTE; sent += piece.length) {
            out.write(piece);
        }
        return false;
    }

    private static Answer bomb() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            byte[] spaces = " ".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
            for (int sent = 0; sent < GIGABYTE; sent += spaces.length) {
                gzip.write(spaces);
            }
        }
        return HostileServer.fixed(
                HostileServer.response(
                        "200 OK", "Content-Encoding: gzip\r\n", bytes.toByteArray()));
    }

    private static Answer fixed(String body) {
        return HostileServer.fixed(HostileServer.json(body));
    }

    /** Pages of a thousand groups each, all proper, of which the last has no token. */
    private static Answer pages(int pages, String name) {
        AtomicInteger page = new AtomicInteger();
        return (request, out) -> {
            Matcher interval = HOUR.matcher(request);
            assertThat(interval.find()).isTrue();
            String hour = Instant.parse(interval.group(1)).minusSeconds(3600).toString();
            int number = page.incrementAndGet();
            StringBuilder json = new StringBuilder("{\"data\":[");
            for (int i = 0; i < 1000; i++) {
                json.append(i == 0 ? "" : ",")
                        .append("{\"metric.principal_id\":\"%s-%d-%d\"".formatted(name, number, i))
                        .append(",\"timestamp\":\"" + hour + "\",\"value\":%d.5}".formatted(i));
            }
            json.append("],\"meta\":{\"pagination\":{");
            if (number < pages) {
                json.append("\"next_page_token\":\"t" + number + "\"");
            }
            out.write(HostileServer.json(json.append("}}}").toString()));
            return true;
        };
    }
}
