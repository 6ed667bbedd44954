package io.scrapingagent.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.kafka.PemCertificates;
import io.scrapingagent.routes.ScrapeFixture;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent publishes to a broker with a login or with TLS, set up with kafka-python's names. */
class SecuredKafkaTest {

    private static final String USER = "the agent";
    private static final String PASSWORD = "#a \"b\" \\c\\ d; {{e}} {{?f}}";

    @TempDir private static Path directory;

    private static PemCertificates certificates;
    private static PemCertificates encrypted;
    @AutoClose private static EmbeddedKafka kafka;

    @AutoClose
    private final ScrapeFixture agent =
            new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 40, 30))
                    .at(kafka)
                    .environment("KAFKA_MAX_BLOCK_MS", "10000");

    @BeforeAll
    static void startBroker() {
        certificates = PemCertificates.generate(directory.resolve("plain"));
        encrypted = PemCertificates.generate(directory.resolve("encrypted"), PASSWORD);
        kafka =
                EmbeddedKafka.builder()
                        .saslPlaintext(USER, PASSWORD)
                        .ssl(certificates)
                        .mutualSsl(encrypted)
                        .start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512"})
    void logsInWithAPassword(String mechanism) throws Exception {
        agent.login(kafka, mechanism, USER, PASSWORD);

        agent.scrapeAll();
        agent.assertPublished("lkc-aaa 0");
    }

    @Test
    void trustsTheAuthorityInAPemFile() throws Exception {
        tls(kafka.sslBootstrapServers())
                .environment("KAFKA_SSL_CAFILE", certificates.caFile().toString());

        agent.scrapeAll();
        agent.assertPublished("lkc-aaa 0");
    }

    @Test
    void aTrustStoreThatIsNotThereIsKafkasAndNotTheMetricsApis() throws Exception {
        tls(kafka.sslBootstrapServers())
                .environment("KAFKA_SSL_TRUSTSTORE_LOCATION", "/no/such/store.jks");

        assertThat(agent.scrapeFailingOnce())
                .startsWith("Kafka failed: /no/such/store.jks (")
                .endsWith("the files that they name");
    }

    @Test
    void trustsNoOtherAuthority() throws Exception {
        tls(kafka.sslBootstrapServers())
                .environment("KAFKA_SSL_CAFILE", certificates.untrustedCaFile().toString());
        giveUpSoon();

        assertThat(agent.scrapeFailing())
                .allSatisfy(failure -> assertThat(failure).contains("SSL", "KAFKA_SSL_"));
        assertThat(agent.consumed()).isEmpty();
    }

    @Test
    void showsACertificateWhoseKeyIsEncrypted() throws Exception {
        tls(kafka.mutualSslBootstrapServers())
                .environment("KAFKA_SSL_CAFILE", encrypted.caFile().toString())
                .environment("KAFKA_SSL_CERTFILE", encrypted.clientCertificate().toString())
                .environment("KAFKA_SSL_KEYFILE", encrypted.clientKey().toString())
                .environment("KAFKA_SSL_PASSWORD", PASSWORD);

        agent.scrapeAll();
        agent.assertPublished("lkc-aaa 0");
    }

    private ScrapeFixture tls(String address) {
        return agent.environment("KAFKA_BOOTSTRAP_SERVERS", address)
                .environment("KAFKA_SECURITY_PROTOCOL", "SSL");
    }

    /** But not before the client has seen why: it tries again and again while it waits. */
    private void giveUpSoon() {
        agent.environment("KAFKA_MAX_BLOCK_MS", "5000");
    }
}
