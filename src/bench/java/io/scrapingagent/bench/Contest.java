package io.scrapingagent.bench;

import io.scrapingagent.bench.HandWrittenLoop.Destination;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * The routes, the hand-written loop, and the same loop with Camel's bare steps at its end, by
 * turns. A round is one hour of all clusters; who was first in a round is last in the next.
 */
final class Contest {

    private static final int WARM_UP_ROUNDS = 2;
    private static final double LEAST_OF_STEPS = 0.9;
    private static final List<String> NAMES = List.of("routes", "steps", "loop");

    private final Map<String, Contestant> contestants = new LinkedHashMap<>();
    private final Map<String, List<Speed>> speeds = new LinkedHashMap<>();

    /**
     * Exits with 1 if the routes are too slow or the topics differ.
     *
     * @param arguments the API's address, the broker's, and the number of measured rounds
     */
    public static void main(String[] arguments) throws Exception {
        Surroundings surroundings = new Surroundings(URI.create(arguments[0]), arguments[1]);
        int rounds = WARM_UP_ROUNDS + Integer.parseInt(arguments[2]);
        NAMES.forEach(name -> surroundings.createTopic(topic(name)));
        Contest contest = new Contest();
        try (Routes routes = new Routes(surroundings, Population.SPEED, topic("routes"), true);
                Destination steps = new BareSteps(topic("steps"), as(routes, "steps"));
                Destination loop = new PlainProducer(topic("loop"), as(routes, "loop"))) {
            contest.contestants.put("routes", routes);
            Map.of("steps", steps, "loop", loop)
                    .forEach(
                            (name, destination) ->
                                    contest.contestants.put(
                                            name,
                                            new HandWrittenLoop(
                                                    surroundings.api(),
                                                    Population.SPEED,
                                                    destination)));
            contest.run(rounds);
        }
        boolean equal = sameContents(surroundings, rounds);
        System.exit(contest.fastEnough() && equal ? 0 : 1);
    }

    private static String topic(String name) {
        return "speed-" + name;
    }

    /** The producer's settings of the routes, for another producer than theirs. */
    private static Properties as(Routes routes, String name) {
        Properties properties = new Properties();
        properties.putAll(routes.producerProperties());
        properties.setProperty("client.id", name);
        properties.replace("transactional.id", name);
        return properties;
    }

    private void run(int rounds) throws Exception {
        System.out.println("Speed in records/s, and CPU time per record");
        System.out.println(
                "     round    routes     steps      loop  of steps   of loop"
                        + "       cpu    steps'    loop's");
        NAMES.forEach(name -> speeds.put(name, new ArrayList<>()));
        Instant last = Surroundings.NOW.truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS);
        for (int round = 1; round <= rounds; round++) {
            Instant hour = last.minus(rounds - round, ChronoUnit.HOURS);
            List<String> order = new ArrayList<>(NAMES);
            if (round % 2 == 0) {
                Collections.reverse(order);
            }
            Map<String, Speed> ofRound = new LinkedHashMap<>();
            for (String name : order) {
                ofRound.put(name, Speed.of(contestants.get(name), hour));
            }
            boolean warmUp = round <= WARM_UP_ROUNDS;
            if (!warmUp) {
                ofRound.forEach((name, speed) -> speeds.get(name).add(speed));
            }
            print(warmUp ? "warm-up" : "" + (round - WARM_UP_ROUNDS), ofRound);
        }
    }

    private static void print(String round, Map<String, Speed> speeds) {
        System.out.printf("%10s", round);
        NAMES.forEach(
                it -> System.out.printf(Locale.ROOT, "%,10.0f", speeds.get(it).recordsPerSecond()));
        System.out.printf(
                Locale.ROOT,
                "%10.2f%10.2f",
                ratio(speeds.get("routes"), speeds.get("steps")),
                ratio(speeds.get("routes"), speeds.get("loop")));
        NAMES.forEach(
                it ->
                        System.out.printf(
                                Locale.ROOT, "%7.1f us", speeds.get(it).cpuMicrosPerRecord()));
        System.out.println();
    }

    private boolean fastEnough() {
        boolean fastEnough = medianRatio("routes", "steps") >= LEAST_OF_STEPS;
        System.out.printf(
                Locale.ROOT,
                "%s: the routes must reach %.1f of Camel's bare steps; medians: %.2f of the steps,"
                        + " %.2f of the loop; the steps reach %.2f of the loop%n",
                fastEnough ? "passed" : "FAILED",
                LEAST_OF_STEPS,
                medianRatio("routes", "steps"),
                medianRatio("routes", "loop"),
                medianRatio("steps", "loop"));
        return fastEnough;
    }

    private double medianRatio(String one, String other) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < speeds.get(one).size(); round++) {
            ratios.add(ratio(speeds.get(one).get(round), speeds.get(other).get(round)));
        }
        return Median.of(ratios);
    }

    private static boolean sameContents(Surroundings surroundings, int rounds) {
        Map<Instant, Long> ofRoutes = TopicDigest.byHour(surroundings, topic("routes"));
        boolean same = ofRoutes.size() == rounds;
        for (String name : NAMES) {
            same &= ofRoutes.equals(TopicDigest.byHour(surroundings, topic(name)));
        }
        System.out.printf(
                "%s: a consumer must read the same from all topics%n", same ? "passed" : "FAILED");
        return same;
    }

    private static double ratio(Speed one, Speed other) {
        return one.recordsPerSecond() / other.recordsPerSecond();
    }
}
