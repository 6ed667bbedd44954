package io.scrapingagent.config;

import io.scrapingagent.config.SettingsSource.SettingValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Gives the Java producer the PEM files that kafka-python is given. */
final class TlsSettings {

    private static final String KEY_PASSWORD = "ssl.key.password";
    private static final String PEM = "PEM";

    private final ChosenSettings chosen;
    private final Findings findings;

    TlsSettings(ChosenSettings chosen, Findings findings) {
        this.chosen = chosen;
        this.findings = findings;
    }

    void apply() {
        warnIfUnused();
        if (chosen.prefer(
                List.of(KafkaNames.SSL_CAFILE),
                List.of("ssl.truststore.location", "ssl.truststore.certificates"))) {
            chosen.remove(KafkaNames.SSL_CAFILE).ifPresent(this::trust);
        }
        if (chosen.prefer(
                List.of(KafkaNames.SSL_CERTFILE, KafkaNames.SSL_KEYFILE),
                List.of(
                        "ssl.keystore.location",
                        "ssl.keystore.certificate.chain",
                        "ssl.keystore.key"))) {
            identify();
        }
    }

    private void warnIfUnused() {
        String protocol = chosen.value("security.protocol").orElse("PLAINTEXT");
        if (Set.of("SSL", "SASL_SSL").contains(protocol)) {
            return;
        }
        for (String name : List.of(KafkaNames.SSL_CAFILE, KafkaNames.SSL_CERTFILE)) {
            chosen.get(name)
                    .ifPresent(
                            it ->
                                    findings.warning(
                                            it.label()
                                                    + ": not used with the security protocol "
                                                    + protocol
                                                    + ", set KAFKA_SECURITY_PROTOCOL to SSL or"
                                                    + " SASL_SSL to encrypt"));
        }
    }

    private void trust(KafkaSetting caFile) {
        PemFile.read(caFile, findings)
                .filter(pem -> pem.requireCertificate(findings))
                .ifPresent(
                        pem -> {
                            chosen.ignore(
                                    caFile.label() + " is used",
                                    "ssl.truststore.type",
                                    "ssl.truststore.password");
                            chosen.put(caFile.as("ssl.truststore.type", PEM));
                            chosen.put(caFile.as("ssl.truststore.location"));
                        });
    }

    /** Kafka wants certificate chain and key as one, so both are handed over as text. */
    private void identify() {
        Optional<KafkaSetting> certFile = chosen.remove(KafkaNames.SSL_CERTFILE);
        Optional<KafkaSetting> keyFile = chosen.remove(KafkaNames.SSL_KEYFILE);
        if (certFile.isEmpty()) {
            findings.problem(
                    keyFile.orElseThrow().shown()
                            + ": a key needs its certificate, set KAFKA_SSL_CERTFILE");
            return;
        }
        Optional<PemFile> certificates =
                PemFile.read(certFile.get(), findings)
                        .filter(pem -> pem.requireCertificate(findings));
        // Python finds the key beside the certificate when no file is named for it
        Optional<PemFile> key =
                keyFile.isPresent() ? PemFile.read(keyFile.get(), findings) : certificates;
        key = key.filter(pem -> pem.requireKey(findings));
        if (certificates.isEmpty() || key.isEmpty()) {
            return;
        }
        Optional<String> keyText = readable(key.get());
        if (keyText.isEmpty()) {
            return;
        }
        chosen.ignore(
                certFile.get().label() + " is used", "ssl.keystore.type", "ssl.keystore.password");
        chosen.put(certFile.get().as("ssl.keystore.type", PEM));
        chosen.put(
                certFile.get()
                        .as("ssl.keystore.certificate.chain", certificates.get().certificates()));
        chosen.put(certFile.get().as("ssl.keystore.key", keyText.get()));
    }

    /** The key without its encryption; a password left over would make Kafka decrypt it again. */
    private Optional<String> readable(PemFile key) {
        Optional<KafkaSetting> password = chosen.get(KEY_PASSWORD);
        if (!key.hasEncryptedKey()) {
            chosen.ignore("the key is not encrypted", KEY_PASSWORD);
            return Optional.of(key.key());
        }
        if (password.isEmpty()) {
            findings.problem(key.shown() + ": the key is encrypted, set KAFKA_SSL_PASSWORD");
            return Optional.empty();
        }
        Optional<String> decrypted = EncryptedKey.decrypted(key.key(), password.get().value());
        if (decrypted.isEmpty()) {
            findings.problem(
                    key.shown() + ": the key cannot be decrypted with " + password.get().label());
        }
        chosen.remove(KEY_PASSWORD);
        return decrypted;
    }

    /**
     * Decrypts a private key. Kafka's own PEM reader fails on JDK 17 with "PBES2 SecretKeyFactory
     * not available" for the encryption that OpenSSL uses unless told otherwise.
     */
    static final class EncryptedKey {

        private EncryptedKey() {}

        /** The key as unencrypted PKCS#8 in PEM; nothing if password or key are no good. */
        static Optional<String> decrypted(String pem, String password) {
            String base64 = pem.replaceAll("-----[^-]+-----", "");
            try {
                EncryptedPrivateKeyInfo encrypted =
                        new EncryptedPrivateKeyInfo(Base64.getMimeDecoder().decode(base64));
                AlgorithmParameters parameters = encrypted.getAlgParameters();
                // of PBES2 only the parameters know which algorithm it is
                String algorithm =
                        encrypted.getAlgName().startsWith("PBEWith")
                                ? encrypted.getAlgName()
                                : String.valueOf(parameters);
                SecretKey passwordKey =
                        SecretKeyFactory.getInstance(algorithm)
                                .generateSecret(new PBEKeySpec(password.toCharArray()));
                Cipher cipher = Cipher.getInstance(algorithm);
                cipher.init(Cipher.DECRYPT_MODE, passwordKey, parameters);
                return Optional.of(pem(encrypted.getKeySpec(cipher).getEncoded()));
            } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        private static String pem(byte[] key) {
            byte[] newline = "\n".getBytes(StandardCharsets.US_ASCII);
            return "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, newline).encodeToString(key)
                    + "\n-----END PRIVATE KEY-----";
        }
    }

    /** A PEM file, of which only certificates and private keys are of interest. */
    private static final class PemFile {

        private static final Pattern CERTIFICATE = block("CERTIFICATE");
        private static final Pattern KEY = block("(?:ENCRYPTED )?PRIVATE KEY");
        private static final Pattern OLD_KEY = block("(?:RSA|EC|DSA) PRIVATE KEY");

        private final KafkaSetting setting;
        private final String text;

        private PemFile(KafkaSetting setting, String text) {
            this.setting = setting;
            this.text = text;
        }

        /** The file that a setting names. */
        static Optional<PemFile> read(KafkaSetting setting, Findings findings) {
            return new SettingValue(setting.label(), setting.value())
                    .readFile(findings)
                    .map(text -> new PemFile(setting, text));
        }

        /** Reports a file without any certificate. */
        boolean requireCertificate(Findings findings) {
            return require(CERTIFICATE, "a PEM file with a certificate", findings);
        }

        /** Reports a file without a key of the form that Java reads, PKCS#8. */
        boolean requireKey(Findings findings) {
            if (!KEY.matcher(text).find() && OLD_KEY.matcher(text).find()) {
                findings.problem(
                        shown()
                                + ": Java reads keys of the form PKCS#8 only, convert it with:"
                                + " openssl pkcs8 -topk8 -in old.pem -out new.pem"
                                + " (-nocrypt to leave it unencrypted)");
                return false;
            }
            return require(KEY, "a PEM file with a private key", findings);
        }

        /** All certificates, in their order. */
        String certificates() {
            return CERTIFICATE
                    .matcher(text)
                    .results()
                    .map(MatchResult::group)
                    .collect(Collectors.joining("\n"));
        }

        /** The first private key. */
        String key() {
            Matcher key = KEY.matcher(text);
            return key.find() ? key.group() : "";
        }

        boolean hasEncryptedKey() {
            return key().startsWith("-----BEGIN ENCRYPTED");
        }

        /** The variable and the path, for messages. */
        String shown() {
            return setting.shown();
        }

        private boolean require(Pattern block, String allowed, Findings findings) {
            boolean found = block.matcher(text).find();
            if (!found) {
                findings.notAllowed(setting.label(), setting.value(), allowed);
            }
            return found;
        }

        private static Pattern block(String type) {
            return Pattern.compile("-----BEGIN (" + type + ")-----[^-]+-----END \\1-----");
        }
    }
}
