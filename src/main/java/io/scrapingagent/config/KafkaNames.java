package io.scrapingagent.config;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Type;

/** The names under which Kafka settings are known, in lower case with dots. */
final class KafkaNames {

    static final String SASL_USERNAME = "sasl.username";
    static final String SASL_PASSWORD = "sasl.password";
    static final String SSL_CAFILE = "ssl.cafile";
    static final String SSL_CERTFILE = "ssl.certfile";
    static final String SSL_KEYFILE = "ssl.keyfile";
    static final String SSL_CHECK_HOSTNAME = "ssl.check.hostname";
    static final String SSL_CIPHERS = "ssl.ciphers";

    /** The Java producer's own settings. */
    static final Map<String, ConfigKey> PRODUCER = ProducerConfig.configDef().configKeys();

    /** kafka-python's names for a setting that has another name here or in Java. */
    private static final Map<String, String> SYNONYMS =
            Map.of(
                    "sasl.plain.username", SASL_USERNAME,
                    "sasl.plain.password", SASL_PASSWORD,
                    "ssl.password", "ssl.key.password");

    /** kafka-python's names that are understood besides its synonyms and Java's own names. */
    private static final Set<String> KAFKA_PYTHON =
            Set.of(
                    SASL_USERNAME,
                    SASL_PASSWORD,
                    SSL_CAFILE,
                    SSL_CERTFILE,
                    SSL_KEYFILE,
                    SSL_CHECK_HOSTNAME,
                    SSL_CIPHERS);

    private KafkaNames() {}

    /** The name as it is looked up: {@code LINGER_MS}, {@code linger_ms} and so on are one. */
    static String normalized(String name) {
        String dotted = name.strip().toLowerCase(Locale.ROOT).replace('_', '.');
        return SYNONYMS.getOrDefault(dotted, dotted);
    }

    static boolean isKnown(String name) {
        return PRODUCER.containsKey(name) || KAFKA_PYTHON.contains(name);
    }

    static boolean isSecret(String name) {
        ConfigKey key = PRODUCER.get(name);
        return key == null ? name.equals(SASL_PASSWORD) : key.type() == Type.PASSWORD;
    }

    /** The known name that an unknown one was probably meant to be. */
    static Optional<String> suggestion(String unknown) {
        int close = Math.min(3, unknown.length() / 3);
        return Stream.of(PRODUCER.keySet(), KAFKA_PYTHON, SYNONYMS.keySet())
                .flatMap(Set::stream)
                .sorted()
                .min(Comparator.comparingInt(name -> distance(unknown, name)))
                .filter(name -> distance(unknown, name) <= close);
    }

    /** Levenshtein's distance: how many characters to insert, delete or replace. */
    private static int distance(String from, String to) {
        int[] previous = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] current = new int[to.length() + 1];
            current[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[to.length()];
    }
}
