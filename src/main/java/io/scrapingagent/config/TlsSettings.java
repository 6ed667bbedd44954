package io.scrapingagent.config;

import io.scrapingagent.config.KafkaSettings.KafkaSetting;
import io.scrapingagent.config.SettingsSource.SettingValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
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
    private static final List<String> PROTOCOLS = List.of("SSL", "SASL_SSL");
    private static final Pattern CERTIFICATE = block("CERTIFICATE");
    private static final Pattern KEY = block("(?:ENCRYPTED )?PRIVATE KEY");
    private static final String A_CERTIFICATE = "a PEM file with a certificate";
    private static final String A_KEY =
            "a PEM file with a private key of the form PKCS#8 (BEGIN PRIVATE KEY); convert another"
                    + " with: openssl pkcs8 -topk8 -in old.pem -out new.pem"
                    + " (-nocrypt to leave it unencrypted)";

    private final KafkaSettings settings;
    private final Findings findings;

    TlsSettings(KafkaSettings settings, Findings findings) {
        this.settings = settings;
        this.findings = findings;
    }

    void apply() {
        if (settings.prefers(
                List.of(KafkaNames.SSL_CAFILE),
                List.of("ssl.truststore.location", "ssl.truststore.certificates"))) {
            settings.remove(KafkaNames.SSL_CAFILE).ifPresent(this::trust);
        }
        if (settings.prefers(
                List.of(KafkaNames.SSL_CERTFILE, KafkaNames.SSL_KEYFILE),
                List.of(
                        "ssl.keystore.location",
                        "ssl.keystore.certificate.chain",
                        "ssl.keystore.key"))) {
            identify();
        }
    }

    private void trust(KafkaSetting caFile) {
        settings.warnIfUnused(caFile, PROTOCOLS);
        if (read(caFile, CERTIFICATE, A_CERTIFICATE).isPresent()) {
            settings.remove("ssl.truststore.password");
            settings.put(caFile.as("ssl.truststore.type", "PEM"));
            settings.put(caFile.as("ssl.truststore.location", caFile.value()));
        }
    }

    /** Kafka wants certificate chain and key as one, so both are handed over as text. */
    private void identify() {
        Optional<KafkaSetting> certFile = settings.remove(KafkaNames.SSL_CERTFILE);
        Optional<KafkaSetting> keyFile = settings.remove(KafkaNames.SSL_KEYFILE);
        if (certFile.isEmpty()) {
            findings.problem(
                    keyFile.orElseThrow().shown()
                            + ": a key needs its certificate, set KAFKA_SSL_CERTFILE");
            return;
        }
        KafkaSetting file = certFile.get();
        settings.warnIfUnused(file, PROTOCOLS);
        Optional<String> certificates = read(file, CERTIFICATE, A_CERTIFICATE);
        if (certificates.isEmpty()) {
            return;
        }
        // Python finds the key beside the certificate when no file is named for it
        KafkaSetting fileOfKey = keyFile.orElse(file);
        Optional<String> key = read(fileOfKey, KEY, A_KEY).flatMap(it -> decrypted(it, fileOfKey));
        if (key.isPresent()) {
            settings.remove("ssl.keystore.password");
            settings.put(file.as("ssl.keystore.type", "PEM"));
            settings.put(file.as("ssl.keystore.certificate.chain", certificates.get()));
            settings.put(file.as("ssl.keystore.key", key.get()));
        }
    }

    /** The blocks of one kind in a PEM file. A file without is reported. */
    private Optional<String> read(KafkaSetting file, Pattern block, String allowed) {
        Optional<String> text = new SettingValue(file.label(), file.value()).readFile(findings);
        Optional<String> blocks =
                text.map(
                                it ->
                                        block.matcher(it)
                                                .results()
                                                .map(MatchResult::group)
                                                .collect(Collectors.joining("\n")))
                        .filter(it -> !it.isEmpty());
        if (text.isPresent() && blocks.isEmpty()) {
            findings.notAllowed(file.label(), file.value(), allowed);
        }
        return blocks;
    }

    /** The key without its encryption; a password left over would make Kafka decrypt it again. */
    private Optional<String> decrypted(String key, KafkaSetting file) {
        Optional<KafkaSetting> password = settings.remove(KEY_PASSWORD);
        if (!key.startsWith("-----BEGIN ENCRYPTED")) {
            return Optional.of(key);
        }
        if (password.isEmpty()) {
            findings.problem(file.shown() + ": the key is encrypted, set KAFKA_SSL_PASSWORD");
            return Optional.empty();
        }
        try {
            return Optional.of(decrypted(key, password.get().value()));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            findings.problem(
                    file.shown() + ": the key cannot be decrypted with " + password.get().label());
            return Optional.empty();
        }
    }

    /**
     * The key as unencrypted PKCS#8. Kafka's own PEM reader fails on JDK 17 with "PBES2
     * SecretKeyFactory not available" for the encryption that OpenSSL uses unless told otherwise.
     */
    private static String decrypted(String key, String password)
            throws IOException, GeneralSecurityException {
        byte[] content = Base64.getMimeDecoder().decode(key.replaceAll("-----[^-]+-----", ""));
        EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(content);
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
        byte[] newline = "\n".getBytes(StandardCharsets.US_ASCII);
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, newline)
                        .encodeToString(encrypted.getKeySpec(cipher).getEncoded())
                + "\n-----END PRIVATE KEY-----";
    }

    private static Pattern block(String type) {
        return Pattern.compile("-----BEGIN (" + type + ")-----[^-]+-----END \\1-----");
    }
}
