package io.scrapingagent.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.kafka.TopicReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares what a consumer read with the truth, as multisets. */
public final class TruthCheck {

    private TruthCheck() {}

    /** Checks that a consumer reads these records from a topic, each once, and no other. */
    public static void assertConsumed(String topic, List<ExpectedRecord> truth) {
        assertConsumed(TestKafka.reader(), topic, truth);
    }

    /** As {@link #assertConsumed(String, List)}, at another broker. */
    public static void assertConsumed(
            TopicReader reader, String topic, List<ExpectedRecord> truth) {
        assertThat(truth).isNotEmpty();
        // a commit is acknowledged a moment before a read_committed consumer sees it
        await().pollDelay(Duration.ZERO)
                .untilAsserted(
                        () -> {
                            List<ExpectedRecord> read = ExpectedRecord.of(reader.readAll(topic));
                            assertThat(differences(truth, read)).isEmpty();
                        });
    }

    /** Returns a line for each record that is missing, too many or not in the truth. */
    public static List<String> differences(
            List<ExpectedRecord> truth, List<ExpectedRecord> consumed) {
        Map<ExpectedRecord, Integer> expected = new HashMap<>();
        truth.forEach(record -> expected.merge(record, 1, Integer::sum));
        Map<ExpectedRecord, Integer> surplus = new LinkedHashMap<>();
        truth.forEach(record -> surplus.merge(record, -1, Integer::sum));
        consumed.forEach(record -> surplus.merge(record, 1, Integer::sum));
        List<String> differences = new ArrayList<>();
        surplus.forEach(
                (record, count) -> {
                    if (count != 0) {
                        String what =
                                count < 0
                                        ? "lost"
                                        : expected.containsKey(record) ? "doubled" : "wrong";
                        differences.add(what + " (" + count + "): " + record);
                    }
                });
        return differences;
    }
}
