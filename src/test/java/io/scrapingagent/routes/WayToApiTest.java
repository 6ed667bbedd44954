package io.scrapingagent.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.PemCertificates;
import io.scrapingagent.simulator.HttpProxy;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.ReceivedRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proxies, certificate authorities and hosts, as a scrape meets them. */
class WayToApiTest {

    private static final String CLUSTER = "lkc-aaa";

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({
        "CONFLUENT_METRICS_CA_FILE, REQUESTS_CA_BUNDLE",
        "REQUESTS_CA_BUNDLE, SSL_CERT_FILE",
        "SSL_CERT_FILE, REQUESTS_CA_BUNDLE"
    })
    void anAuthorityOfTheOperatorsOwnIsTrusted(String variable, String ignored) throws Exception {
        PemCertificates certificates = PemCertificates.generate(directory);
        try (ScrapeFixture fixture = fixture(tls(certificates))) {
            fixture.environment(variable, certificates.caFile().toString())
                    .environment(ignored, "/no/such.pem");

            assertComplete(fixture);
        }
    }

    @Test
    void anAuthorityOfNobodysIsNot() throws Exception {
        PemCertificates certificates = PemCertificates.generate(directory);
        try (ScrapeFixture fixture = fixture(tls(certificates))) {
            fixture.property("metrics.api.retries", "0")
                    .environment(
                            "CONFLUENT_METRICS_CA_FILE", certificates.untrustedCaFile().toString());

            assertThat(fixture.scrapeFailing())
                    .allMatch(it -> it.contains("No TLS connection to the Metrics API"));
            assertThat(fixture.simulator().requests()).isEmpty();
        }
    }

    @Test
    void aProxyMakesATunnelForHttps() throws Exception {
        PemCertificates certificates = PemCertificates.generate(directory);
        try (ScrapeFixture fixture = fixture(tls(certificates));
                HttpProxy proxy = new HttpProxy(port(fixture), "me:p@ss")) {
            fixture.environment("CONFLUENT_METRICS_CA_FILE", certificates.caFile().toString())
                    .environment("CONFLUENT_METRICS_HOST", "HTTPS://metrics.example")
                    .environment("HTTPS_PROXY", "http://me:p%40ss@127.0.0.1:" + proxy.port());

            assertComplete(fixture);

            assertThat(proxy.requests())
                    .isNotEmpty()
                    .allMatch(it -> it.equals("CONNECT metrics.example:443 HTTP/1.1"));
            assertThat(fixture.simulator().requests())
                    .noneMatch(it -> it.header("Proxy-Authorization").isPresent());
        }
    }

    @Test
    void aProxyPassesOnPlainHttp() throws Exception {
        try (ScrapeFixture fixture = fixture(MetricsApiSimulator.builder());
                HttpProxy proxy = new HttpProxy(port(fixture), "me:pass")) {
            fixture.environment("CONFLUENT_METRICS_HOST", "http://gateway.example:8088")
                    .environment("HTTP_PROXY", "http://me:pass@127.0.0.1:" + proxy.port());

            assertComplete(fixture);

            assertThat(proxy.requests())
                    .isNotEmpty()
                    .allMatch(it -> it.startsWith("POST http://gateway.example:8088/v2/metrics/"));
        }
    }

    @Test
    void aGatewayMayHaveAPath() throws Exception {
        try (ScrapeFixture fixture = fixture(MetricsApiSimulator.builder())) {
            fixture.property("metrics.api.retries", "0")
                    .environment(
                            "CONFLUENT_METRICS_HOST",
                            fixture.simulator().baseUri() + "/confluent/");

            fixture.scrape();

            assertThat(fixture.simulator().requests())
                    .isNotEmpty()
                    .extracting(ReceivedRequest::path)
                    .containsOnly("/confluent/v2/metrics/cloud/query");
        }
    }

    private static MetricsApiSimulator.Builder tls(PemCertificates certificates) {
        return MetricsApiSimulator.builder()
                .tls(certificates.serverCertificate(), certificates.serverKey());
    }

    private static ScrapeFixture fixture(MetricsApiSimulator.Builder api) {
        return new ScrapeFixture(api.cluster(CLUSTER, 3, 3), CLUSTER);
    }

    private static int port(ScrapeFixture fixture) {
        return fixture.simulator().baseUri().getPort();
    }

    private static void assertComplete(ScrapeFixture fixture) throws Exception {
        fixture.scrapeAll();
        fixture.assertPublished(CLUSTER + " 0");
    }
}
