package io.scrapingagent.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.simulator.MetricsApiSimulator;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.TimeZone;
import org.apache.camel.component.quartz.QuartzComponent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quartz.Scheduler;
import org.quartz.Trigger;
import org.quartz.TriggerKey;

/** The agent scrapes at its minute of each UTC hour, whatever the JVM's time zone. */
class ScheduleTest {

    private static final TriggerKey HOURLY = TriggerKey.triggerKey("hourly", "agent");

    private final TimeZone zone = TimeZone.getDefault();
    private ScrapeFixture fixture;

    @BeforeEach
    void start() {
        // half an hour off, where the minute of the hour is another one
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
        fixture =
                new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 3, 3))
                        .environment("MINUTE_TO_SCRAPE_AT", "7")
                        .scheduled();
    }

    @AfterEach
    void stop() {
        fixture.close();
        TimeZone.setDefault(zone);
    }

    @Test
    void firesAtTheMinuteOfEveryUtcHour() throws Exception {
        Trigger hourly = scheduler().getTrigger(HOURLY);

        Date at = Date.from(Instant.parse("2031-03-30T00:00:00Z"));
        for (int hour = 0; hour < 48; hour++) {
            at = hourly.getFireTimeAfter(at);
            assertThat(at.toInstant())
                    .isEqualTo(
                            Instant.parse("2031-03-30T00:07:00Z")
                                    .atOffset(ZoneOffset.UTC)
                                    .plusHours(hour)
                                    .toInstant());
        }
    }

    @Test
    void scrapesWhenItFires() throws Exception {
        Scheduler scheduler = scheduler();

        scheduler.triggerJob(scheduler.getTrigger(HOURLY).getJobKey());

        fixture.assertPublished("lkc-aaa 0");
    }

    private Scheduler scheduler() throws Exception {
        return fixture.agent()
                .camelContext()
                .getComponent("quartz", QuartzComponent.class)
                .getScheduler();
    }
}
