package io.scrapingagent.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.PemCertificates;
import io.scrapingagent.process.AgentProcess;
import io.scrapingagent.process.ProcessFixture;
import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.Misbehaviour;
import io.scrapingagent.simulator.ReceivedRequest;
import io.scrapingagent.simulator.RequestMatcher;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Redirections over https. An operator lets the agent trust a certificate authority of his own as
 * he does with any Java program: with a trust store that {@code JAVA_TOOL_OPTIONS} names.
 */
class RedirectIT {

    private static final String PATH = "/v2/metrics/cloud/query";
    private static final String CLUSTER = "lkc-aaa";
    private static final RequestMatcher REQUEST_BYTES =
            RequestMatcher.metric(ExpectedRecord.REQUEST_BYTES);
    private static final List<Integer> STATUSES = List.of(301, 302, 307, 308);

    @TempDir private Path directory;

    @Test
    void areFollowedOnTheSameHostAndNowhereElse() throws Exception {
        PemCertificates certificates = PemCertificates.generate(directory.resolve("tls"));
        MetricsApiSimulator.Builder api =
                MetricsApiSimulator.builder()
                        .withoutRateLimit()
                        .cluster(CLUSTER, 5, 5)
                        .tls(certificates.serverCertificate(), certificates.serverKey());
        try (MetricsApiSimulator elsewhere = api.start();
                ProcessFixture fixture = new ProcessFixture(api, CLUSTER)) {
            String here = fixture.simulator().baseUri().toString();
            STATUSES.forEach(
                    status ->
                            fixture.simulator()
                                    .answer(
                                            REQUEST_BYTES,
                                            1,
                                            Misbehaviour.redirect(status, here + PATH)));
            // the certificate holds for this name, too: only the agent's own rule is in the way
            String other = elsewhere.baseUri().toString().replace("localhost", "127.0.0.1");
            fixture.simulator()
                    .answerAlways(
                            RequestMatcher.metric(ExpectedRecord.RETAINED_BYTES),
                            Misbehaviour.redirect(307, other + PATH));

            AgentProcess agent =
                    fixture.environment("JAVA_TOOL_OPTIONS", trusting(certificates.caFile()))
                            .start("once");

            assertThat(agent.exitCode()).isEqualTo(1);
            List<ReceivedRequest> requests =
                    fixture.simulator().requests().stream().filter(REQUEST_BYTES).toList();
            assertThat(requests)
                    .extracting(ReceivedRequest::status)
                    .containsExactly(301, 302, 307, 308, 200);
            assertThat(requests)
                    .allSatisfy(
                            request -> {
                                assertThat(request.method()).isEqualTo("POST");
                                assertThat(request.body()).isEqualTo(requests.get(0).body());
                                assertThat(request.header("Authorization"))
                                        .isPresent()
                                        .isEqualTo(requests.get(0).header("Authorization"));
                            });
            assertThat(ExpectedRecord.of(fixture.consumed()))
                    .containsAll(
                            ExpectedRecord.ofQuery(
                                    fixture.simulator(),
                                    ProcessFixture.hour(agent),
                                    CLUSTER,
                                    ExpectedRecord.REQUEST_BYTES));
            assertThat(agent.awaitLine("Scrape finished"))
                    .contains("2 queries ok, 1 failed", "redirected to " + other);
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    private String trusting(Path caFile) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(caFile)) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        Path file = directory.resolve("truststore.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "changeit".toCharArray());
        }
        return "-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=changeit"
                .formatted(file);
    }
}
