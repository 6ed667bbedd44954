package io.scrapingagent.kafka;

import java.security.GeneralSecurityException;
import java.util.Base64;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;

/**
 * A user of the embedded broker. The password may contain any character but a line break; the name
 * also no comma and no quotation mark.
 */
record SaslUser(String name, String password) {

    private static final int ITERATIONS = 4096;

    /** The broker's login module for PLAIN. Option names and values may both be quoted strings. */
    String plainJaasConfig() {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required %s=%s;"
                .formatted(quoted("user_" + name), quoted(password));
    }

    /**
     * The credentials as the storage formatter takes them. They are salted here, because the
     * formatter would cut a password at a comma.
     */
    String scramCredentials() {
        try {
            ScramFormatter formatter = new ScramFormatter(ScramMechanism.SCRAM_SHA_512);
            byte[] salt = formatter.secureRandomBytes();
            byte[] salted = formatter.saltedPassword(password, salt, ITERATIONS);
            return "SCRAM-SHA-512=[name=\"%s\",iterations=%d,salt=\"%s\",saltedpassword=\"%s\"]"
                    .formatted(name, ITERATIONS, base64(salt), base64(salted));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no SCRAM-SHA-512 on this Java", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
