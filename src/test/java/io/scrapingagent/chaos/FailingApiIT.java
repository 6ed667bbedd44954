package io.scrapingagent.chaos;

import static io.scrapingagent.simulator.Misbehaviour.closeConnection;
import static io.scrapingagent.simulator.Misbehaviour.cutBody;
import static io.scrapingagent.simulator.Misbehaviour.cutChunkedBody;
import static io.scrapingagent.simulator.Misbehaviour.expireCursor;
import static io.scrapingagent.simulator.Misbehaviour.hang;
import static io.scrapingagent.simulator.Misbehaviour.oneOf;
import static io.scrapingagent.simulator.Misbehaviour.status;
import static io.scrapingagent.simulator.Misbehaviour.tooManyRequests;
import static io.scrapingagent.simulator.Misbehaviour.tooManyRequestsUntilReset;
import static io.scrapingagent.simulator.Misbehaviour.tooManyRequestsWithoutHint;
import static io.scrapingagent.simulator.Misbehaviour.unavailable;
import static io.scrapingagent.simulator.RequestMatcher.laterPage;
import static io.scrapingagent.simulator.RequestMatcher.moreClustersThan;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.RequestMatcher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Every record is in the topic once, with a third of all requests to the API going wrong. */
class FailingApiIT {

    private static final int HOURS_PER_ROUND = 2;
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
            PassingHours.rounds(
                    world,
                    Duration.ofMillis(500),
                    chaos.rounds(),
                    ROUNDS_PER_CHECK,
                    round -> world.awaitHours(1 + round * HOURS_PER_ROUND),
                    round -> world.awaitTruth());
            int requests = world.simulator().requests().size();
            assertThat(failing.get()).isBetween(requests / 5, requests / 2);
        }
    }

    private static World world(EmbeddedKafka kafka) throws Exception {
        return new World(
                        "api",
                        kafka.bootstrapServers(),
                        MetricsApiSimulator.of("lkc-small", 4, 3)
                                // more than a page has
                                .cluster("lkc-pages", 1100, 20)
                                .cluster("lkc-third", 5, 5)
                                .cluster("lkc-fourth", 0, 7))
                .environment("METRICS_API_RETRIES", "2")
                .environment("METRICS_API_RESPONSE_TIMEOUT_MS", "300");
    }

    private void letAThirdFail(MetricsApiSimulator simulator) {
        Random random = new Random(chaos.random().nextLong());
        RequestMatcher expired = request -> random.nextInt(12) == 0 && laterPage().test(request);
        RequestMatcher batch =
                request -> random.nextInt(12) == 0 && moreClustersThan(1).test(request);
        RequestMatcher third = request -> random.nextInt(3) == 0;
        simulator.answerAlways(counting(expired), expireCursor());
        simulator.answerAlways(
                counting(batch), oneOf(random, List.of(status(400), status(403), status(413))));
        simulator.answerAlways(
                counting(third),
                oneOf(
                        random,
                        List.of(
                                tooManyRequests(Duration.ofSeconds(1)),
                                tooManyRequestsUntilReset(Duration.ofSeconds(1)),
                                tooManyRequestsWithoutHint(),
                                status(500),
                                unavailable(502),
                                unavailable(503),
                                status(504, "gateway", Map.of("Retry-After", "1")),
                                hang(),
                                closeConnection(),
                                unavailable(200),
                                cutBody(),
                                cutChunkedBody())));
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
}
