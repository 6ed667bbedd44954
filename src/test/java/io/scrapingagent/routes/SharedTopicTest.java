package io.scrapingagent.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.kafka.KafkaState;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.kafka.TopicReader;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Agents that publish to one topic: shards of one list of clusters, with one ledger, or agents of
 * two organizations.
 */
class SharedTopicTest {

    private static final String[] CLUSTERS =
            IntStream.range(0, 12).mapToObj(it -> "lkc-" + it).toArray(String[]::new);

    private final String topic = TestKafka.uniqueTopic("sharded");
    private final TestClock clock = new TestClock(ScrapeFixture.NOW);
    private final List<ScrapeFixture> fixtures = new ArrayList<>();
    private int hours;

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
            assertThat(former.scrapeFailingOnce()).startsWith("Another agent");
        }
        clock.forward(Duration.ofHours(2));
        hours += 2;
        scrape(three);
        TruthCheck.assertConsumed(topic, truth());
    }

    @Test
    void oneAgentTakesOverFromShardsAndTheyFromIt() throws Exception {
        String ids = String.join(",", CLUSTERS);
        scrape(shards(2, ids));
        List<ScrapeFixture> one = shards(1, ids);
        scrape(one);
        scrape(shards(2, ids));

        assertThat(one.get(0).scrapeFailingOnce()).startsWith("Another agent");
        TruthCheck.assertConsumed(topic, truth());
    }

    /** The second attempt must not take the first one's for a success. */
    @Test
    void whoMayNotEndTheFormerAgentsPublishesNothing() throws Exception {
        try (EmbeddedKafka kafka =
                EmbeddedKafka.builder().saslPlaintext("agent", "secret").authorizing().start()) {
            TestKafka.createTopic(kafka.bootstrapServers(), topic, 3, TestKafka.KEEP);
            String ids = String.join(",", CLUSTERS);
            List<ScrapeFixture> two = shards(2, ids);
            two.forEach(it -> it.at(kafka));
            scrape(two);
            ScrapeFixture one = shards(1, ids).get(0).login(kafka, "PLAIN", "agent", "secret");
            kafka.allow("agent", ResourceType.TOPIC, topic, PatternType.PREFIXED, AclOperation.ALL);
            String id = "confluent-scraping-agent-" + topic;
            kafka.allow(
                    "agent",
                    ResourceType.TRANSACTIONAL_ID,
                    id,
                    PatternType.LITERAL,
                    AclOperation.ALL);
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThat(one.scrapeFailingOnce()).contains("transactional id");
            }

            kafka.allow(
                    "agent",
                    ResourceType.TRANSACTIONAL_ID,
                    id,
                    PatternType.PREFIXED,
                    AclOperation.ALL);
            scrape(List.of(one));
            TruthCheck.assertConsumed(new TopicReader(kafka.bootstrapServers()), topic, truth());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofTwoOrganizationsEachPublishesItsOwn(boolean oneLedger) throws Exception {
        ScrapeFixture one = fixture("one", "lkc-aaa");
        ScrapeFixture two = fixture("two", "lkc-bbb");
        if (oneLedger) {
            fixtures.forEach(it -> it.environment("METRICS_LEDGER_TOPIC", topic + "-ledger"));
        }
        for (int hour = 0; hour < 2; hour++) {
            for (ScrapeFixture fixture : fixtures) {
                fixture.scrapeAll();
            }
            clock.forward(Duration.ofHours(1));
        }

        List<ExpectedRecord> truth = one.truth("lkc-aaa 0-1");
        truth.addAll(two.truth("lkc-bbb 0-1"));
        TruthCheck.assertConsumed(topic, truth);
    }

    @Test
    void twoOfTheSameNameFenceEachOther() throws Exception {
        ScrapeFixture first = fixture("one", "lkc-aaa");
        ScrapeFixture second = fixture("one", "lkc-aaa");
        first.scrapeAll();
        second.scrapeAll();

        assertThat(first.scrapeFailingOnce()).startsWith("Another agent");
        second.scrapeAll();
    }

    @Test
    void eachShardHasATransactionalIdOfItsOwn() throws Exception {
        List<ScrapeFixture> shards = shards(2, String.join(",", CLUSTERS));
        shards.forEach(it -> it.environment("KAFKA_TRANSACTIONAL_ID", topic));

        scrape(shards);

        assertThat(KafkaState.of(TestKafka.bootstrapServers()).producers())
                .containsKeys(topic + "-1-of-2", topic + "-2-of-2")
                .doesNotContainKey(topic);
    }

    @Test
    void metricsHaveTheName() throws Exception {
        ScrapeFixture fixture = fixture("one", "lkc-aaa").scheduled();
        fixture.agent();

        assertThat(fixture.management().metrics().keySet())
                .filteredOn(it -> it.startsWith("confluent_scraping_agent_"))
                .isNotEmpty()
                .allMatch(it -> it.contains("agent=\"one\""));
    }

    private void scrape(List<ScrapeFixture> shards) throws Exception {
        for (ScrapeFixture shard : shards) {
            shard.scrapeAll();
        }
        hours++;
        clock.forward(Duration.ofHours(1));
    }

    private List<ScrapeFixture> shards(int count, String ids) {
        List<ScrapeFixture> shards = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            shards.add(
                    new ScrapeFixture(MetricsApiSimulator.of(CLUSTERS, 2, 2), ids, clock)
                            .environment("METRICS_TOPIC", topic)
                            .environment("AGENT_SHARD", number + "/" + count));
        }
        fixtures.addAll(shards);
        return shards;
    }

    private List<ExpectedRecord> truth() {
        return fixtures.get(0)
                .truth(
                        Stream.of(CLUSTERS)
                                .map(it -> it + " 0-" + (hours - 1))
                                .toArray(String[]::new));
    }

    private ScrapeFixture fixture(String name, String cluster) {
        ScrapeFixture fixture =
                new ScrapeFixture(MetricsApiSimulator.of(cluster, 4, 3), cluster, clock)
                        .environment("METRICS_TOPIC", topic)
                        .environment("AGENT_NAME", name);
        fixtures.add(fixture);
        return fixture;
    }
}
