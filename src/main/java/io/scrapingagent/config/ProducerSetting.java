package io.scrapingagent.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/** What the Java producer knows about its settings. */
final class ProducerSetting {

    private static final Map<String, ConfigKey> KEYS = ProducerConfig.configDef().configKeys();

    private ProducerSetting() {}

    static Set<String> names() {
        return KEYS.keySet();
    }

    static boolean isKnown(String name) {
        return KEYS.containsKey(name);
    }

    static boolean isSecret(String name) {
        return isKnown(name) && KEYS.get(name).type() == Type.PASSWORD;
    }

    static boolean isWholeNumber(String name) {
        return isKnown(name)
                && switch (KEYS.get(name).type()) {
                    case INT, LONG, SHORT -> true;
                    default -> false;
                };
    }

    /** The value as a number, the producer's default if there is none. */
    static long number(String name, Optional<String> value) {
        return value.map(Long::parseLong)
                .orElseGet(() -> ((Number) KEYS.get(name).defaultValue).longValue());
    }

    /** What is allowed, if the value is not. */
    static Optional<String> violation(String name, String value) {
        ConfigKey key = KEYS.get(name);
        try {
            Object parsed = ConfigDef.parseType(name, value, key.type());
            if (key.validator != null) {
                key.validator.ensureValid(name, parsed);
            }
            return Optional.empty();
        } catch (ConfigException e) {
            // the exception's own text holds the value
            return Optional.of(allowed(key));
        }
    }

    private static String allowed(ConfigKey key) {
        String kind =
                switch (key.type()) {
                    case BOOLEAN -> "true or false";
                    case INT, LONG, SHORT -> "a whole number";
                    case DOUBLE -> "a number";
                    case LIST -> "a comma-separated list";
                    case CLASS ->
                            "the name of a class on the class path (docs/settings.md, \"Classes that are not in the jar\")";
                    case STRING, PASSWORD -> "a text";
                };
        if (key.validator == null || key.type() == Type.LIST) {
            return kind;
        }
        // Kafka writes ranges as [0,...] or [0,...,9] and choices as [a, b]
        String rule = key.validator.toString();
        if (key.type() == Type.STRING) {
            return rule.replaceFirst(".*\\[(.*)]", "one of $1");
        }
        return kind
                + rule.replaceFirst("^\\[([^,]+),\\.\\.\\.]", " of at least $1")
                        .replaceFirst("^\\[([^,]+),\\.\\.\\.,([^]]+)]", " from $1 to $2");
    }
}
