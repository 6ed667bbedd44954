package io.scrapingagent.bench;

import io.scrapingagent.process.AgentProcess;
import io.scrapingagent.process.ImageCommands;
import io.scrapingagent.process.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What it takes to publish the hour that is due with {@code once}, the start included: beside the
 * hand-written loop and Camel's bare steps, each a process of its own as well; and for a thousand
 * clusters, against an API that limits requests and takes its time.
 */
final class OnceReport {

    /** Beside the bare steps: what Camel's start with all of its routes may cost in addition. */
    private static final double MOST_OF_STEPS = 1.6;

    private static final double MOST_SECONDS = 90;
    private static final int MOST_REQUESTS = 250;
    private static final Pattern TIME = Pattern.compile("(\\d+)m([\\d.]+)s");

    private OnceReport() {}

    private record Cost(double seconds, double cpuSeconds) {

        /** What this took of the other. */
        Cost of(Cost other) {
            return new Cost(seconds / other.seconds, cpuSeconds / other.cpuSeconds);
        }

        static Cost median(List<Cost> costs) {
            return new Cost(
                    Median.of(costs.stream().map(Cost::seconds).toList()),
                    Median.of(costs.stream().map(Cost::cpuSeconds).toList()));
        }
    }

    /** Compares the jar with the others; returns whether it takes little more than the steps. */
    static boolean compare(Path jar, int rounds) throws Exception {
        System.out.printf("%nOnce, 100 clusters x 3 x 1000 points, as a process%n");
        System.out.printf(
                "%10s%10s%10s%10s%10s%10s%10s%n",
                "round", "jar", "cpu", "steps", "cpu", "loop", "cpu");
        try (JavaProcess child = Benchmark.start(Surroundings.class, "-Xmx1g", "0", "0")) {
            Surroundings surroundings = Surroundings.announcedBy(child);
            List<Cost> ofSteps = new ArrayList<>();
            List<Cost> ofLoop = new ArrayList<>();
            for (int round = 1; round <= rounds; round++) {
                Cost routes = routes(surroundings, Population.ONCE, round, plain(jar));
                Cost steps = loop(surroundings, round, "steps");
                Cost loop = loop(surroundings, round, "producer");
                print(round, routes, steps, loop);
                ofSteps.add(routes.of(steps));
                ofLoop.add(routes.of(loop));
            }
            image(surroundings, jar, rounds);
            child.stop();
            Cost besideSteps = Cost.median(ofSteps);
            Cost besideLoop = Cost.median(ofLoop);
            boolean passed =
                    besideSteps.seconds <= MOST_OF_STEPS && besideSteps.cpuSeconds <= MOST_OF_STEPS;
            System.out.printf(
                    Locale.ROOT,
                    "%s: at most %.1f of the bare steps; took %.2f of their time, %.2f of their CPU"
                            + " time; of the loop's %.2f and %.2f%n",
                    passed ? "passed" : "FAILED",
                    MOST_OF_STEPS,
                    besideSteps.seconds,
                    besideSteps.cpuSeconds,
                    besideLoop.seconds,
                    besideLoop.cpuSeconds);
            return passed;
        }
    }

    /** Scrapes a thousand clusters; returns whether time and requests suffice. */
    static boolean scale(Path jar) throws Exception {
        System.out.printf("%nOnce, 1000 clusters, an API with 300 requests a minute and 0.3 s%n");
        try (JavaProcess child = Benchmark.start(Surroundings.class, "-Xmx1g", "300", "300")) {
            Surroundings surroundings = Surroundings.announcedBy(child);
            Cost cost = routes(surroundings, Population.SCALE, 0, plain(jar));
            child.stop();
            int requests = Integer.parseInt(Benchmark.answer(child, "REQUESTS"));
            boolean passed = cost.seconds < MOST_SECONDS && requests <= MOST_REQUESTS;
            System.out.printf(
                    Locale.ROOT,
                    "%s: %.1f s, %.1f CPU s, %d requests%n",
                    passed ? "passed" : "FAILED",
                    cost.seconds,
                    cost.cpuSeconds,
                    requests);
            return passed;
        }
    }

    private static void image(Surroundings surroundings, Path jar, int rounds) throws Exception {
        // a directory that is left behind, as /tmp's are
        ImageCommands image =
                ImageCommands.of(AgentProcess.java(), jar, Files.createTempDirectory("image"));
        StartReport.train(image.training());
        for (Population population : List.of(Population.ONCE, Population.SMALL)) {
            List<Cost> costs = new ArrayList<>();
            for (int round = 1; round <= rounds; round++) {
                costs.add(routes(surroundings, population, 100 + round, image.start()));
            }
            Cost median = Cost.median(costs);
            System.out.printf(
                    Locale.ROOT,
                    "%10s%10.2f%10.2f   %d clusters%n",
                    "image",
                    median.seconds,
                    median.cpuSeconds,
                    population.clusters());
        }
    }

    private static List<String> plain(Path jar) {
        return List.of(AgentProcess.java(), "-jar", jar.toAbsolutePath().toString());
    }

    private static Cost routes(
            Surroundings surroundings, Population population, int round, List<String> agent)
            throws Exception {
        String topic = population.prefix() + round;
        surroundings.createTopic(topic);
        Map<String, String> environment = Routes.environment(surroundings, population, topic);
        environment.put("METRICS_LEDGER_TOPIC", topic + "-ledger");
        if (population == Population.SCALE) {
            // the pace is its own
            environment.remove("CONFLUENT_METRICS_REQUESTS_PER_MINUTE");
        }
        List<String> command = new ArrayList<>(agent);
        command.add("once");
        return cost(command, environment);
    }

    private static Cost loop(Surroundings surroundings, int round, String destination)
            throws Exception {
        String topic = "once-" + destination + round;
        surroundings.createTopic(topic);
        return cost(
                List.of(
                        AgentProcess.java(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        HandWrittenLoop.class.getName(),
                        surroundings.api().toString(),
                        surroundings.kafka(),
                        topic,
                        destination),
                Map.of());
    }

    /** Runs a command and has the shell say how long it computed. */
    private static Cost cost(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        List<String> timed =
                new ArrayList<>(List.of("sh", "-c", "\"$@\"; code=$?; times; exit $code"));
        timed.add("sh");
        timed.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(timed)
                        .redirectErrorStream(true)
                        .directory(Files.createTempDirectory("once").toFile());
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        Process process = builder.start();
        List<String> output = process.inputReader().lines().toList();
        int code = process.waitFor();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (code != 0) {
            throw new IOException("exit code " + code + ": " + String.join("\n", output));
        }
        // the last line is what the shell's children computed
        Matcher times = TIME.matcher(output.get(output.size() - 1));
        double cpu = 0;
        while (times.find()) {
            cpu += Integer.parseInt(times.group(1)) * 60 + Double.parseDouble(times.group(2));
        }
        return new Cost(seconds, cpu);
    }

    private static void print(int round, Cost... costs) {
        System.out.printf("%10d", round);
        for (Cost it : costs) {
            System.out.printf(Locale.ROOT, "%10.2f%10.2f", it.seconds, it.cpuSeconds);
        }
        System.out.println();
    }
}
