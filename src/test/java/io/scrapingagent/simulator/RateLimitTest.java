package io.scrapingagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);
    private final RateLimit limit = new RateLimit(2, nanoTime::get);

    @Test
    void admitsSoManyInAnyMinute() {
        assertThat(limit.request().admitted()).isTrue();
        pass(Duration.ofSeconds(40));
        assertThat(limit.request().admitted()).isTrue();
        pass(Duration.ofSeconds(19));
        RateLimit.Decision refused = limit.request();
        pass(Duration.ofSeconds(1));

        assertThat(refused.admitted()).isFalse();
        assertThat(refused.resetSeconds()).isEqualTo(1);
        assertThat(limit.request().admitted()).isTrue();
        assertThat(limit.request().resetSeconds()).isEqualTo(40);
    }

    private void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }
}
