package io.scrapingagent.config;

import io.scrapingagent.config.KafkaSettings.KafkaSetting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Turns what kafka-python is given to log in and to encrypt with, a user's name, a password and PEM
 * files, into what the Java producer wants.
 */
final class KafkaSecurity {

    private static final String JAAS_CONFIG = "sasl.jaas.config";
    private static final String MECHANISM = "sasl.mechanism";
    private static final String LOGIN_HANDLER = "sasl.login.callback.handler.class";
    private static final String MODULES = "org.apache.kafka.common.security.";

    /** The login modules of the mechanisms with a user's name and password. */
    private static final Map<String, String> LOGIN_MODULES =
            Map.of(
                    "PLAIN", MODULES + "plain.PlainLoginModule",
                    "SCRAM-SHA-256", MODULES + "scram.ScramLoginModule",
                    "SCRAM-SHA-512", MODULES + "scram.ScramLoginModule");

    /** Where Kafka 4 looks for the URLs that it may ask for a token (KIP-1139). */
    private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

    private static final List<String> WITH_LOGIN = List.of("SASL_SSL", "SASL_PLAINTEXT");
    private static final List<String> ENCRYPTED = List.of("SSL", "SASL_SSL");

    private static final Pattern CERTIFICATE = pemBlock("CERTIFICATE");
    private static final Pattern KEY = pemBlock("(?:ENCRYPTED )?PRIVATE KEY");
    private static final String A_CERTIFICATE = "a PEM file with a certificate";
    private static final String A_KEY =
            "a PEM file with a private key of the form PKCS#8 (BEGIN PRIVATE KEY); convert another"
                    + " with: openssl pkcs8 -topk8 -in old.pem -out new.pem"
                    + " (-nocrypt to leave it unencrypted)";

    private final KafkaSettings settings;
    private final SettingsReport report;

    KafkaSecurity(KafkaSettings settings, SettingsReport report) {
        this.settings = settings;
        this.report = report;
    }

    /** Replaces kafka-python's settings by Java's. */
    void apply() {
        settings.reportRivals(
                List.of(KafkaVocabulary.SSL_CAFILE),
                List.of("ssl.truststore.location", "ssl.truststore.certificates"));
        settings.remove(KafkaVocabulary.SSL_CAFILE).ifPresent(this::trust);
        identify();
        if (settings.value(MECHANISM).filter("OAUTHBEARER"::equals).isPresent()) {
            settings.get("sasl.oauthbearer.token.endpoint.url").ifPresent(this::setUpTokenLogin);
        }
        logIn();
    }

    private void trust(KafkaSetting caFile) {
        settings.warnIfUnused(caFile, ENCRYPTED);
        if (read(caFile, CERTIFICATE, A_CERTIFICATE).isPresent()) {
            settings.remove("ssl.truststore.password");
            settings.put(caFile.as("ssl.truststore.type", "PEM"));
            settings.put(caFile.as("ssl.truststore.location", caFile.value()));
        }
    }

    /** Sets the client's certificate and key as text: Kafka does not take two files. */
    private void identify() {
        settings.reportRivals(
                List.of(KafkaVocabulary.SSL_CERTFILE, KafkaVocabulary.SSL_KEYFILE),
                List.of(
                        "ssl.keystore.location",
                        "ssl.keystore.certificate.chain",
                        "ssl.keystore.key"));
        Optional<KafkaSetting> certFile = settings.remove(KafkaVocabulary.SSL_CERTFILE);
        Optional<KafkaSetting> keyFile = settings.remove(KafkaVocabulary.SSL_KEYFILE);
        if (certFile.isEmpty()) {
            keyFile.ifPresent(
                    it ->
                            report.problem(
                                    it.label()
                                            + ": a key needs its certificate, set KAFKA_SSL_CERTFILE"));
            return;
        }
        KafkaSetting file = certFile.get();
        settings.warnIfUnused(file, ENCRYPTED);
        Optional<String> certificates = read(file, CERTIFICATE, A_CERTIFICATE);
        if (certificates.isEmpty()) {
            return;
        }
        // Python finds the key beside the certificate when no file is named for it
        KafkaSetting fileOfKey = keyFile.orElse(file);
        Optional<String> key =
                read(fileOfKey, KEY, A_KEY).flatMap(text -> withoutEncryption(text, fileOfKey));
        if (key.isPresent()) {
            settings.remove("ssl.keystore.password");
            settings.put(file.as("ssl.keystore.type", "PEM"));
            settings.put(file.as("ssl.keystore.certificate.chain", certificates.get()));
            settings.put(file.as("ssl.keystore.key", key.get()));
        }
    }

    /** Reads a PEM file; one without such a block is reported. */
    private Optional<String> read(KafkaSetting file, Pattern block, String allowed) {
        Optional<String> text = SettingsSource.readFile(file.label(), file.value(), report);
        Optional<String> withBlock = text.filter(it -> block.matcher(it).find());
        if (text.isPresent() && withBlock.isEmpty()) {
            report.notAllowed(file.label(), file.value(), allowed);
        }
        return withBlock;
    }

    /**
     * Returns the PEM text; where its key is encrypted, only the key, decrypted. Removes
     * ssl.key.password from the settings in either case: with it Kafka would try to decrypt the key
     * again.
     */
    private Optional<String> withoutEncryption(String pem, KafkaSetting file) {
        Optional<KafkaSetting> password = settings.remove("ssl.key.password");
        if (!pem.contains("-----BEGIN ENCRYPTED")) {
            return Optional.of(pem);
        }
        if (password.isEmpty()) {
            report.problem(file + ": the key is encrypted, set KAFKA_SSL_PASSWORD");
            return Optional.empty();
        }
        try {
            return Optional.of(decrypted(pem, password.get().value()));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            report.problem(file + ": the key cannot be decrypted with " + password.get().label());
            return Optional.empty();
        }
    }

    /**
     * Returns the key as unencrypted PKCS#8. Kafka's own PEM reader fails on JDK 17 with "PBES2
     * SecretKeyFactory not available" for the encryption that OpenSSL uses unless told otherwise.
     */
    private static String decrypted(String pem, String password)
            throws IOException, GeneralSecurityException {
        Matcher key = KEY.matcher(pem);
        key.find();
        EncryptedPrivateKeyInfo encrypted =
                new EncryptedPrivateKeyInfo(Base64.getMimeDecoder().decode(key.group("content")));
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

    private static Pattern pemBlock(String type) {
        return Pattern.compile("-----BEGIN (" + type + ")-----(?<content>[^-]+)-----END \\1-----");
    }

    /**
     * Fills in what Kafka's own login with OAUTHBEARER needs beside the endpoint. The last of it is
     * a system property, for the whole JVM: Kafka has no setting for the URLs that it may ask.
     */
    private void setUpTokenLogin(KafkaSetting endpoint) {
        String oauth = MODULES + "oauthbearer.";
        settings.putIfAbsent(endpoint.as(LOGIN_HANDLER, oauth + "OAuthBearerLoginCallbackHandler"));
        settings.putIfAbsent(endpoint.as(JAAS_CONFIG, oauth + "OAuthBearerLoginModule required;"));
        System.getProperties().putIfAbsent(ALLOWED_URLS, endpoint.value());
    }

    private void logIn() {
        settings.reportRivals(
                List.of(KafkaVocabulary.SASL_USERNAME, KafkaVocabulary.SASL_PASSWORD),
                List.of(JAAS_CONFIG));
        Optional<KafkaSetting> username = settings.remove(KafkaVocabulary.SASL_USERNAME);
        Optional<KafkaSetting> password = settings.remove(KafkaVocabulary.SASL_PASSWORD);
        Optional<KafkaSetting> protocolWithLogin =
                settings.get("security.protocol").filter(it -> WITH_LOGIN.contains(it.value()));
        if (username.isEmpty() && password.isEmpty()) {
            protocolWithLogin.ifPresent(this::requireJaasConfig);
        } else if (username.isEmpty() || password.isEmpty()) {
            report.problem(
                    username.or(() -> password).orElseThrow().label()
                            + ": set both KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD");
        } else if (protocolWithLogin.isPresent()) {
            logIn(username.get(), password.get());
        } else {
            settings.warnIfUnused(username.get(), WITH_LOGIN);
        }
    }

    private void logIn(KafkaSetting username, KafkaSetting password) {
        if (settings.get(MECHANISM).isEmpty()) {
            report.warning(
                    username.label() + ": KAFKA_SASL_MECHANISM is not set, PLAIN is assumed");
            settings.put(username.as(MECHANISM, "PLAIN"));
        }
        KafkaSetting mechanism = settings.get(MECHANISM).orElseThrow();
        String module = LOGIN_MODULES.get(mechanism.value());
        if (module == null) {
            report.notAllowed(
                    mechanism.label(),
                    mechanism.value(),
                    "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512 with a user's name and password");
            return;
        }
        String login = "%s required username=%s password=%s;";
        settings.put(
                password.as(
                        JAAS_CONFIG,
                        login.formatted(
                                module, quoted(username.value()), quoted(password.value()))));
    }

    /** Kafka reads strings as java.io.StreamTokenizer does: a line break would end them. */
    private static String quoted(String value) {
        String escaped =
                value.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r");
        return '"' + escaped + '"';
    }

    private void requireJaasConfig(KafkaSetting protocol) {
        if (settings.get(JAAS_CONFIG).isEmpty()
                && System.getProperty("java.security.auth.login.config") == null) {
            report.problem(
                    protocol
                            + ": PLAIN and SCRAM need KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD,"
                            + " OAUTHBEARER needs KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL, other"
                            + " mechanisms KAFKA_SASL_JAAS_CONFIG");
        }
    }
}
