package io.scrapingagent.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.ledger.Hours;
import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code java -jar confluent-scraping-agent.jar status}. */
class StatusIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CONCERN = 1;
    private static final String REQUESTS =
            " io.confluent.kafka.server/request_bytes by metric.principal_id";

    @RegisterExtension
    private final ProcessFixture fixture =
            new ProcessFixture(
                    MetricsApiSimulator.builder().withoutRateLimit().cluster("lkc-aaa", 4, 5),
                    "lkc-aaa");

    private final Instant lastDue = fixture.settle();

    @Test
    void saysThatNothingIsPublishedWhenThereIsNoLedger() throws Exception {
        AgentProcess status = fixture.start("status");

        assertThat(status.exitCode()).isEqualTo(CONCERN);
        assertThat(status.output())
                .hasSize(3)
                .startsWith("✗ lkc-aaa", "  nothing published yet")
                .last()
                .asString()
                .startsWith("Nothing published yet of lkc-aaa, by the ledger's topic " + ledger())
                .contains("`once`");
        assertThat(TestKafka.reader().readAll(ledger())).isEmpty();
    }

    @Test
    void namesWhatOncePublished() throws Exception {
        assertThat(fixture.start("once").exitCode()).isZero();

        AgentProcess status = fixture.start("status");

        assertThat(status.exitCode()).isZero();
        String hour = ", first %s, last %s".formatted(lastDue, lastDue);
        assertThat(status.output())
                .containsExactly(
                        "✓ lkc-aaa" + REQUESTS,
                        "  published 1 hour, " + records(ExpectedRecord.REQUEST_BYTES) + hour,
                        volume(ExpectedRecord.REQUEST_BYTES),
                        "  open      none",
                        "  lost      none",
                        "✓ lkc-aaa io.confluent.kafka.server/response_bytes by metric.principal_id",
                        "  published 1 hour, " + records(ExpectedRecord.RESPONSE_BYTES) + hour,
                        volume(ExpectedRecord.RESPONSE_BYTES),
                        "  open      none",
                        "  lost      none",
                        "✓ lkc-aaa io.confluent.kafka.server/retained_bytes by metric.topic",
                        "  published 1 hour, " + records(ExpectedRecord.RETAINED_BYTES) + hour,
                        volume(ExpectedRecord.RETAINED_BYTES),
                        "  open      none",
                        "  lost      none",
                        "3 queries up to %s, 0 hours open, 0 lost for good.".formatted(lastDue));
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
        published("lkc-aaa", lastDue.minus(Duration.ofHours(9)));
        published("lkc-aaa", hoursBefore(7));
        published("lkc-aaa", lastDue);

        AgentProcess status = fixture.start("status");

        assertThat(status.exitCode()).isEqualTo(CONCERN);
        assertThat(status.output())
                .hasSize(7)
                .startsWith(
                        "✗ lkc-aaa" + REQUESTS,
                        "  published 3 hours, 30 records, first %s, last %s"
                                .formatted(hoursBefore(9), lastDue),
                        "  volume    last hour 10 records, 24 hours 30 records",
                        "  open      1 hour, " + hoursBefore(8),
                        "            6 hours, from %s to %s"
                                .formatted(hoursBefore(6), hoursBefore(1)),
                        "  lost      none");
        assertThat(status.output().get(6))
                .startsWith("Open for more than 2 hours: 7 hours of 1 query")
                .contains("the oldest is " + hoursBefore(8), "log", "`once`")
                .contains("An agent last published at " + lastDue);
    }

    @Test
    void marksASuddenDrop() throws Exception {
        published("lkc-aaa", hoursBefore(24), 21);
        for (int i = 23; i >= 0; i--) {
            published("lkc-aaa", hoursBefore(i), 10);
        }

        AgentProcess status = fixture.start("status");

        assertThat(status.exitCode()).isZero();
        assertThat(status.output())
                .contains(
                        "  volume    last hour ▼ 10 records (the day before 21), 24 hours 240 records");
    }

    @Test
    void isPatientWithAGapForTwoHours() throws Exception {
        published("lkc-aaa", hoursBefore(2));

        AgentProcess status = fixture.start("status");

        assertThat(status.exitCode()).isZero();
        assertThat(status.output())
                .hasSize(6)
                .contains("  volume    last hour not published, 24 hours 10 records")
                .contains("  open      2 hours, from %s to %s".formatted(hoursBefore(1), lastDue));
    }

    @Test
    void keepsStandardOutputForTheJson() throws Exception {
        published("lkc-aaa", hoursBefore(3));
        published("lkc-old", hoursBefore(5));
        // a setting that is warned about
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "lkc-aaa,lkc-new,lkc-aaa");

        AgentProcess status = withErrorsApart("status", "--output", "json");

        assertThat(status.exitCode()).isEqualTo(CONCERN);
        JsonNode json = JSON.readTree(String.join("\n", status.output()));
        assertThat(json)
                .isEqualTo(
                        JSON.readTree(
                                """
                                [ {
                                  "cluster": "lkc-aaa",
                                  "metric": "io.confluent.kafka.server/request_bytes",
                                  "group_by": "metric.principal_id",
                                  "scraped": true,
                                  "first": "%1$s",
                                  "last": "%1$s",
                                  "hours": 1,
                                  "records": 10,
                                  "open": ["%2$s", "%3$s", "%4$s"],
                                  "lost": []
                                }, {
                                  "cluster": "lkc-new",
                                  "metric": null,
                                  "group_by": null,
                                  "scraped": true,
                                  "first": null,
                                  "last": null,
                                  "hours": 0,
                                  "records": 0,
                                  "open": [],
                                  "lost": []
                                }, {
                                  "cluster": "lkc-old",
                                  "metric": "io.confluent.kafka.server/request_bytes",
                                  "group_by": "metric.principal_id",
                                  "scraped": false,
                                  "first": "%5$s",
                                  "last": "%5$s",
                                  "hours": 1,
                                  "records": 10,
                                  "open": [],
                                  "lost": []
                                } ]
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
                .anyMatch(line -> line.startsWith("Open for more than 2 hours: 3 hours of 1 query"))
                .anyMatch(line -> line.startsWith("Nothing published yet of lkc-new, "));
    }

    @Test
    void printsJsonWhenThereIsNoLedgerToo() throws Exception {
        AgentProcess status = withErrorsApart("status", "--output", "json");

        assertThat(status.exitCode()).isEqualTo(CONCERN);
        assertThat(JSON.readTree(String.join("\n", status.output())))
                .singleElement()
                .satisfies(it -> assertThat(it.get("cluster").asText()).isEqualTo("lkc-aaa"));
        assertThat(Files.readAllLines(errors()))
                .singleElement()
                .asString()
                .startsWith("Nothing published yet of lkc-aaa, ");
    }

    @Test
    void namesClustersThatHaveNothingYetAndDoesNotMissThoseThatAreNoLongerScraped()
            throws Exception {
        published("lkc-aaa", lastDue);
        published("lkc-old", hoursBefore(50));
        published("lkc-old", hoursBefore(47));

        AgentProcess old = fixture.start("status");
        fixture.environment("CONFLUENT_METRICS_CLUSTER_ID_LIST", "lkc-aaa,lkc-new");
        AgentProcess fresh = fixture.start("status");

        assertThat(old.exitCode()).isZero();
        assertThat(old.output())
                .containsSequence(
                        "– lkc-old" + REQUESTS,
                        "  not scraped: not in CONFLUENT_METRICS_CLUSTER_ID_LIST",
                        "  published 2 hours, 20 records, first %s, last %s"
                                .formatted(hoursBefore(50), hoursBefore(47)),
                        "  open      2 hours, from %s to %s"
                                .formatted(hoursBefore(49), hoursBefore(48)),
                        "  lost      none");
        assertThat(fresh.exitCode()).isEqualTo(CONCERN);
        assertThat(fresh.output()).containsSequence("✗ lkc-new", "  nothing published yet");
        assertThat(fresh.output().get(fresh.output().size() - 1))
                .startsWith("Nothing published yet of lkc-new, ");
    }

    @Test
    void takesTheRetentionFromTheSettings() throws Exception {
        published("lkc-aaa", hoursBefore(30));
        published("lkc-aaa", lastDue);
        Hours hours = new Hours(Clock.systemUTC(), Duration.ZERO, Duration.ofHours(12));
        Instant first = hours.firstAvailable();

        AgentProcess status =
                fixture.environment("METRICS_API_RETENTION_HOURS", "12").start("status");

        assertThat(status.exitCode()).isEqualTo(CONCERN);
        // the next hour may have begun meanwhile
        assertThat(status.output())
                .matches(
                        lines ->
                                lines.containsAll(openFrom(first))
                                        || lines.containsAll(openFrom(hours.firstAvailable())),
                        "with " + openFrom(first));
    }

    @Test
    void refusesARetentionThatIsNone() throws Exception {
        AgentProcess status =
                fixture.environment("METRICS_API_RETENTION_HOURS", "0").start("status");

        assertThat(status.exitCode()).isEqualTo(2);
        assertThat(status.output())
                .containsExactly(
                        "METRICS_API_RETENTION_HOURS=0: allowed is a whole number of at least 1");
    }

    @Test
    void hasNothingToReadWithoutALedger() throws Exception {
        AgentProcess status = fixture.environment("METRICS_DELIVERY", "stateless").start("status");

        assertThat(status.exitCode()).isEqualTo(2);
        assertThat(status.output())
                .containsExactly("METRICS_DELIVERY=stateless: there is no ledger to read");
    }

    @Test
    void saysWhatToCheckWhenTheBrokerIsAway() throws Exception {
        AgentProcess status =
                fixture.environment("KAFKA_BOOTSTRAP_SERVERS", "localhost:1").start("status");

        assertThat(status.exitCode()).isEqualTo(CONCERN);
        assertThat(status.output())
                .singleElement()
                .asString()
                .contains(" ERROR ", "Kafka", "KAFKA_BOOTSTRAP_SERVERS");
    }

    private void published(String cluster, Instant hour) {
        published(cluster, hour, 10);
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

    private List<String> openFrom(Instant first) {
        return List.of(
                "  open      %d hours, from %s to %s"
                        .formatted(
                                Duration.between(first, lastDue).toHours(), first, hoursBefore(1)),
                "  lost      %d hours, from %s to %s"
                        .formatted(
                                Duration.between(hoursBefore(29), first).toHours(),
                                hoursBefore(29),
                                first.minus(Duration.ofHours(1))));
    }

    private Instant hoursBefore(int hours) {
        return lastDue.minus(Duration.ofHours(hours));
    }

    private String ledger() {
        return fixture.topic() + "-ledger";
    }

    private AgentProcess withErrorsApart(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of("/bin/sh", "-c", "exec \"$@\" 2>" + errors().getFileName(), "sh"));
        command.addAll(AgentProcess.command(arguments));
        return fixture.run(command);
    }

    private Path errors() {
        return fixture.directory().resolve("errors.txt");
    }
}
