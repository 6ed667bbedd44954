package io.scrapingagent.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.ledger.Hours.Gaps;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** The arithmetic of gaps, for any set of published hours, any now and any minute. */
class GapsTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant EPOCH = Instant.parse("2025-09-02T00:00:00Z");

    @Property
    void everyDueHourIsKnownOpenOrLostAndNoOtherIs(
            @ForAll("hours") Set<Integer> published,
            @ForAll @LongRange(min = 0, max = 400 * 3_600_000L) long nowMs,
            @ForAll @IntRange(min = 5, max = 59) int minute,
            @ForAll @IntRange(min = 0, max = 300) int firstHour) {
        Instant now = EPOCH.plusMillis(nowMs);
        Hours hours =
                new Hours(
                        Clock.fixed(now, ZoneOffset.UTC),
                        Duration.ofMinutes(minute),
                        Duration.ofDays(7));
        Set<Instant> known = new HashSet<>();
        published.forEach(hour -> known.add(hour(hour)));

        Gaps gaps = Gaps.between(known, hour(firstHour), hours.lastDue(), hours.oldestAvailable());

        Set<Instant> found = new TreeSet<>(gaps.open());
        found.addAll(gaps.lost());
        Set<Instant> expected = new TreeSet<>();
        for (int i = firstHour; i < 500; i++) {
            boolean due = !hour(i).plus(HOUR).plus(Duration.ofMinutes(minute)).isAfter(now);
            if (due && !published.contains(i)) {
                expected.add(hour(i));
            }
        }
        assertThat(found).isEqualTo(expected);
        assertThat(found).hasSize(gaps.open().size() + gaps.lost().size());
        assertThat(gaps.open())
                .isSorted()
                .allSatisfy(
                        hour ->
                                assertThat(Duration.between(hour, now))
                                        .isLessThanOrEqualTo(Duration.ofDays(7)));
        assertThat(gaps.lost())
                .isSorted()
                .allSatisfy(
                        hour ->
                                assertThat(Duration.between(hour, now))
                                        .isGreaterThan(Duration.ofDays(7)));
    }

    @Provide
    Arbitrary<Set<Integer>> hours() {
        return Arbitraries.integers().between(0, 400).set().ofMaxSize(200);
    }

    private static Instant hour(int number) {
        return EPOCH.plus(number, ChronoUnit.HOURS);
    }
}
