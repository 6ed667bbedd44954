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
        assertThat(limit.request("a").admitted()).isTrue();
        pass(Duration.ofSeconds(40));
        assertThat(limit.request("a").admitted()).isTrue();
        pass(Duration.ofSeconds(19));
        RateLimit.Decision refused = limit.request("a");
        pass(Duration.ofSeconds(1));

        assertThat(refused.admitted()).isFalse();
        assertThat(refused.address().resetSeconds()).isEqualTo(1);
        assertThat(limit.request("a").admitted()).isTrue();
        assertThat(limit.request("a").address().resetSeconds()).isEqualTo(40);
    }

    @Test
    void countsEveryAddressForItself() {
        limit.request("a");
        limit.request("a");

        assertThat(limit.request("a").admitted()).isFalse();
        assertThat(limit.request("b").address().remaining()).isEqualTo(1);
    }

    @Test
    void countsAllAddressesForTheKey() {
        RateLimit tight = new RateLimit(2, 3, nanoTime::get);
        tight.request("a");
        tight.request("b");
        tight.request("b");

        assertThat(tight.request("a").admitted()).isFalse();
        pass(Duration.ofMinutes(1));
        assertThat(tight.request("a").admitted()).isTrue();
    }

    private void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }
}
