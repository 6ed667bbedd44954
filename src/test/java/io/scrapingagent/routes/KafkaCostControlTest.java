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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SPOUD's Kafka Cost Control makes of the records, read as it reads them. */
class KafkaCostControlTest {

    private static final String CLUSTER = "lkc-aaa";
    private static final int DAYS = 3;
    private static final ObjectMapper JSON =
            new ObjectMapper().registerModule(new JavaTimeModule());

    @TempDir private Path directory;

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

    /** Sums in windows of one hour without grace; a window that counts twice is told by its sum. */
    private Map<String, Double> counted(List<ConsumerRecord<String, String>> records) {
        StreamsBuilder builder = new StreamsBuilder();
        Map<String, Double> sums = new HashMap<>();
        AtomicInteger taken = new AtomicInteger();
        builder.stream("metrics", Consumed.with(Serdes.String(), Serdes.String()))
                .map((key, value) -> KeyValue.pair(Metric.of(value).entity(), sum(value)))
                .groupByKey(Grouped.with(Serdes.String(), Serdes.Double()))
                .windowedBy(TimeWindows.ofSizeWithNoGrace(Duration.ofHours(1)))
                .aggregate(
                        () -> 0.0,
                        (key, value, sum) -> {
                            taken.incrementAndGet();
                            return sum + value;
                        },
                        Materialized.with(Serdes.String(), Serdes.Double()))
                .toStream()
                .foreach(
                        (window, sum) ->
                                sums.put(window.window().startTime() + " " + window.key(), sum));
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "kafka-cost-control");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        // not the machine's, which others use as well
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        try (TopologyTestDriver driver = new TopologyTestDriver(builder.build(), properties)) {
            TestInputTopic<String, String> topic =
                    driver.createInputTopic(
                            "metrics", new StringSerializer(), new StringSerializer());
            records.forEach(it -> topic.pipeInput(it.key(), it.value(), it.timestamp()));
        }
        assertThat(taken).as("none came too late for its window").hasValue(records.size());
        return sums;
    }

    private static double sum(String value) {
        return Metric.of(value).fields().get("value");
    }
}
