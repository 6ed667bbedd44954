package io.scrapingagent.demo;

import io.scrapingagent.simulator.TruePoint;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares what a consumer read with what the simulated Metrics API holds. */
final class Truth {

    private Truth() {}

    private record Fact(String cluster, String metric, String group, Instant hour, String value) {

        static Fact of(TruePoint point) {
            String metric = point.metric().substring(point.metric().indexOf('/') + 1);
            return new Fact(
                    point.cluster(), metric, point.group(), point.hour(), text(point.value()));
        }

        static Fact of(ReadRecord record) {
            return new Fact(
                    record.cluster(),
                    record.metric(),
                    record.group(),
                    record.hour(),
                    text(record.value()));
        }

        private static String text(BigDecimal value) {
            return value.stripTrailingZeros().toPlainString();
        }
    }

    /** Returns a line for each point that was not read once, and each record that is no point. */
    static List<String> differences(List<TruePoint> truth, List<ReadRecord> read) {
        Map<String, Integer> surplus = new TreeMap<>();
        truth.forEach(point -> surplus.merge(Fact.of(point).toString(), -1, Integer::sum));
        read.forEach(record -> surplus.merge(Fact.of(record).toString(), 1, Integer::sum));
        List<String> differences = new ArrayList<>();
        surplus.forEach(
                (fact, count) -> {
                    if (count != 0) {
                        differences.add((count < 0 ? "missing: " : "too many: ") + fact);
                    }
                });
        return differences;
    }
}
