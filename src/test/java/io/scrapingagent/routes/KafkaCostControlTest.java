package io.scrapingagent.routes;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.TruePoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What SPOUD's Kafka Cost Control makes of the records, read as it reads them. */
class KafkaCostControlTest {

    private static final String CLUSTER = "lkc-aaa";
    private static final int DAYS = 3;
    private static final ObjectMapper JSON =
            new ObjectMapper().registerModule(new JavaTimeModule());

    @AutoClose
    private final ScrapeFixture fixture =
            new ScrapeFixture(MetricsApiSimulator.of(CLUSTER, 5, 4).everydayValues())
                    .environment("METRICS_FORMAT", "kafka-cost-control")
                    .environment("METRICS_TOPIC", TestKafka.uniqueTopic("kcc"));

    /** The fields that it knows. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Metric(
            Instant timestamp, String name, Map<String, Double> fields, Map<String, String> tags) {

        static Metric of(String json) {
            try {
                return JSON.readValue(json, Metric.class);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String entity() {
            return name + "/" + tags.getOrDefault("topic", tags.get("principal_id"));
        }
    }

    @Test
    void countsEachFigureOnceAlsoAfterACatchUpOfDays() throws Exception {
        TestKafka.createTopic(fixture.settings().topic(), 1);
        fixture.scrapeAll();
        fixture.pass(24 * DAYS);
        fixture.scrapeAll();
        List<ConsumerRecord<String, String>> records =
                TestKafka.reader().readAll(fixture.settings().topic());

        assertThat(records)
                .isNotEmpty()
                .allSatisfy(
                        it ->
                                assertThat(Metric.of(it.value()).timestamp().toEpochMilli())
                                        .isEqualTo(it.timestamp()));
        assertThat(counted(records)).isEqualTo(truth());
    }

    private Map<String, Double> truth() {
        Map<String, Double> truth = new HashMap<>();
        for (int hour = 0; hour <= DAYS * 24; hour++) {
            Instant start = HOUR.plus(Duration.ofHours(hour));
            for (String metric : ExpectedRecord.METRICS) {
                for (TruePoint point : fixture.simulator().truth(CLUSTER, metric, start)) {
                    String name = metric.replace("io.", "").replaceAll("[./]", "_");
                    truth.put(
                            start + " " + name + "/" + point.group(), point.value().doubleValue());
                }
            }
        }
        return truth;
    }

    /** It sums in windows of one hour without grace: who goes back in time is not counted. */
    private static Map<String, Double> counted(List<ConsumerRecord<String, String>> records) {
        assertThat(records).extracting(ConsumerRecord::timestamp).isSorted();
        Map<String, Double> counted = new HashMap<>();
        for (ConsumerRecord<String, String> record : records) {
            Metric metric = Metric.of(record.value());
            String window = metric.timestamp() + " " + metric.entity();
            assertThat(counted.put(window, metric.fields().get("value"))).as(window).isNull();
        }
        return counted;
    }
}
