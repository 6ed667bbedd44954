package io.scrapingagent.config;

import java.util.List;
import java.util.Optional;

/** Turns a user's name and password into the JAAS configuration that the Java producer wants. */
final class SaslSettings {

    private static final String JAAS_CONFIG = "sasl.jaas.config";
    private static final String MECHANISM = "sasl.mechanism";
    private static final String PROTOCOL = "security.protocol";

    private static final String OAUTHBEARER = "OAUTHBEARER";
    private static final String TOKEN_ENDPOINT = "sasl.oauthbearer.token.endpoint.url";
    private static final String LOGIN_HANDLER = "sasl.login.callback.handler.class";
    private static final String OAUTH = "org.apache.kafka.common.security.oauthbearer.";

    /** Where Kafka 4 looks for the URLs that it may ask for a token (KIP-1139). */
    private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

    /** What the Java producer uses if nothing is set. */
    private static final String DEFAULT_MECHANISM = "GSSAPI";

    private final ChosenSettings chosen;
    private final Findings findings;

    SaslSettings(ChosenSettings chosen, Findings findings) {
        this.chosen = chosen;
        this.findings = findings;
    }

    void apply(SettingsSource source) {
        if (chosen.value(MECHANISM).filter(OAUTHBEARER::equals).isPresent()) {
            chosen.get(TOKEN_ENDPOINT).ifPresent(endpoint -> askForTokens(endpoint, source));
        }
        boolean credentials =
                chosen.prefer(
                        List.of(KafkaNames.SASL_USERNAME, KafkaNames.SASL_PASSWORD),
                        List.of(JAAS_CONFIG));
        Optional<KafkaSetting> username = chosen.remove(KafkaNames.SASL_USERNAME);
        Optional<KafkaSetting> password = chosen.remove(KafkaNames.SASL_PASSWORD);
        boolean authenticates =
                chosen.value(PROTOCOL).filter(it -> it.startsWith("SASL_")).isPresent();
        if (credentials) {
            if (username.isEmpty() || password.isEmpty()) {
                reportMissingHalf(username, password);
            } else if (authenticates) {
                logIn(username.get(), password.get());
            } else {
                warnOfNoAuthentication(username.get());
            }
        } else if (authenticates
                && chosen.get(JAAS_CONFIG).isEmpty()
                && source.systemProperty("java.security.auth.login.config").isEmpty()) {
            reportNoCredentials();
        }
    }

    /** Fills in what Kafka's own login needs beside the endpoint. */
    private void askForTokens(KafkaSetting endpoint, SettingsSource source) {
        if (chosen.get(LOGIN_HANDLER).isEmpty()) {
            chosen.put(endpoint.as(LOGIN_HANDLER, OAUTH + "OAuthBearerLoginCallbackHandler"));
        }
        if (chosen.get(JAAS_CONFIG).isEmpty()) {
            chosen.put(endpoint.as(JAAS_CONFIG, OAUTH + "OAuthBearerLoginModule required;"));
        }
        if (source.systemProperty(ALLOWED_URLS).isEmpty()) {
            System.setProperty(ALLOWED_URLS, endpoint.value());
        }
    }

    private void reportMissingHalf(
            Optional<KafkaSetting> username, Optional<KafkaSetting> password) {
        username.ifPresent(
                it -> findings.problem(it.label() + " needs a password: set KAFKA_SASL_PASSWORD"));
        password.ifPresent(
                it -> findings.problem(it.label() + " needs a name: set KAFKA_SASL_USERNAME"));
    }

    private void logIn(KafkaSetting username, KafkaSetting password) {
        Optional<KafkaSetting> mechanism = chosen.get(MECHANISM);
        if (mechanism.isEmpty()) {
            findings.warning(
                    username.label() + ": KAFKA_SASL_MECHANISM is not set, PLAIN is assumed");
            chosen.put(username.as(MECHANISM, "PLAIN"));
        }
        Optional<String> jaasConfig =
                JaasConfig.of(
                        mechanism.map(KafkaSetting::value).orElse("PLAIN"),
                        username.value(),
                        password.value());
        jaasConfig.ifPresentOrElse(
                text -> chosen.put(password.as(JAAS_CONFIG, text)),
                () ->
                        findings.notAllowed(
                                mechanism.orElseThrow().label(),
                                mechanism.get().value(),
                                "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512 with a user's name and"
                                        + " password"));
    }

    private void warnOfNoAuthentication(KafkaSetting username) {
        findings.warning(
                username.label()
                        + ": not used with the security protocol "
                        + chosen.value(PROTOCOL).orElse("PLAINTEXT")
                        + ", set KAFKA_SECURITY_PROTOCOL to SASL_SSL or SASL_PLAINTEXT to log in");
    }

    private void reportNoCredentials() {
        String mechanism = chosen.value(MECHANISM).orElse(DEFAULT_MECHANISM);
        boolean byPassword = JaasConfig.of(mechanism, "", "").isPresent();
        findings.problem(
                chosen.get(PROTOCOL).orElseThrow().shown()
                        + ": the mechanism "
                        + mechanism
                        + " needs "
                        + (byPassword ? "KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD, or " : "")
                        + (mechanism.equals(OAUTHBEARER)
                                ? "KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL with …_CLIENT_CREDENTIALS_CLIENT_ID and …_CLIENT_CREDENTIALS_CLIENT_SECRET, or "
                                : "")
                        + "KAFKA_SASL_JAAS_CONFIG");
    }

    /** Writes the text that Kafka's JAAS parser reads a user's name and password from. */
    static final class JaasConfig {

        private static final String MODULES = "org.apache.kafka.common.security.";

        private JaasConfig() {}

        /** The configuration for a mechanism, if it is one with user name and password. */
        static Optional<String> of(String mechanism, String username, String password) {
            return loginModule(mechanism)
                    .map(
                            module ->
                                    "%s required username=%s password=%s;"
                                            .formatted(module, quoted(username), quoted(password)));
        }

        private static Optional<String> loginModule(String mechanism) {
            return switch (mechanism) {
                case "PLAIN" -> Optional.of(MODULES + "plain.PlainLoginModule");
                case "SCRAM-SHA-256", "SCRAM-SHA-512" ->
                        Optional.of(MODULES + "scram.ScramLoginModule");
                default -> Optional.empty();
            };
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
    }
}
