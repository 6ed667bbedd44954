package io.scrapingagent.bench;

import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.process.JavaProcess;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * What an agent needs around it: the API simulator, without latency and rate limit, and a real
 * broker.
 *
 * @param api the simulator's address
 * @param kafka the broker's address
 */
record Surroundings(URI api, String kafka) {

    /** The time at which the simulator stands still; it holds the seven days before it. */
    static final Instant NOW = Instant.parse("2025-09-02T02:10:00Z");

    private static final int PARTITIONS = 3;

    /**
     * Serves until its input is closed, and says then how many requests it got.
     *
     * @param arguments the API's latency in ms, and the requests that it answers in a minute, 0 for
     *     any number: then its clock is the machine's; or nothing: then its time stands still
     */
    public static void main(String[] arguments) throws IOException {
        MetricsApiSimulator.Builder simulator = MetricsApiSimulator.builder();
        if (arguments.length == 0) {
            simulator.clock(Clock.fixed(NOW, ZoneOffset.UTC));
        } else {
            simulator.latency(Duration.ofMillis(Long.parseLong(arguments[0])));
            if (!arguments[1].equals("0")) {
                simulator.rateLimit(Integer.parseInt(arguments[1]));
            }
        }
        Population.ALL.forEach(it -> it.addTo(simulator));
        try (MetricsApiSimulator api = simulator.start();
                EmbeddedKafka kafka = EmbeddedKafka.builder().autoCreateTopics(false).start()) {
            System.out.println("API=" + api.baseUri());
            System.out.println("KAFKA=" + kafka.bootstrapServers());
            System.in.transferTo(OutputStream.nullOutputStream());
            System.out.println("REQUESTS=" + api.requests().size());
        }
        // the broker leaves threads behind that would keep the process
        System.exit(0);
    }

    /** Waits until the process serves. */
    static Surroundings announcedBy(JavaProcess process) throws InterruptedException {
        URI api = URI.create(Benchmark.answer(process, "API"));
        return new Surroundings(api, Benchmark.answer(process, "KAFKA"));
    }

    /** Creates a topic that keeps records however old their timestamps are. */
    void createTopic(String name) {
        TestKafka.createTopic(kafka, name, PARTITIONS, TestKafka.KEEP);
    }
}
