package io.scrapingagent.config;

import java.util.Optional;

/** Writes the text that Kafka's JAAS parser reads a user's name and password from. */
final class JaasConfig {

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
