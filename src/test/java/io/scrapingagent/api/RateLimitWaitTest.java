package io.scrapingagent.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitWaitTest {

    private final RateLimitWait wait =
            new RateLimitWait(
                    Clock.fixed(Instant.parse("2025-09-02T02:10:00Z"), ZoneOffset.UTC),
                    Duration.ofMinutes(10));

    @ParameterizedTest
    @CsvSource({
        "7, , PT7S",
        "0, , PT0S",
        ", 12, PT12S",
        "7, 12, PT7S",
        "'Tue, 2 Sep 2025 02:10:30 GMT', , PT30S",
        "'Tue, 2 Sep 2025 02:09:00 GMT', , PT0S",
        "soon, 12, PT12S",
        "-5, 12, PT12S",
        "86400, , PT10M",
        "999999999999999999999, 3, PT3S",
    })
    void isWhatTheApiSays(String retryAfter, String rateLimitReset, Duration expected) {
        assertThat(wait.after(retryAfter, rateLimitReset, 1)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 50})
    void backsOffWhereTheApiSaysNothing(int attempt) {
        long base = 1L << Math.min(attempt - 1, 6);

        assertThat(wait.after(null, null, attempt))
                .isBetween(
                        Duration.ofSeconds(base),
                        Duration.ofSeconds(base).multipliedBy(5).dividedBy(4));
    }

    @Test
    void backsOffWithJitter() {
        assertThat(IntStream.range(0, 20).mapToObj(i -> wait.after(null, null, 6)).distinct())
                .hasSizeGreaterThan(1);
    }
}
