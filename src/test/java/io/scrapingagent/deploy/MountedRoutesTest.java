package io.scrapingagent.deploy;

import static io.scrapingagent.routes.ExpectedRecord.REQUEST_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.routes.ScrapeFixture;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** AGENT_ROUTES_DIR as Kubernetes mounts a ConfigMap: each file is a link, through another link. */
class MountedRoutesTest {

    private static final String QUERIES = "queries.camel.yaml";

    @TempDir private Path mounted;

    @Test
    void routesFromAConfigMapReplaceThePackagedOnes() throws Exception {
        Path version = Files.createDirectory(mounted.resolve("..2026_11_23_10_00_00.1234567890"));
        String packaged = Files.readString(Path.of("src/main/resources/routes", QUERIES));
        Files.writeString(
                version.resolve(QUERIES),
                packaged.substring(
                        0,
                        packaged.indexOf("              - to:\n                  id: response")));
        Files.createSymbolicLink(mounted.resolve("..data"), version.getFileName());
        Files.createSymbolicLink(mounted.resolve(QUERIES), Path.of("..data", QUERIES));

        try (ScrapeFixture fixture =
                new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 3, 40))
                        .environment("AGENT_ROUTES_DIR", mounted.toString())) {
            Scrape scrape = fixture.scrape();

            assertThat(scrape.getFailures()).isEmpty();
            assertThat(scrape.getCompletedQueries()).isEqualTo(1);
            fixture.assertConsumed(
                    ExpectedRecord.ofQuery(
                            fixture.simulator(), ScrapeFixture.HOUR, "lkc-aaa", REQUEST_BYTES));
        }
    }
}
