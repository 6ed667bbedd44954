package io.scrapingagent.routes;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.status.ManagementClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents of two organizations that publish to one topic. */
class NamedAgentsTest {

    private final String topic = TestKafka.uniqueTopic("shared");
    private final TestClock clock = new TestClock(ScrapeFixture.NOW);
    private final List<ScrapeFixture> fixtures = new ArrayList<>();

    @BeforeEach
    void createTopic() {
        TestKafka.createTopic(topic, 3);
    }

    @AfterEach
    void stop() {
        fixtures.forEach(ScrapeFixture::close);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachPublishesItsOwn(boolean oneLedger) throws Exception {
        ScrapeFixture one = fixture("one", "lkc-aaa");
        ScrapeFixture two = fixture("two", "lkc-bbb");
        if (oneLedger) {
            fixtures.forEach(it -> it.environment("METRICS_LEDGER_TOPIC", topic + "-ledger"));
        }
        List<ExpectedRecord> truth = new ArrayList<>();
        for (int hour = 0; hour < 2; hour++) {
            for (ScrapeFixture fixture : fixtures) {
                assertThat(fixture.scrape().getFailures()).isEmpty();
            }
            truth.addAll(hour(one, "lkc-aaa", hour));
            truth.addAll(hour(two, "lkc-bbb", hour));
            clock.forward(Duration.ofHours(1));
        }

        TruthCheck.assertConsumed(topic, truth);
    }

    @Test
    void twoOfTheSameNameFenceEachOther() throws Exception {
        ScrapeFixture first = fixture("one", "lkc-aaa");
        ScrapeFixture second = fixture("one", "lkc-aaa");
        assertThat(first.scrape().getFailures()).isEmpty();
        assertThat(second.scrape().getFailures()).isEmpty();

        assertThat(first.scrape().getFailures())
                .singleElement()
                .satisfies(it -> assertThat(it.reason()).startsWith("Another agent"));
        assertThat(second.scrape().getFailures()).isEmpty();
    }

    @Test
    void metricsHaveTheName() throws Exception {
        ScrapeFixture fixture = fixture("one", "lkc-aaa").scheduled();
        fixture.agent();

        assertThat(new ManagementClient(fixture.settings().management()).metrics().keySet())
                .filteredOn(it -> it.startsWith("confluent_scraping_agent_"))
                .isNotEmpty()
                .allMatch(it -> it.contains("agent=\"one\""));
    }

    private ScrapeFixture fixture(String name, String cluster) {
        ScrapeFixture fixture =
                new ScrapeFixture(
                                MetricsApiSimulator.builder()
                                        .withoutRateLimit()
                                        .cluster(cluster, 4, 3),
                                cluster,
                                clock,
                                clock)
                        .environment("METRICS_TOPIC", topic)
                        .environment("AGENT_NAME", name);
        fixtures.add(fixture);
        return fixture;
    }

    private static List<ExpectedRecord> hour(ScrapeFixture fixture, String cluster, int hour) {
        return ExpectedRecord.ofHour(
                fixture.simulator(), HOUR.plus(Duration.ofHours(hour)), cluster);
    }
}
