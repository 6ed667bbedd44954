package io.scrapingagent.config;

import static io.scrapingagent.config.SettingsFixture.load;
import static io.scrapingagent.config.SettingsFixture.problem;
import static io.scrapingagent.config.SettingsFixture.problems;
import static io.scrapingagent.config.SettingsFixture.warning;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.PemCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaTlsTest {

    private static final String KEY_PASSWORD = "hush; \"hush\\";

    @TempDir static Path files;

    private static String certificate;
    private static String key;
    private static String encryptedKey;
    private static String oldKey;

    @BeforeAll
    static void makeKeyAndCertificate() throws Exception {
        PemCertificates plain = PemCertificates.generate(files.resolve("plain"));
        PemCertificates encrypted =
                PemCertificates.generate(files.resolve("encrypted"), KEY_PASSWORD);
        certificate = Files.readString(plain.clientCertificate());
        key = Files.readString(plain.clientKey());
        encryptedKey = Files.readString(encrypted.clientKey());
        oldKey = key.replace("PRIVATE KEY", "EC PRIVATE KEY");
    }

    /** A password that is not needed is ignored, as Python does. */
    @ParameterizedTest
    @ValueSource(strings = {"", "hush"})
    void kafkaHasTheKeyOfCertificateFileAndKeyFile(String password) throws Exception {
        Settings settings = loadWithKey(key, password);

        assertThatKafkaHasTheKey(settings);
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void kafkaHasTheKeyThatIsInTheCertificateFile() throws Exception {
        Settings settings =
                load(
                        "KAFKA_SECURITY_PROTOCOL",
                        "SSL",
                        "KAFKA_SSL_CERTFILE",
                        file("both.pem", key + certificate).toString());

        assertThatKafkaHasTheKey(settings);
    }

    @Test
    void kafkaDecryptsTheKey() throws Exception {
        Settings settings = loadWithKey(encryptedKey, KEY_PASSWORD);

        assertThatKafkaHasTheKey(settings);
        assertThat(settings.toString()).doesNotContain("hush").doesNotContain("BEGIN");
    }

    private Settings loadWithKey(String keyText, String password) throws Exception {
        return load(
                "KAFKA_SECURITY_PROTOCOL",
                "SSL",
                "KAFKA_SSL_CERTFILE",
                file("cert.pem", certificate).toString(),
                "KAFKA_SSL_KEYFILE",
                file("key.pem", keyText).toString(),
                "KAFKA_SSL_PASSWORD",
                password);
    }

    @Test
    void aKeyThatCannotBeUsedIsAnErrorWithTheRemedy() throws Exception {
        assertThat(problemOfKey(encryptedKey, "wrong"))
                .isEqualTo("the key cannot be decrypted with KAFKA_SSL_PASSWORD");
        assertThat(problemOfKey(encryptedKey, ""))
                .isEqualTo("the key is encrypted, set KAFKA_SSL_PASSWORD");
        assertThat(problemOfKey(oldKey, "")).contains("openssl pkcs8 -topk8");
    }

    private static String problemOfKey(String keyText, String password) throws Exception {
        Path keyFile = file("key.pem", keyText);
        List<String> problems =
                problems(
                        "KAFKA_SSL_CERTFILE", file("cert.pem", certificate).toString(),
                        "KAFKA_SSL_KEYFILE", keyFile.toString(),
                        "KAFKA_SSL_PASSWORD", password);
        assertThat(problems).hasSize(1);
        return problems.get(0).replace("KAFKA_SSL_KEYFILE=" + keyFile + ": ", "");
    }

    @Test
    void filesThatAreMissingOrOfAnotherKindAreNamed() throws Exception {
        Path missing = files.resolve("missing.pem");
        Path noCertificate = file("key.pem", key);

        assertThat(
                        problems(
                                "KAFKA_SSL_CAFILE", missing.toString(),
                                "KAFKA_SSL_CERTFILE", noCertificate.toString()))
                .containsExactlyInAnyOrder(
                        "KAFKA_SSL_CAFILE=" + missing + ": there is no such file",
                        "KAFKA_SSL_CERTFILE="
                                + noCertificate
                                + ": allowed is a PEM file with a certificate");
    }

    @Test
    void aKeyFileAloneIsAnError() throws Exception {
        assertThat(problem("KAFKA_SSL_KEYFILE", file("key.pem", key).toString()))
                .endsWith(": a key needs its certificate, set KAFKA_SSL_CERTFILE");
    }

    @Test
    void aCaFileAndATrustStoreExcludeEachOther() throws Exception {
        assertThat(
                        problems(
                                "KAFKA_SSL_CAFILE",
                                file("ca.pem", certificate).toString(),
                                "KAFKA_SSL_TRUSTSTORE_LOCATION",
                                "trust.jks"))
                .containsExactly(
                        "KAFKA_SSL_CAFILE and KAFKA_SSL_TRUSTSTORE_LOCATION exclude each other:"
                                + " set one");
    }

    @Test
    void filesThatAreNotUsedAreWarnedAbout() throws Exception {
        assertThat(warning(load("KAFKA_SSL_CAFILE", file("ca.pem", certificate).toString())))
                .startsWith("KAFKA_SSL_CAFILE: not used with the security protocol PLAINTEXT");
    }

    @Test
    void ciphersThatJavaDoesNotKnowAreNamed() throws Exception {
        Settings settings =
                load("KAFKA_SSL_CIPHERS", "HIGH:AES128-GCM-SHA256:AES256-GCM-SHA384:!aNULL");

        assertThat(settings.kafka())
                .containsEntry(
                        "ssl.cipher.suites",
                        "TLS_RSA_WITH_AES_128_GCM_SHA256,TLS_RSA_WITH_AES_256_GCM_SHA384");
        assertThat(warning(settings)).endsWith(": HIGH, !aNULL");
        assertThat(load("KAFKA_SSL_CIPHERS", "HIGH").kafka())
                .doesNotContainKey("ssl.cipher.suites");
    }

    private static void assertThatKafkaHasTheKey(Settings settings) throws Exception {
        KeyStore keys = asKafkaReadsThem(settings).keystore();
        List<String> aliases = Collections.list(keys.aliases());
        assertThat(aliases).hasSize(1);
        assertThat(keys.isKeyEntry(aliases.get(0))).isTrue();
    }

    private static DefaultSslEngineFactory asKafkaReadsThem(Settings settings) {
        Map<String, Object> kafka = new HashMap<>(settings.kafka());
        DefaultSslEngineFactory factory = new DefaultSslEngineFactory();
        factory.configure(ProducerConfig.configDef().parse(withSerializers(kafka)));
        return factory;
    }

    private static Map<String, Object> withSerializers(Map<String, Object> kafka) {
        String serializer = "org.apache.kafka.common.serialization.ByteArraySerializer";
        kafka.put("key.serializer", serializer);
        kafka.put("value.serializer", serializer);
        return kafka;
    }

    private static Path file(String name, String text) throws Exception {
        return Files.writeString(files.resolve(name), text);
    }
}
