package io.scrapingagent.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedKafkaSecurityTest {

    private static final String USER = "the agent";
    private static final String PASSWORD = "a \"b\" \\c\\ d; e, f=";
    private static final String KEY_PASSWORD = "key password";

    @TempDir private static Path directory;

    private static PemCertificates certificates;
    private static PemCertificates encrypted;
    private static EmbeddedKafka kafka;

    @BeforeAll
    static void startBroker() {
        certificates = PemCertificates.generate(directory.resolve("plain"));
        encrypted =
                PemCertificates.generate(
                        directory.resolve("encrypted"), KEY_PASSWORD, KeyEncryption.PBE_3DES);
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

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512"})
    void letsTheUserIn(String mechanism) throws Exception {
        assertThat(Clients.connect(kafka.saslBootstrapServers(), login(mechanism, PASSWORD)))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512"})
    void refusesAWrongPassword(String mechanism) {
        assertThatThrownBy(
                        () ->
                                Clients.connect(
                                        kafka.saslBootstrapServers(), login(mechanism, "wrong")))
                .hasRootCauseInstanceOf(SaslAuthenticationException.class);
    }

    @Test
    void servesTlsToWhoTrustsTheAuthority() throws Exception {
        assertThat(Clients.connect(kafka.sslBootstrapServers(), trusting(certificates.caFile())))
                .isNotEmpty();
    }

    @Test
    void isRefusedByWhoTrustsAnother() {
        Map<String, Object> settings = trusting(certificates.untrustedCaFile());

        assertThatThrownBy(() -> Clients.connect(kafka.sslBootstrapServers(), settings))
                .hasCauseInstanceOf(SslAuthenticationException.class);
    }

    @Test
    void acceptsAClientCertificateWhereItIsOptional() throws Exception {
        assertThat(Clients.connect(kafka.sslBootstrapServers(), identified(certificates)))
                .isNotEmpty();
    }

    @Test
    void acceptsAClientCertificateWithAnEncryptedKey() throws Exception {
        assertThat(Clients.connect(kafka.mutualSslBootstrapServers(), identified(encrypted)))
                .isNotEmpty();
    }

    /** Why the agent must decrypt such a key itself. Fails when a later client can do it. */
    @Test
    void theClientCannotReadAKeyAsOpensslEncryptsIt() {
        PemCertificates openssl =
                PemCertificates.generate(
                        directory.resolve("openssl"), KEY_PASSWORD, KeyEncryption.PBES2_AES);

        assertThatThrownBy(() -> Clients.connect(kafka.sslBootstrapServers(), identified(openssl)))
                .hasRootCauseMessage("PBES2 SecretKeyFactory not available");
    }

    @Test
    void refusesAClientWithoutCertificate() {
        Map<String, Object> settings = trusting(encrypted.caFile());

        assertThatThrownBy(() -> Clients.connect(kafka.mutualSslBootstrapServers(), settings))
                .hasCauseInstanceOf(SslAuthenticationException.class);
    }

    @Test
    void refusesACertificateOfAnotherAuthority() {
        Map<String, Object> settings = identified(certificates);
        settings.put("ssl.truststore.location", encrypted.caFile().toString());

        assertThatThrownBy(() -> Clients.connect(kafka.mutualSslBootstrapServers(), settings))
                .hasCauseInstanceOf(SslAuthenticationException.class);
    }

    private static Map<String, Object> login(String mechanism, String password) {
        String module =
                mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                mechanism,
                "sasl.jaas.config",
                "org.apache.kafka.common.security.%s required username=\"%s\" password=\"%s\";"
                        .formatted(
                                module,
                                USER,
                                password.replace("\\", "\\\\").replace("\"", "\\\"")));
    }

    private static Map<String, Object> trusting(Path caFile) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("security.protocol", "SSL");
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.location", caFile.toString());
        return settings;
    }

    private static Map<String, Object> identified(PemCertificates certificates) {
        Map<String, Object> settings = trusting(certificates.caFile());
        settings.put("ssl.keystore.type", "PEM");
        settings.put("ssl.keystore.certificate.chain", read(certificates.clientCertificate()));
        settings.put("ssl.keystore.key", read(certificates.clientKey()));
        certificates
                .clientKeyPassword()
                .ifPresent(password -> settings.put("ssl.key.password", password));
        return settings;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
