package io.scrapingagent.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrapingagent.ledger.Ledger.Entry;
import io.scrapingagent.ledger.LedgerKey.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTest {

    private static final Series SERIES = new Series("lkc-aaa", "metric", "label");
    private static final String VALUE = "{\"records\":1,\"published_at\":\"2025-09-02T02:05:00Z\"}";
    private static final Instant FIRST = Instant.parse("2025-09-02T01:00:00Z");

    /** The topic keeps 30 days; an agent that runs for a year needs no more either. */
    @Test
    void forgetsWhatTheTopicNoLongerKeeps() {
        Ledger ledger = new Ledger(cluster -> true);
        for (int hour = 0; hour <= 31 * 24; hour++) {
            take(ledger, FIRST.plus(Duration.ofHours(hour)));
        }
        Instant lastDue = FIRST.plus(Duration.ofDays(31));

        ledger.forgetOld(lastDue);

        assertThat(hours(ledger).firstKey()).isEqualTo(lastDue.minus(Duration.ofDays(30)));
        assertThat(hours(ledger).lastKey()).isEqualTo(lastDue);
        assertThat(hours(ledger)).hasSize(30 * 24 + 1);
    }

    /** Counting the gaps from a wrong hour on would take for ever, and publish millions as lost. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "lkc-aaa metric by label -1000000000-01-01T00:00:00Z",
                "lkc-aaa metric by label 0001-01-01T00:00:00Z",
                "lkc-aaa metric by label 2025-07-01T00:00:00Z",
                "lkc-aaa metric by label 2026-07-01T00:00:00Z",
                "lkc-aaa metric by label +1000000000-12-31T23:00:00Z",
                "lkc-aaa metric by label 2025-09-02T01:30:00Z",
                "lkc-aaa metric by label 2025-09-02",
                "lkc-aaa metric by label 99999999999999",
                "lkc-a\u001b[2J metric by label 2025-09-02T01:00:00Z",
                "lkc-a\u202e metric by label 2025-09-02T01:00:00Z",
                "lkc-a  metric by label 2025-09-02T01:00:00Z",
                "owner 2025-09-02T01:00:00Z",
                ""
            })
    void takesNoKeyThatNoAgentWrites(String key) {
        Ledger ledger = new Ledger(cluster -> true);
        ledger.forgetOld(FIRST);

        ledger.apply(key, VALUE);
        ledger.apply("x".repeat(2000) + " metric by label 2025-09-02T01:00:00Z", VALUE);

        assertThat(ledger.all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "7",
                "[]",
                "{",
                "{\"records\":1e999999999}",
                "{\"records\":99999999999999999999}",
                "{\"records\":\"many\"}",
                "{\"records\":{}}"
            })
    void takesNoValueThatIsNoEntry(String value) {
        Ledger ledger = new Ledger(cluster -> true);

        ledger.apply(SERIES + " " + FIRST, value);
        ledger.apply(SERIES + " " + FIRST, "[".repeat(999));
        ledger.apply(SERIES + " " + FIRST, "{\"published_at\":\"" + "x".repeat(2000) + "\"}");

        assertThat(hours(ledger)).isEmpty();
    }

    @Test
    void takesNoMoreThanFitsIntoTheHeap() {
        Ledger ledger = new Ledger(cluster -> true, 1_000_000);

        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 1_000_000; i++) {
                                ledger.apply("lkc-" + i + " metric by label " + FIRST, VALUE);
                                ledger.requireRoom();
                            }
                        })
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("METRICS_LEDGER_TOPIC");

        assertThat(ledger.all()).hasSizeLessThan(1000);
    }

    @Test
    void countsWhatItForgets() {
        Ledger ledger = new Ledger(cluster -> true, 1_000_000);

        for (int hour = 0; hour < 100_000; hour++) {
            Instant lastDue = FIRST.plus(Duration.ofHours(hour));
            take(ledger, lastDue);
            ledger.forgetOld(lastDue);
            ledger.requireRoom();
        }

        assertThat(hours(ledger)).hasSize(30 * 24 + 1);
    }

    private static SortedMap<Instant, Entry> hours(Ledger ledger) {
        return ledger.read(SERIES, TreeMap::new);
    }

    private static void take(Ledger ledger, Instant hour) {
        ledger.apply(
                new LedgerKey(SERIES, hour).toString(),
                Ledger.toJson(new Entry(1, hour.toString(), false)));
    }
}
