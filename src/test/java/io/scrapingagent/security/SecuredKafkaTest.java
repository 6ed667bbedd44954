package io.scrapingagent.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.kafka.PemCertificates;
import io.scrapingagent.kafka.TopicReader;
import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.routes.ScrapeFixture;
import io.scrapingagent.routes.TruthCheck;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent publishes to a broker with a login or with TLS, set up with kafka-python's names. */
class SecuredKafkaTest {

    private static final String USER = "the agent";
    private static final String PASSWORD = "a \"b\" \\c\\ d; e";
    private static final String WRONG_PASSWORD = "wr \"ong\" \\ one;";

    @TempDir private static Path directory;

    private static PemCertificates certificates;
    private static PemCertificates encrypted;
    private static EmbeddedKafka kafka;

    private ScrapeFixture agent;

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

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @BeforeEach
    void prepare() {
        agent =
                new ScrapeFixture(
                                MetricsApiSimulator.builder()
                                        .withoutRateLimit()
                                        .cluster("lkc-aaa", 40, 30),
                                "lkc-aaa")
                        .environment("KAFKA_MAX_BLOCK_MS", "10000");
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512"})
    void logsInWithAPassword(String mechanism) throws Exception {
        login(mechanism, PASSWORD);

        assertPublished(agent.scrape());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512"})
    void saysThatThePasswordIsWrongWithoutThePassword(String mechanism) throws Exception {
        login(mechanism, WRONG_PASSWORD);
        giveUpSoon();

        Scrape scrape = agent.scrape();

        assertThat(scrape.getFailures())
                .isNotEmpty()
                .allSatisfy(
                        failure ->
                                assertThat(failure.reason())
                                        .containsIgnoringCase("authentication failed")
                                        .contains("KAFKA_SASL_")
                                        .doesNotContain("wr \"", "ong", "\\"));
        assertThat(consumed()).isEmpty();
    }

    @Test
    void trustsTheAuthorityInAPemFile() throws Exception {
        tls(kafka.sslBootstrapServers())
                .environment("KAFKA_SSL_CAFILE", certificates.caFile().toString());

        assertPublished(agent.scrape());
    }

    @Test
    void aTrustStoreThatIsNotThereIsKafkasAndNotTheMetricsApis() throws Exception {
        tls(kafka.sslBootstrapServers())
                .environment("KAFKA_SSL_TRUSTSTORE_LOCATION", "/no/such/store.jks");

        assertThat(agent.scrape().getFailures())
                .singleElement()
                .satisfies(
                        it ->
                                assertThat(it.reason())
                                        .startsWith("Kafka failed: /no/such/store.jks (")
                                        .endsWith("the files that they name"));
    }

    @Test
    void trustsNoOtherAuthority() throws Exception {
        tls(kafka.sslBootstrapServers())
                .environment("KAFKA_SSL_CAFILE", certificates.untrustedCaFile().toString());
        giveUpSoon();

        assertThat(agent.scrape().getFailures())
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure.reason()).contains("SSL", "KAFKA_SSL_"));
        assertThat(consumed()).isEmpty();
    }

    @Test
    void showsACertificateWhoseKeyIsEncrypted() throws Exception {
        tls(kafka.mutualSslBootstrapServers())
                .environment("KAFKA_SSL_CAFILE", encrypted.caFile().toString())
                .environment("KAFKA_SSL_CERTFILE", encrypted.clientCertificate().toString())
                .environment("KAFKA_SSL_KEYFILE", encrypted.clientKey().toString())
                .environment("KAFKA_SSL_PASSWORD", PASSWORD);

        assertPublished(agent.scrape());
    }

    @Test
    void isRefusedWithoutACertificateWhereOneIsRequired() throws Exception {
        tls(kafka.mutualSslBootstrapServers())
                .environment("KAFKA_SSL_CAFILE", encrypted.caFile().toString());
        giveUpSoon();

        assertThat(agent.scrape().getFailures()).isNotEmpty();
        assertThat(consumed()).isEmpty();
    }

    private ScrapeFixture tls(String address) {
        return agent.environment("KAFKA_BOOTSTRAP_SERVERS", address)
                .environment("KAFKA_SECURITY_PROTOCOL", "SSL");
    }

    /** But not before the client has seen why: it tries again and again while it waits. */
    private void giveUpSoon() {
        agent.environment("KAFKA_MAX_BLOCK_MS", "5000");
    }

    private void login(String mechanism, String password) {
        agent.environment("KAFKA_BOOTSTRAP_SERVERS", kafka.saslBootstrapServers())
                .environment("KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT")
                .environment("KAFKA_SASL_MECHANISM", mechanism)
                .environment("KAFKA_SASL_PLAIN_USERNAME", USER)
                .environment("KAFKA_SASL_PLAIN_PASSWORD", password);
    }

    private void assertPublished(Scrape scrape) {
        assertThat(scrape.getFailures()).isEmpty();
        TruthCheck.assertConsumed(
                new TopicReader(kafka.bootstrapServers()),
                agent.topic(),
                ExpectedRecord.ofHour(agent.simulator(), ScrapeFixture.HOUR, "lkc-aaa"));
    }

    private List<ExpectedRecord> consumed() {
        return ExpectedRecord.of(new TopicReader(kafka.bootstrapServers()).readAll(agent.topic()));
    }
}
