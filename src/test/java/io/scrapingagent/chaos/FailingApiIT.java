package io.scrapingagent.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import io.scrapingagent.simulator.RequestMatcher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every record is in the topic once, with a third of all requests to the API going wrong. */
class FailingApiIT {

    private static final Logger LOG = LoggerFactory.getLogger(FailingApiIT.class);
    private static final int HOURS_PER_ROUND = 2;
    private static final byte[] HTML = "<html>A gateway's page</html>".getBytes(UTF_8);
    private static final int ROUNDS_PER_CHECK = 10;

    private final Chaos chaos = Chaos.of(FailingApiIT.class);
    private final AtomicInteger failing = new AtomicInteger();

    @Test
    void failingRequestsLoseAndDoubleNothing() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start();
                World world = world(kafka)) {
            letAThirdFail(world.simulator());
            world.startAgent();
            world.awaitCaughtUp();
            try (PassingHours hours = new PassingHours(world, Duration.ofMillis(500))) {
                for (int round = 1; round <= chaos.rounds(); round++) {
                    world.awaitHours(1 + round * HOURS_PER_ROUND);
                    if (round % ROUNDS_PER_CHECK == 0 || round == chaos.rounds()) {
                        hours.stop();
                        world.awaitCaughtUp();
                        world.assertTruth();
                        report(world, round);
                        hours.goOn();
                    }
                }
            }
            int requests = world.simulator().requests().size();
            assertThat(failing.get()).isBetween(requests / 5, requests / 2);
        }
    }

    private static World world(EmbeddedKafka kafka) throws Exception {
        return new World(
                        "api",
                        kafka.bootstrapServers(),
                        MetricsApiSimulator.builder()
                                .withoutRateLimit()
                                .cluster("lkc-small", 4, 3)
                                // more than a page has
                                .cluster("lkc-pages", 1100, 20)
                                .cluster("lkc-third", 5, 5)
                                .cluster("lkc-fourth", 0, 7),
                        "lkc-small",
                        "lkc-pages",
                        "lkc-third",
                        "lkc-fourth")
                .property("metrics.api.retries", "2")
                .property("metrics.api.response.timeout.ms", "300");
    }

    private void letAThirdFail(MetricsApiSimulator simulator) {
        Random random = new Random(chaos.random().nextLong());
        RequestMatcher expired =
                request -> random.nextInt(12) == 0 && RequestMatcher.laterPage().test(request);
        RequestMatcher batch =
                request ->
                        random.nextInt(12) == 0 && RequestMatcher.moreClustersThan(1).test(request);
        RequestMatcher third = request -> random.nextInt(3) == 0;
        simulator.answerAlways(counting(expired), Misbehaviour.expireCursor());
        simulator.answerAlways(
                counting(batch),
                Misbehaviour.oneOf(
                        random,
                        List.of(
                                Misbehaviour.status(400),
                                Misbehaviour.status(403),
                                Misbehaviour.status(413))));
        simulator.answerAlways(
                counting(third),
                Misbehaviour.oneOf(
                        random,
                        List.of(
                                Misbehaviour.tooManyRequests(Duration.ofSeconds(1)),
                                Misbehaviour.tooManyRequestsUntilReset(Duration.ofSeconds(1)),
                                Misbehaviour.tooManyRequestsWithoutHint(),
                                Misbehaviour.status(500),
                                Misbehaviour.unavailable(502),
                                Misbehaviour.unavailable(503),
                                Misbehaviour.status(504, "gateway", Map.of("Retry-After", "1")),
                                Misbehaviour.hang(),
                                Misbehaviour.closeConnection(),
                                Misbehaviour.body("text/html", HTML),
                                Misbehaviour.cutBody(),
                                Misbehaviour.cutChunkedBody())));
    }

    private RequestMatcher counting(RequestMatcher matcher) {
        return request -> {
            boolean matches = matcher.test(request);
            if (matches) {
                failing.incrementAndGet();
            }
            return matches;
        };
    }

    private void report(World world, int round) {
        LOG.info(
                "Round {}: {} records, each once; {} of {} requests failed",
                round,
                world.truthSize(),
                failing.get(),
                world.simulator().requests().size());
    }
}
