package io.scrapingagent.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.config.Settings;
import io.scrapingagent.scrape.Scrape;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Tells somebody who sees the agent for the first time what happens. */
final class Account {

    private static final int MOST_DIFFERENCES = 5;
    private static final List<String> UNITS =
            List.of("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB");

    /** Values can have more digits than a double holds. */
    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS);

    private static final MathContext THREE_DIGITS = new MathContext(3, RoundingMode.HALF_UP);

    private final PrintStream out;
    private final Settings settings;
    private final Surroundings surroundings;

    Account(PrintStream out, Settings settings, Surroundings surroundings) {
        this.out = out;
        this.settings = settings;
        this.surroundings = surroundings;
    }

    /** Says what runs here. */
    void introduce() {
        out.printf("%nConfluent Scraping Agent, demo%n%n");
        out.printf(
                "  Kafka        %s%s, a real broker in this process%n",
                surroundings.bootstrapServers(),
                surroundings.atUsualPort() ? "" : " (9092 is in use)");
        out.printf("  topic        %s%n", settings.topic());
        out.printf("  Metrics API  %s, simulated%n", surroundings.api());
        out.printf("  clusters     %s%n%n", String.join(", ", settings.ids()));
    }

    /** Says what was scraped, and what a consumer read. */
    void tell(
            Scrape scrape, List<ConsumerRecord<String, String>> records, List<String> differences) {
        List<ReadRecord> read = records.stream().map(ReadRecord::of).toList();
        out.printf("%nScraped: the hour from %s to %s%n%n", scrape.getLastDue(), end(scrape));
        if (!read.isEmpty()) {
            out.printf("  %-10s  %-15s  %7s  %9s%n", "cluster", "metric", "records", "sum");
            Map<String, List<BigDecimal>> values = new TreeMap<>();
            for (ReadRecord record : read) {
                String of = "%-10s  %-15s".formatted(record.cluster(), record.metric());
                values.computeIfAbsent(of, it -> new ArrayList<>()).add(record.value());
            }
            values.forEach(
                    (of, each) -> {
                        BigDecimal sum = each.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
                        out.printf("  %s  %7d  %9s%n", of, each.size(), human(sum));
                    });
            out.printf("%n  The values are made up.%n");
        }
        scrape.getFailures()
                .forEach(it -> out.printf("  FAILED %s %s%n", it.cluster(), it.metric()));

        out.printf("%nRead by a consumer: %d records", read.size());
        if (differences.isEmpty()) {
            out.printf(", each exactly as the Metrics API has it%n");
        } else {
            out.printf(", but %d differ from what the Metrics API has%n", differences.size());
            differences.stream().limit(MOST_DIFFERENCES).forEach(it -> out.printf("  %s%n", it));
        }
        firstOfEachMetric(read)
                .forEach(it -> out.printf("%n  key    %s%n  value  %s%n", it.key(), it.json()));
    }

    /** Says where to look, and when the next hour is due. */
    void lookAhead(Instant now, Instant nextDue) {
        out.printf("%nWhere to look next%n%n");
        out.printf("  the way of the data   src/main/resources/routes/*.camel.yaml%n");
        out.printf("  one more metric       one more step in routes/queries.camel.yaml%n");
        out.printf("  the settings          README.md, docs/settings.md%n");
        out.printf("  the status page       http://%s/%n", settings.management());
        out.printf("  the agent's health    http://%s/observe/health%n", settings.management());
        out.printf("  its metrics           http://%s/observe/metrics%n%n", settings.management());
        out.printf("  your own consumer, with the tools of a Kafka distribution%n");
        out.printf(
                "    kafka-console-consumer.sh --bootstrap-server %s --topic %s --from-beginning%n",
                surroundings.bootstrapServers(), settings.topic());
        out.printf("%n  the real Metrics API, in another terminal%n");
        out.printf("    mvn package -DskipTests%n");
        out.printf("    CONFLUENT_METRICS_API_KEY=... CONFLUENT_METRICS_API_SECRET=... \\%n");
        out.printf("    CONFLUENT_METRICS_CLUSTER_ID_LIST=lkc-... \\%n");
        out.printf("    KAFKA_BOOTSTRAP_SERVERS=%s \\%n", surroundings.bootstrapServers());
        out.printf("    java -jar target/confluent-scraping-agent.jar%n%n");
        out.printf(
                "The next scrape comes at %s, in %s. Ctrl-C ends the demo.%n",
                nextDue, minutes(Duration.between(now, nextDue)));
    }

    /** A record as a consumer read it, and what it understood. */
    private record ReadRecord(
            String key, String json, String cluster, String metric, BigDecimal value) {

        static ReadRecord of(ConsumerRecord<String, String> record) {
            try {
                JsonNode json = JSON.readTree(record.value());
                return new ReadRecord(
                        record.key(),
                        record.value(),
                        json.at("/tags/cluster_id").asText(),
                        json.path("name").asText().replace("confluent_kafka_server_", ""),
                        json.at("/fields/value").decimalValue());
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a record that is not JSON: " + record.value(), e);
            }
        }
    }

    private static Instant end(Scrape scrape) {
        return scrape.getLastDue().plus(Duration.ofHours(1));
    }

    private static String minutes(Duration duration) {
        long minutes = duration.plusSeconds(59).toMinutes();
        return minutes + (minutes == 1 ? " minute" : " minutes");
    }

    /** Returns three digits and a decimal unit: {@code 1.23 GB}. */
    private static String human(BigDecimal bytes) {
        BigDecimal scaled = bytes;
        int unit = 0;
        while (unit < UNITS.size() - 1
                && scaled.round(THREE_DIGITS).compareTo(BigDecimal.valueOf(1000)) >= 0) {
            scaled = scaled.movePointLeft(3);
            unit++;
        }
        return scaled.round(THREE_DIGITS).toPlainString() + " " + UNITS.get(unit);
    }

    private static List<ReadRecord> firstOfEachMetric(List<ReadRecord> read) {
        Map<String, ReadRecord> first = new LinkedHashMap<>();
        read.forEach(record -> first.putIfAbsent(record.metric(), record));
        return List.copyOf(first.values());
    }
}
