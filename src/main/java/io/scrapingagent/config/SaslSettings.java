package io.scrapingagent.config;

import io.scrapingagent.config.KafkaSettings.KafkaSetting;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns a user's name and password into the JAAS configuration that the Java producer wants. */
final class SaslSettings {

    private static final String JAAS_CONFIG = "sasl.jaas.config";
    private static final String MECHANISM = "sasl.mechanism";
    private static final String OAUTHBEARER = "OAUTHBEARER";
    private static final String LOGIN_HANDLER = "sasl.login.callback.handler.class";
    private static final String SECURITY = "org.apache.kafka.common.security.";

    /** The login modules of the mechanisms with a user's name and password. */
    private static final Map<String, String> LOGIN_MODULES =
            Map.of(
                    "PLAIN", SECURITY + "plain.PlainLoginModule",
                    "SCRAM-SHA-256", SECURITY + "scram.ScramLoginModule",
                    "SCRAM-SHA-512", SECURITY + "scram.ScramLoginModule");

    /** Where Kafka 4 looks for the URLs that it may ask for a token (KIP-1139). */
    private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

    private final KafkaSettings settings;
    private final Findings findings;

    SaslSettings(KafkaSettings settings, Findings findings) {
        this.settings = settings;
        this.findings = findings;
    }

    void apply() {
        if (settings.value(MECHANISM).filter(OAUTHBEARER::equals).isPresent()) {
            settings.get("sasl.oauthbearer.token.endpoint.url").ifPresent(this::askForTokens);
        }
        boolean credentials =
                settings.prefers(
                        List.of(KafkaNames.SASL_USERNAME, KafkaNames.SASL_PASSWORD),
                        List.of(JAAS_CONFIG));
        Optional<KafkaSetting> username = settings.remove(KafkaNames.SASL_USERNAME);
        Optional<KafkaSetting> password = settings.remove(KafkaNames.SASL_PASSWORD);
        Optional<KafkaSetting> protocol =
                settings.get("security.protocol").filter(it -> it.value().startsWith("SASL_"));
        if (!credentials) {
            protocol.ifPresent(this::requireCredentials);
        } else if (username.isEmpty() || password.isEmpty()) {
            findings.problem(
                    username.or(() -> password).orElseThrow().label()
                            + ": set both KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD");
        } else if (protocol.isPresent()) {
            logIn(username.get(), password.get());
        } else {
            settings.warnIfUnused(username.get(), List.of("SASL_SSL", "SASL_PLAINTEXT"));
        }
    }

    /** Fills in what Kafka's own login needs beside the endpoint. */
    private void askForTokens(KafkaSetting endpoint) {
        String oauth = SECURITY + "oauthbearer.";
        if (settings.get(LOGIN_HANDLER).isEmpty()) {
            settings.put(endpoint.as(LOGIN_HANDLER, oauth + "OAuthBearerLoginCallbackHandler"));
        }
        if (settings.get(JAAS_CONFIG).isEmpty()) {
            settings.put(endpoint.as(JAAS_CONFIG, oauth + "OAuthBearerLoginModule required;"));
        }
        System.getProperties().putIfAbsent(ALLOWED_URLS, endpoint.value());
    }

    private void logIn(KafkaSetting username, KafkaSetting password) {
        if (settings.get(MECHANISM).isEmpty()) {
            findings.warning(
                    username.label() + ": KAFKA_SASL_MECHANISM is not set, PLAIN is assumed");
            settings.put(username.as(MECHANISM, "PLAIN"));
        }
        KafkaSetting mechanism = settings.get(MECHANISM).orElseThrow();
        String module = LOGIN_MODULES.get(mechanism.value());
        if (module == null) {
            findings.notAllowed(
                    mechanism.label(),
                    mechanism.value(),
                    "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512 with a user's name and password");
            return;
        }
        settings.put(
                password.as(
                        JAAS_CONFIG,
                        "%s required username=%s password=%s;"
                                .formatted(
                                        module,
                                        quoted(username.value()),
                                        quoted(password.value()))));
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

    private void requireCredentials(KafkaSetting protocol) {
        if (settings.get(JAAS_CONFIG).isPresent()
                || System.getProperty("java.security.auth.login.config") != null) {
            return;
        }
        // what the Java producer uses if nothing is set
        String mechanism = settings.value(MECHANISM).orElse("GSSAPI");
        String needed = "";
        if (LOGIN_MODULES.containsKey(mechanism)) {
            needed = "KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD, or ";
        } else if (mechanism.equals(OAUTHBEARER)) {
            needed =
                    "KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL with …_CLIENT_CREDENTIALS_CLIENT_ID and …_CLIENT_CREDENTIALS_CLIENT_SECRET, or ";
        }
        findings.problem(
                "%s: the mechanism %s needs %sKAFKA_SASL_JAAS_CONFIG"
                        .formatted(protocol.shown(), mechanism, needed));
    }
}
