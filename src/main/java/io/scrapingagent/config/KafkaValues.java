package io.scrapingagent.config;

import io.netty.handler.ssl.CipherSuiteConverter;
import io.scrapingagent.config.KafkaSettings.KafkaSetting;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Utils;

/** Turns values as kafka-python takes them into values as the Java producer takes them. */
final class KafkaValues {

    private static final Set<Type> WHOLE_NUMBERS = Set.of(Type.SHORT, Type.INT, Type.LONG);
    private static final String HOSTNAME_CHECK = "ssl.endpoint.identification.algorithm";

    private KafkaValues() {}

    /** The setting in Java's terms where it has some; nothing if it sets nothing. */
    static Optional<KafkaSetting> translated(KafkaSetting setting, Findings findings) {
        String name = setting.name();
        String value = setting.value();
        if (value.equals("None") && name.equals("compression.type")) {
            return Optional.of(setting.as(name, "none"));
        }
        boolean none = value.equals("None") && !KafkaNames.isSecret(name);
        if (none || value.isBlank() && !name.equals(HOSTNAME_CHECK)) {
            return Optional.empty();
        }
        return switch (name) {
            case "bootstrap.servers" -> bootstrapServers(setting, findings);
            case "acks", "compression.type" ->
                    Optional.of(setting.as(name, value.toLowerCase(Locale.ROOT)));
            case "security.protocol", "sasl.mechanism" ->
                    Optional.of(setting.as(name, value.toUpperCase(Locale.ROOT)));
            case KafkaNames.SSL_CHECK_HOSTNAME -> checkHostname(setting, findings);
            case KafkaNames.SSL_CIPHERS -> ciphers(setting, findings);
            default -> Optional.of(setting.as(name, isWholeNumber(name) ? whole(value) : value));
        };
    }

    private static Optional<KafkaSetting> bootstrapServers(
            KafkaSetting setting, Findings findings) {
        String list = KafkaSettingsReader.listText(setting.value()).orElse(setting.value());
        List<String> servers =
                Arrays.stream(list.split(","))
                        .map(String::strip)
                        .filter(Predicate.not(String::isEmpty))
                        // kafka-python needs no port
                        .map(it -> Utils.getPort(it) == null ? it + ":9092" : it)
                        .toList();
        if (servers.isEmpty()) {
            return Optional.empty();
        }
        if (!servers.stream().allMatch(KafkaValues::isAddress)) {
            findings.notAllowed(setting.label(), setting.value(), "a list of host:port");
        }
        return Optional.of(setting.as(setting.name(), String.join(",", servers)));
    }

    private static boolean isAddress(String server) {
        return Utils.getHost(server) != null && !server.matches(".*[\\s@/].*");
    }

    private static Optional<KafkaSetting> checkHostname(KafkaSetting setting, Findings findings) {
        return switch (setting.value().toLowerCase(Locale.ROOT)) {
            case "true", "1" -> Optional.of(setting.as(HOSTNAME_CHECK, "https"));
            case "false", "0" -> Optional.of(setting.as(HOSTNAME_CHECK, ""));
            default -> {
                findings.notAllowed(setting.label(), setting.value(), "true or false");
                yield Optional.empty();
            }
        };
    }

    /** OpenSSL's names, or Java's own. */
    private static Optional<KafkaSetting> ciphers(KafkaSetting setting, Findings findings) {
        Set<String> supported = supportedCiphers();
        Set<String> suites = new LinkedHashSet<>();
        List<String> unknown = new ArrayList<>();
        for (String item : setting.value().strip().split("[:,\\s]+")) {
            String java =
                    supported.contains(item) ? item : CipherSuiteConverter.toJava(item, "TLS");
            if (java != null && supported.contains(java)) {
                suites.add(java);
            } else {
                unknown.add(item);
            }
        }
        if (!unknown.isEmpty()) {
            findings.warning(
                    setting.label()
                            + ": ignored because Java has no cipher suite of that name: "
                            + String.join(", ", unknown));
        }
        return suites.isEmpty()
                ? Optional.empty()
                : Optional.of(setting.as("ssl.cipher.suites", String.join(",", suites)));
    }

    private static Set<String> supportedCiphers() {
        try {
            return Set.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    private static boolean isWholeNumber(String name) {
        ConfigKey key = KafkaNames.PRODUCER.get(name);
        return key != null && WHOLE_NUMBERS.contains(key.type());
    }

    /** Python's whole floats and infinity, which stand for numbers that Java wants whole. */
    private static String whole(String value) {
        return value.matches("(?i)\\+?inf(inity)?")
                ? String.valueOf(Integer.MAX_VALUE)
                : value.replaceFirst("\\.0+$", "");
    }

    /** A setting as a number, the producer's default if there is none. */
    static long number(KafkaSettings settings, String name) {
        Object value =
                settings.value(name)
                        .map(Object.class::cast)
                        .orElse(KafkaNames.PRODUCER.get(name).defaultValue);
        return Long.parseLong(value.toString());
    }

    /** What the Java producer allows, if the value is not. */
    static Optional<String> violation(KafkaSetting setting) {
        ConfigKey key = KafkaNames.PRODUCER.get(setting.name());
        if (key == null) {
            return Optional.empty();
        }
        try {
            Object parsed = ConfigDef.parseType(key.name, setting.value(), key.type());
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
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
