package io.scrapingagent.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HoursTest {

    @ParameterizedTest
    @CsvSource({
        "2025-09-02T02:05:00Z, 5, 2025-09-02T01:00:00Z, 2025-09-02T03:05:00Z",
        "2025-09-02T02:04:59.999Z, 5, 2025-09-02T00:00:00Z, 2025-09-02T02:05:00Z",
        "2025-09-02T02:59:59Z, 5, 2025-09-02T01:00:00Z, 2025-09-02T03:05:00Z",
        "2025-09-02T03:00:00Z, 5, 2025-09-02T01:00:00Z, 2025-09-02T03:05:00Z",
        "2025-09-02T02:58:59Z, 59, 2025-09-02T00:00:00Z, 2025-09-02T02:59:00Z",
        "2025-09-02T02:59:00Z, 59, 2025-09-02T01:00:00Z, 2025-09-02T03:59:00Z",
        "2025-09-02T00:05:00Z, 5, 2025-09-01T23:00:00Z, 2025-09-02T01:05:00Z",
        "2025-10-26T01:05:00Z, 5, 2025-10-26T00:00:00Z, 2025-10-26T02:05:00Z",
    })
    void theLastDueHourAndWhenTheNextOneIsDue(
            Instant now, int minute, Instant lastDue, Instant nextDue) {
        Clock clock = Clock.fixed(now, ZoneId.of("Europe/Zurich"));
        Hours hours = new Hours(clock, Duration.ofMinutes(minute), Duration.ofDays(7));

        assertThat(hours.lastDue()).isEqualTo(lastDue);
        assertThat(hours.nextDue()).isEqualTo(nextDue);
    }
}
