package io.scrapingagent.bench;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * The routes and the hand-written loop, by turns. A round is one hour of all clusters; the one that
 * was first in a round is second in the next.
 */
final class Contest {

    private static final int WARM_UP_ROUNDS = 2;
    private static final double LEAST_RATIO = 0.55;
    private static final String ROUTES_TOPIC = "speed-routes";
    private static final String LOOP_TOPIC = "speed-loop";

    private final Contestant routes;
    private final Contestant loop;
    private final List<Double> routesSpeeds = new ArrayList<>();
    private final List<Double> loopSpeeds = new ArrayList<>();
    private final List<Double> ratios = new ArrayList<>();

    private Contest(Contestant routes, Contestant loop) {
        this.routes = routes;
        this.loop = loop;
    }

    /**
     * Exits with 1 if the routes are too slow or the topics differ.
     *
     * @param arguments the API's address, the broker's, the number of measured rounds, and what the
     *     loop waits for: {@code window} or {@code hour}
     */
    public static void main(String[] arguments) throws Exception {
        Surroundings surroundings = new Surroundings(URI.create(arguments[0]), arguments[1]);
        int rounds = WARM_UP_ROUNDS + Integer.parseInt(arguments[2]);
        surroundings.createTopic(ROUTES_TOPIC);
        surroundings.createTopic(LOOP_TOPIC);
        Contest contest;
        try (Routes routes = new Routes(surroundings, Population.SPEED, ROUTES_TOPIC, true);
                HandWrittenLoop loop =
                        loop(surroundings, routes.producerProperties(), arguments[3])) {
            contest = new Contest(routes, loop);
            contest.run(rounds);
        }
        boolean equal = sameContents(surroundings, rounds);
        System.exit(contest.fastEnough() && equal ? 0 : 1);
    }

    private static HandWrittenLoop loop(
            Surroundings surroundings, Properties ofTheRoutes, String flush) {
        Properties properties = new Properties();
        properties.putAll(ofTheRoutes);
        properties.setProperty("client.id", "hand-written-loop");
        // with transactions where the routes have them, as another producer than theirs
        properties.replace("transactional.id", "hand-written-loop");
        return new HandWrittenLoop(
                surroundings.api(),
                Population.SPEED,
                LOOP_TOPIC,
                properties,
                flush.equals("window"));
    }

    private void run(int rounds) throws Exception {
        System.out.println("Speed in records/s, and CPU time per record");
        print("round", "records", "routes", "loop", "ratio", "cpu", "loop's");
        Instant last = Surroundings.NOW.truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS);
        for (int round = 1; round <= rounds; round++) {
            Instant hour = last.minus(rounds - round, ChronoUnit.HOURS);
            boolean routesFirst = round % 2 == 0;
            Speed first = Speed.of(routesFirst ? routes : loop, hour);
            Speed second = Speed.of(routesFirst ? loop : routes, hour);
            Speed ofRoutes = routesFirst ? first : second;
            Speed ofLoop = routesFirst ? second : first;
            double ratio = ofRoutes.recordsPerSecond() / ofLoop.recordsPerSecond();
            boolean warmUp = round <= WARM_UP_ROUNDS;
            print(
                    warmUp ? "warm-up" : String.valueOf(round - WARM_UP_ROUNDS),
                    String.valueOf(ofRoutes.records()),
                    number(ofRoutes.recordsPerSecond()),
                    number(ofLoop.recordsPerSecond()),
                    ratio(ratio),
                    micros(ofRoutes),
                    micros(ofLoop));
            if (!warmUp) {
                routesSpeeds.add(ofRoutes.recordsPerSecond());
                loopSpeeds.add(ofLoop.recordsPerSecond());
                ratios.add(ratio);
            }
        }
        print(
                "median",
                "",
                number(Median.of(routesSpeeds)),
                number(Median.of(loopSpeeds)),
                ratio(Median.of(ratios)));
    }

    private boolean fastEnough() {
        boolean fastEnough = Median.of(ratios) >= LEAST_RATIO;
        System.out.printf(
                Locale.ROOT,
                "%s: the routes must reach %.2f of the loop%n",
                fastEnough ? "passed" : "FAILED",
                LEAST_RATIO);
        return fastEnough;
    }

    private static boolean sameContents(Surroundings surroundings, int rounds) {
        Map<Instant, TopicDigest> ofRoutes = TopicDigest.byHour(surroundings, ROUTES_TOPIC);
        Map<Instant, TopicDigest> ofLoop = TopicDigest.byHour(surroundings, LOOP_TOPIC);
        boolean same = ofRoutes.size() == rounds && ofRoutes.equals(ofLoop);
        long records = ofRoutes.values().stream().mapToLong(TopicDigest::records).sum();
        System.out.printf(
                "%s: a consumer must read the same from both topics; %d records of the routes%n",
                same ? "passed" : "FAILED", records);
        if (!same) {
            System.out.println("routes: " + ofRoutes);
            System.out.println("loop:   " + ofLoop);
        }
        return same;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String micros(Speed speed) {
        return String.format(Locale.ROOT, "%.1f us", speed.cpuMicrosPerRecord());
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static void print(String... cells) {
        System.out.println(
                String.join(
                        "",
                        Arrays.stream(cells).map(cell -> String.format("%10s", cell)).toList()));
    }
}
