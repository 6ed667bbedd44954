package io.scrapingagent.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The status page in a real browser. It leaves its pictures in {@code target/status-page}, of which
 * one is in {@code docs}.
 */
class StatusPageBrowserTest {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path PICTURES = Path.of("target", "status-page");

    @TempDir private Path directory;

    @BeforeAll
    static void needsABrowser() throws IOException {
        assumeTrue(Files.isExecutable(CHROMIUM), "there is no " + CHROMIUM);
        Files.createDirectories(PICTURES);
    }

    @Test
    void theBrowserKeepsToThePolicyAndStylesThePage() throws Exception {
        try (StatusScene scene = StatusScene.play()) {
            String url = scene.page().toString();

            assertThat(run("--dump-dom", url))
                    .contains("35 hours open", "lkc-qn0r3", "</html>")
                    .doesNotContain("Content Security Policy");

            picture("light", "1280,1560", List.of("--blink-settings=preferredColorScheme=1"), url);
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
        List<String> command =
                new ArrayList<>(
                        List.of(
                                CHROMIUM.toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--enable-logging=stderr",
                                "--user-data-dir=" + profile));
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
}
