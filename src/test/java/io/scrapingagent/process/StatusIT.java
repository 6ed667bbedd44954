package io.scrapingagent.process;

import static io.scrapingagent.routes.ExpectedRecord.REQUEST_BYTES;
import static io.scrapingagent.routes.ExpectedRecord.RESPONSE_BYTES;
import static io.scrapingagent.routes.ExpectedRecord.RETAINED_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** {@code java -jar confluent-scraping-agent.jar status}. */
class StatusIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CONCERN = 1;
    private static final String REQUESTS =
            " io.confluent.kafka.server/request_bytes by metric.principal_id";

    @AutoClose
    private final ProcessFixture fixture =
            new ProcessFixture(MetricsApiSimulator.of("lkc-aaa", 4, 5));

    private final Instant lastDue = fixture.settle();

    @Test
    void saysThatNothingIsPublished() throws Exception {
        assertThat(fixture.run(CONCERN, "status").output())
                .hasSize(3)
                .startsWith("✗ lkc-aaa", "  nothing published yet")
                .last()
                .asString()
                .startsWith("Nothing published yet of lkc-aaa, by the ledger's topic " + ledger())
                .contains("`once`");
        assertThat(TestKafka.reader().readAll(ledger())).isEmpty();

        TestKafka.createTopic(ledger(), 1);

        assertThat(json())
                .singleElement()
                .satisfies(it -> assertThat(it.get("cluster").asText()).isEqualTo("lkc-aaa"));
        assertThat(Files.readAllLines(errors()))
                .singleElement()
                .asString()
                .startsWith("Nothing published yet of lkc-aaa, by the ledger's topic " + ledger())
                .contains("`once`");
    }

    /** A gap of two hours, a drop, and a cluster that is no longer scraped are no concern. */
    @Test
    void namesWhatIsPublished() throws Exception {
        fixture.run(0, "once");
        published("lkc-drop", hoursBefore(24), 21);
        for (int i = 23; i >= 0; i--) {
            published("lkc-drop", hoursBefore(i), 10);
        }
        published("lkc-gap", hoursBefore(2), 10);
        published("lkc-old", hoursBefore(50), 10);
        published("lkc-old", hoursBefore(47), 10);
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "lkc-aaa,lkc-drop,lkc-gap");

        String once = "  published 1 hour, %%s, first %1$s, last %1$s".formatted(lastDue);
        assertThat(fixture.run(0, "status").output())
                .containsExactly(
                        "✓ lkc-aaa" + REQUESTS,
                        once.formatted(records(REQUEST_BYTES)),
                        volume(REQUEST_BYTES),
                        "  open      none",
                        "  lost      none",
                        "✓ lkc-aaa io.confluent.kafka.server/response_bytes by metric.principal_id",
                        once.formatted(records(RESPONSE_BYTES)),
                        volume(RESPONSE_BYTES),
                        "  open      none",
                        "  lost      none",
                        "✓ lkc-aaa io.confluent.kafka.server/retained_bytes by metric.topic",
                        once.formatted(records(RETAINED_BYTES)),
                        volume(RETAINED_BYTES),
                        "  open      none",
                        "  lost      none",
                        "✓ lkc-drop" + REQUESTS,
                        "  published 25 hours, 261 records, first %s, last %s"
                                .formatted(hoursBefore(24), lastDue),
                        "  volume    last hour ▼ 10 records (the day before 21), 24 hours 240 records",
                        "  open      none",
                        "  lost      none",
                        "✓ lkc-gap" + REQUESTS,
                        "  published 1 hour, 10 records, first %1$s, last %1$s"
                                .formatted(hoursBefore(2)),
                        "  volume    last hour not published, 24 hours 10 records",
                        "  open      2 hours, from %s to %s".formatted(hoursBefore(1), lastDue),
                        "  lost      none",
                        "– lkc-old" + REQUESTS,
                        "  not scraped: not in CONFLUENT_METRICS_*_ID_LIST",
                        "  published 2 hours, 20 records, first %s, last %s"
                                .formatted(hoursBefore(50), hoursBefore(47)),
                        "  open      2 hours, from %s to %s"
                                .formatted(hoursBefore(49), hoursBefore(48)),
                        "  lost      none",
                        "5 queries up to %s, 2 hours open, 0 lost for good.".formatted(lastDue));
    }

    private String volume(String metric) {
        return "  volume    last hour %1$s, 24 hours %1$s".formatted(records(metric));
    }

    /** Not each principal and topic has a value in each hour. */
    private String records(String metric) {
        return ExpectedRecord.ofQuery(fixture.simulator(), lastDue, "lkc-aaa", metric).size()
                + " records";
    }

    @Test
    void joinsOpenHoursAndSaysWhyItEndsWithOne() throws Exception {
        published("lkc-aaa", hoursBefore(9), 10);
        published("lkc-aaa", hoursBefore(7), 10);
        published("lkc-aaa", lastDue, 10);
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "lkc-aaa,lkc-new");

        List<String> said = fixture.run(CONCERN, "status").output();

        assertThat(said)
                .hasSize(10)
                .startsWith(
                        "✗ lkc-aaa" + REQUESTS,
                        "  published 3 hours, 30 records, first %s, last %s"
                                .formatted(hoursBefore(9), lastDue),
                        "  volume    last hour 10 records, 24 hours 30 records",
                        "  open      1 hour, " + hoursBefore(8),
                        "            6 hours, from %s to %s"
                                .formatted(hoursBefore(6), hoursBefore(1)),
                        "  lost      none",
                        "✗ lkc-new",
                        "  nothing published yet");
        assertThat(said.get(8))
                .startsWith("Open: 7 hours of 1 query")
                .contains("the oldest for more than 2 hours: " + hoursBefore(8), "log", "`once`")
                .contains("An agent last published at " + lastDue);
        assertThat(said.get(9))
                .startsWith("Nothing published yet of lkc-new, by the ledger's topic ");

        fixture.environment("METRICS_API_RETENTION_HOURS", "4");
        assertThat(fixture.run(CONCERN, "status").output())
                .contains("  lost      1 hour, " + hoursBefore(8));
    }

    @Test
    void keepsStandardOutputForTheJson() throws Exception {
        published("lkc-aaa", hoursBefore(3), 10);
        published("lkc-old", hoursBefore(5), 10);
        // a setting that is warned about
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "lkc-aaa,lkc-new,lkc-aaa");

        assertThat(json())
                .isEqualTo(
                        JSON.readTree(
                                """
                                [{"cluster": "lkc-aaa", "metric": "io.confluent.kafka.server/request_bytes",
                                  "group_by": "metric.principal_id", "scraped": true,
                                  "first": "%1$s", "last": "%1$s", "hours": 1, "records": 10,
                                  "open": ["%2$s", "%3$s", "%4$s"], "lost": []},
                                 {"cluster": "lkc-new", "metric": null, "group_by": null, "scraped": true,
                                  "first": null, "last": null, "hours": 0, "records": 0,
                                  "open": [], "lost": []},
                                 {"cluster": "lkc-old", "metric": "io.confluent.kafka.server/request_bytes",
                                  "group_by": "metric.principal_id", "scraped": false,
                                  "first": "%5$s", "last": "%5$s", "hours": 1, "records": 10,
                                  "open": [], "lost": []}]
                                """
                                        .formatted(
                                                hoursBefore(3),
                                                hoursBefore(2),
                                                hoursBefore(1),
                                                lastDue,
                                                hoursBefore(5))));
        assertThat(Files.readAllLines(errors()))
                .hasSize(3)
                .anyMatch(line -> line.contains(" WARN ") && line.contains("named more than once"))
                .anyMatch(line -> line.startsWith("Open: 3 hours of 1 query"))
                .anyMatch(line -> line.startsWith("Nothing published yet of lkc-new, "));
    }

    @Test
    void hasNothingToReadWithoutALedger() throws Exception {
        fixture.environment("METRICS_DELIVERY", "stateless");

        assertThat(fixture.run(2, "status").output())
                .containsExactly("METRICS_DELIVERY=stateless: there is no ledger to read");
    }

    private void published(String cluster, Instant hour, int records) {
        Map<String, Object> settings = Map.of("bootstrap.servers", TestKafka.bootstrapServers());
        try (Producer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(
                    new ProducerRecord<>(
                            ledger(),
                            cluster + REQUESTS + " " + hour,
                            "{\"records\":%d,\"published_at\":\"%s\"}".formatted(records, hour)));
        }
    }

    private Instant hoursBefore(int hours) {
        return lastDue.minus(Duration.ofHours(hours));
    }

    private String ledger() {
        return fixture.topic() + "-ledger";
    }

    /** Returns what is printed on standard output; all else is in a file. */
    private JsonNode json() throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of("/bin/sh", "-c", "exec \"$@\" 2>" + errors().getFileName(), "sh"));
        command.addAll(AgentProcess.command("status", "--output", "json"));
        AgentProcess status = fixture.run(command);
        assertThat(status.exitCode()).isEqualTo(CONCERN);
        return JSON.readTree(String.join("\n", status.output()));
    }

    private Path errors() {
        return fixture.directory().resolve("errors.txt");
    }
}
