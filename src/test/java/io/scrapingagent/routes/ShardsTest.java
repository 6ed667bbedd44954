package io.scrapingagent.routes;

import static io.scrapingagent.routes.ScrapeFixture.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents that share one list of clusters between them, and one ledger. */
class ShardsTest {

    private static final String[] CLUSTERS =
            IntStream.range(0, 12).mapToObj(it -> "lkc-" + it).toArray(String[]::new);

    private final String topic = TestKafka.uniqueTopic("sharded");
    private final TestClock clock = new TestClock(ScrapeFixture.NOW);
    private final List<ScrapeFixture> fixtures = new ArrayList<>();
    private final List<ExpectedRecord> truth = new ArrayList<>();
    private int hour;

    @BeforeEach
    void createTopic() {
        TestKafka.createTopic(topic, 3);
    }

    @AfterEach
    void stop() {
        fixtures.forEach(ScrapeFixture::close);
    }

    /** The agents of the former layout run on: nobody stopped them. */
    @ParameterizedTest
    @ValueSource(strings = {"named", "auto"})
    void aChangedNumberOfShardsLosesAndDoublesNothing(String list) throws Exception {
        String ids = list.equals("auto") ? "auto" : String.join(",", CLUSTERS);
        List<ScrapeFixture> five = shards(5, ids);
        scrape(five);
        scrape(five);

        List<ScrapeFixture> three = shards(3, ids);
        scrape(three);

        for (ScrapeFixture former : five) {
            assertThat(former.scrape().getFailures())
                    .singleElement()
                    .satisfies(it -> assertThat(it.reason()).startsWith("Another agent"));
        }
        clock.forward(Duration.ofHours(2));
        hour += 2;
        truth.addAll(hour(hour - 2));
        truth.addAll(hour(hour - 1));
        scrape(three);
        TruthCheck.assertConsumed(topic, truth);
    }

    @Test
    void oneAgentTakesOverFromShardsAndTheyFromIt() throws Exception {
        String ids = String.join(",", CLUSTERS);
        scrape(shards(2, ids));
        List<ScrapeFixture> one = shards(1, ids);
        scrape(one);
        scrape(shards(2, ids));

        assertThat(one.get(0).scrape().getFailures())
                .singleElement()
                .satisfies(it -> assertThat(it.reason()).startsWith("Another agent"));
        TruthCheck.assertConsumed(topic, truth);
    }

    private void scrape(List<ScrapeFixture> shards) throws Exception {
        for (ScrapeFixture shard : shards) {
            assertThat(shard.scrape().getFailures()).isEmpty();
        }
        truth.addAll(hour(hour++));
        clock.forward(Duration.ofHours(1));
    }

    private List<ScrapeFixture> shards(int count, String ids) {
        List<ScrapeFixture> shards = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            MetricsApiSimulator.Builder simulator =
                    MetricsApiSimulator.builder().withoutRateLimit();
            for (String cluster : CLUSTERS) {
                simulator.cluster(cluster, 2, 2);
            }
            shards.add(
                    new ScrapeFixture(simulator, ids, clock, clock)
                            .environment("METRICS_TOPIC", topic)
                            .environment("AGENT_SHARD", number + "/" + count));
        }
        fixtures.addAll(shards);
        return shards;
    }

    private List<ExpectedRecord> hour(int passed) {
        return ExpectedRecord.ofHour(
                fixtures.get(0).simulator(), HOUR.plus(Duration.ofHours(passed)), CLUSTERS);
    }
}
