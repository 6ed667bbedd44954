package io.scrapingagent.routes;

import static io.scrapingagent.routes.ExpectedRecord.RETAINED_BYTES;
import static io.scrapingagent.simulator.Misbehaviour.noPoints;
import static io.scrapingagent.simulator.Misbehaviour.status;
import static io.scrapingagent.simulator.Misbehaviour.unavailable;
import static io.scrapingagent.simulator.RequestMatcher.cluster;
import static io.scrapingagent.simulator.RequestMatcher.metric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.RequestMatcher;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The status page in a real browser. It leaves its pictures in {@code target/status-page}. That of
 * {@code docs} is made of one of them: {@code pngquant --strip --speed 1 --force --output
 * docs/status-page.png 64 target/status-page/light.png}.
 *
 * <p>The agent runs for eight days with what can happen in them: hours without records, an outage
 * longer than the Metrics API keeps hours, hours that are still open, and a cluster of which the
 * API key's role was taken.
 */
class StatusPageBrowserTest {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path PICTURES = Path.of("target", "status-page");

    private static final Instant END = Instant.parse("2025-11-01T00:07:00Z");
    private static final String GOOD = "lkc-7d2kq";
    private static final String EMPTY = "lkc-m1x9z";
    private static final String OUTAGE = "lkc-v60gp";
    private static final String OPEN = "lkc-8wz41";
    private static final String REFUSED = "lkc-qn0r3";

    @TempDir private Path directory;

    @AutoClose
    private final ScrapeFixture fixture =
            new ScrapeFixture(
                            MetricsApiSimulator.builder()
                                    // more than the eight days need in less than a minute
                                    .rateLimit(5000)
                                    .cluster(GOOD, 3, 3)
                                    .cluster(EMPTY, 2, 2)
                                    .cluster(OUTAGE, 2, 4)
                                    .cluster(OPEN, 4, 2)
                                    .cluster(REFUSED, 2, 2))
                    .environment("CONFLUENT_METRICS_REQUESTS_PER_MINUTE", "50")
                    // else the outage of one cluster would be that of its batch
                    .environment("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", "1")
                    // a minute of the clock takes no time here
                    .property("metrics.api.pacing.period.ms", "100")
                    .environment("METRICS_API_RETENTION_HOURS", "36")
                    .property("metrics.api.retries", "0")
                    .property("agent.catch.up.delay.ms", "3600000")
                    .scheduled();

    @BeforeAll
    static void needsABrowser() throws IOException {
        assumeTrue(Files.isExecutable(CHROMIUM), "there is no " + CHROMIUM);
        Files.createDirectories(PICTURES);
    }

    @Test
    void theBrowserKeepsToThePolicyAndStylesThePage() throws Exception {
        letTheDaysPass();
        String url = fixture.management().page().toString();

        assertThat(run("--dump-dom", url))
                .contains("35 hours open", "lkc-qn0r3", "</html>")
                .doesNotContain("Content Security Policy");

        picture("light", "1280,1960", List.of("--blink-settings=preferredColorScheme=1"), url);
        picture("dark", "1280,1560", List.of("--force-dark-mode"), url);
        picture("phone", "390,2400", List.of("--blink-settings=preferredColorScheme=1"), url);
        Pixels light = Pixels.of(PICTURES.resolve("light.png"));
        Pixels dark = Pixels.of(PICTURES.resolve("dark.png"));
        Pixels phone = Pixels.of(PICTURES.resolve("phone.png"));
        // the colours of the style sheet: without it there would be black strips on white
        assertThat(light.share(0xffffff)).isGreaterThan(0.5);
        assertThat(light.share(0x3b7dbd)).isGreaterThan(0.02);
        assertThat(light.share(0xc27400)).isGreaterThan(0.001);
        assertThat(light.share(0xa3123f)).isGreaterThan(0.001);
        assertThat(dark.share(0x12171f)).isGreaterThan(0.5);
        assertThat(dark.share(0x4f95d6)).isGreaterThan(0.02);
        // the strips end before the edge, so that nobody has to scroll sideways
        assertThat(phone.share(0x3b7dbd)).isGreaterThan(0.02);
        assertThat(phone.columns(0x3b7dbd).max().orElseThrow()).isLessThan(390 - 8);
    }

    private void letTheDaysPass() throws Exception {
        fixture.clock().set(END.minus(Duration.ofHours(196)));
        // on a busy machine Kafka may take longer than the agent waits
        await().atMost(Duration.ofMinutes(1)).until(() -> fixture.scrape().getFailures().isEmpty());
        refuse();
        at(168);
        fixture.simulator().answerAlways(cluster(OUTAGE), unavailable(503));
        at(140);
        RequestMatcher retained = metric(RETAINED_BYTES);
        fixture.simulator().answerAlways(cluster(EMPTY).and(retained), noPoints());
        at(120);
        at(100);
        at(92);
        fixture.simulator().behave();
        refuse();
        at(90);
        at(66);
        at(42);
        at(18);
        at(7);
        fixture.simulator()
                .answerAlways(
                        cluster(OPEN).and(retained),
                        status(403, "the API key is not authorized for " + OPEN));
        at(0);
    }

    private void refuse() {
        fixture.simulator()
                .answerAlways(
                        cluster(REFUSED),
                        status(403, "the API key is not authorized for the resource " + REFUSED));
    }

    private void at(int hoursBeforeEnd) throws Exception {
        fixture.clock().set(END.minus(Duration.ofHours(hoursBeforeEnd)));
        fixture.scrape();
    }

    private void picture(String name, String size, List<String> options, String url)
            throws Exception {
        List<String> arguments = new ArrayList<>(options);
        arguments.add("--window-size=" + size);
        arguments.add("--hide-scrollbars");
        arguments.add("--screenshot=" + PICTURES.resolve(name + ".png").toAbsolutePath());
        arguments.add(url);
        run(arguments.toArray(String[]::new));
    }

    private String run(String... arguments) throws Exception {
        Path profile = Files.createTempDirectory(directory, "profile");
        List<String> command = new ArrayList<>(List.of(CHROMIUM.toString()));
        command.addAll(
                List.of(
                        ("--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
                                        + " --disable-background-networking --disable-sync"
                                        + " --disable-component-update --enable-logging=stderr")
                                .split(" ")));
        command.add("--user-data-dir=" + profile);
        Stream.of(arguments).forEach(command::add);
        Path output = Files.createTempFile(directory, "output", ".txt");
        Process browser =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            assertThat(browser.waitFor(2, TimeUnit.MINUTES)).as("Chromium ended").isTrue();
        } finally {
            browser.destroyForcibly().waitFor();
        }
        return Files.readString(output);
    }

    /** The colours of a picture, as 0xRRGGBB. */
    private record Pixels(BufferedImage picture) {

        static Pixels of(Path file) throws IOException {
            return new Pixels(ImageIO.read(file.toFile()));
        }

        /** Returns how much of the picture has a colour, from 0 to 1. */
        double share(int colour) {
            int[] pixels =
                    picture.getRGB(
                            0,
                            0,
                            picture.getWidth(),
                            picture.getHeight(),
                            null,
                            0,
                            picture.getWidth());
            return IntStream.of(pixels).filter(it -> (it & 0xffffff) == colour).count()
                    / (double) pixels.length;
        }

        /** Returns the columns that have a colour somewhere. */
        IntStream columns(int colour) {
            return IntStream.range(0, picture.getWidth())
                    .filter(
                            x ->
                                    IntStream.range(0, picture.getHeight())
                                            .anyMatch(
                                                    y ->
                                                            (picture.getRGB(x, y) & 0xffffff)
                                                                    == colour));
        }
    }
}
