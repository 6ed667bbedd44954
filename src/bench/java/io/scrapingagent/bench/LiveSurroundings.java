package io.scrapingagent.bench;

import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.io.IOException;
import java.time.Duration;
import java.util.Scanner;

/**
 * The surroundings of an agent that is a process of its own: their clock is the machine's. They say
 * how many requests they got whenever they are asked by a line.
 */
final class LiveSurroundings {

    private LiveSurroundings() {}

    /**
     * Serves until its input is closed.
     *
     * @param arguments the API's latency in ms, and the requests that it answers in a minute, 0 for
     *     any number
     */
    public static void main(String[] arguments) throws IOException {
        MetricsApiSimulator.Builder simulator =
                MetricsApiSimulator.builder()
                        .latency(Duration.ofMillis(Long.parseLong(arguments[0])));
        int perMinute = Integer.parseInt(arguments[1]);
        if (perMinute == 0) {
            simulator.withoutRateLimit();
        } else {
            simulator.rateLimit(perMinute);
        }
        Population.ONCE.addTo(simulator);
        Population.SCALE.addTo(simulator);
        Population.SMALL.addTo(simulator);
        try (MetricsApiSimulator api = simulator.start();
                EmbeddedKafka kafka = EmbeddedKafka.builder().autoCreateTopics(false).start();
                Scanner questions = new Scanner(System.in)) {
            System.out.println("API=" + api.baseUri());
            System.out.println("KAFKA=" + kafka.bootstrapServers());
            while (questions.hasNextLine()) {
                questions.nextLine();
                System.out.println("REQUESTS=" + api.requests().size());
                api.forgetRequests();
            }
        }
        // the broker leaves threads behind that would keep the process
        System.exit(0);
    }
}
