package io.scrapingagent.config;

import io.netty.handler.ssl.CipherSuiteConverter;
import io.scrapingagent.config.KafkaSettings.KafkaSetting;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.utils.Utils;

/**
 * The names of Kafka settings, kafka-python's and Java's, in lower case with dots; and the values
 * that kafka-python takes, as the Java producer takes them.
 */
final class KafkaVocabulary {

    static final String SASL_USERNAME = "sasl.username";
    static final String SASL_PASSWORD = "sasl.password";
    static final String SSL_CAFILE = "ssl.cafile";
    static final String SSL_CERTFILE = "ssl.certfile";
    static final String SSL_KEYFILE = "ssl.keyfile";

    /** The Java producer's own settings. */
    static final Map<String, ConfigKey> PRODUCER = ProducerConfig.configDef().configKeys();

    private static final String SSL_CHECK_HOSTNAME = "ssl.check.hostname";
    private static final String ENDPOINT_IDENTIFICATION = "ssl.endpoint.identification.algorithm";
    private static final String CIPHER_SUITES = "ssl.cipher.suites";

    /** kafka-python's names for a setting that has another name here, mostly Java's. */
    private static final Map<String, String> SYNONYMS =
            Map.of(
                    "sasl.plain.username", SASL_USERNAME,
                    "sasl.plain.password", SASL_PASSWORD,
                    "ssl.password", "ssl.key.password",
                    "ssl.ciphers", CIPHER_SUITES);

    /**
     * The names that are understood and that the Java producer does not have. They are
     * kafka-python's, except {@code sasl.username} and {@code sasl.password}, which are short for
     * its {@code sasl.plain.username} and {@code sasl.plain.password}.
     */
    private static final Set<String> NOT_JAVAS =
            Set.of(
                    SASL_USERNAME,
                    SASL_PASSWORD,
                    SSL_CAFILE,
                    SSL_CERTFILE,
                    SSL_KEYFILE,
                    SSL_CHECK_HOSTNAME);

    private static final Set<Type> WHOLE_NUMBERS = Set.of(Type.SHORT, Type.INT, Type.LONG);

    private KafkaVocabulary() {}

    /** Returns the name to look up: {@code LINGER_MS}, {@code linger_ms} and so on are one. */
    static String name(String given) {
        String dotted = given.strip().toLowerCase(Locale.ROOT).replace('_', '.');
        return SYNONYMS.getOrDefault(dotted, dotted);
    }

    static boolean isKnown(String name) {
        return PRODUCER.containsKey(name) || NOT_JAVAS.contains(name);
    }

    static boolean isSecret(String name) {
        ConfigKey key = PRODUCER.get(name);
        return key == null ? name.equals(SASL_PASSWORD) : key.type() == Type.PASSWORD;
    }

    /** Returns the known name that an unknown one was probably meant to be. */
    static Optional<String> suggestion(String unknown) {
        return closest(
                unknown,
                Stream.of(PRODUCER.keySet(), NOT_JAVAS, SYNONYMS.keySet()).flatMap(Set::stream));
    }

    /** Returns the name that another one was probably meant to be, if one is close enough. */
    static Optional<String> closest(String unknown, Stream<String> names) {
        // of five letters two may be wrong, as where two are swapped
        int close = Math.min(3, (unknown.length() + 1) / 3);
        return names.sorted()
                .min(Comparator.comparingInt(name -> distance(unknown, name)))
                .filter(name -> distance(unknown, name) <= close);
    }

    /** Returns Levenshtein's distance: how many characters to insert, delete or replace. */
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

    /**
     * Returns the name of the setting that is set in the end. Those of logins and PEM files stay as
     * they are: {@link KafkaSecurity} turns them into several.
     */
    static String javaName(String name) {
        return name.equals(SSL_CHECK_HOSTNAME) ? ENDPOINT_IDENTIFICATION : name;
    }

    /** Tells whether a known setting counts as not set: it is empty, or Python's None. */
    static boolean setsNothing(String name, String value) {
        // for compression.type, Python's None is a value: no compression, which Java calls none
        boolean none = value.equals("None") && !isSecret(name) && !name.equals("compression.type");
        boolean empty = value.isBlank() && !name.equals(ENDPOINT_IDENTIFICATION);
        return isKnown(name) && (none || empty);
    }

    /** Returns a setting in Java's terms; nothing if it has none there, which is reported. */
    static Optional<KafkaSetting> translated(KafkaSetting setting, SettingsReport report) {
        String name = setting.name();
        String value = setting.value();
        return switch (name) {
            case "bootstrap.servers" -> bootstrapServers(setting, report);
            case "acks", "compression.type" ->
                    Optional.of(setting.as(name, value.toLowerCase(Locale.ROOT)));
            case "security.protocol", "sasl.mechanism" ->
                    Optional.of(setting.as(name, value.toUpperCase(Locale.ROOT)));
            case SSL_CHECK_HOSTNAME -> checkHostname(setting, report);
            case CIPHER_SUITES -> ciphers(setting, report);
            default -> Optional.of(isWholeNumber(name) ? setting.as(name, whole(value)) : setting);
        };
    }

    private static Optional<KafkaSetting> bootstrapServers(
            KafkaSetting setting, SettingsReport report) {
        String list = KafkaSettingsReader.listText(setting.value()).orElse(setting.value());
        List<String> servers =
                SettingsSource.items(list)
                        // Confluent's CLI prints SASL_SSL://host:port
                        .map(it -> it.replaceFirst("(?i)^(SASL_)?(SSL|PLAINTEXT)://", ""))
                        // kafka-python needs no port
                        .map(it -> it.matches(".*:\\d+") ? it : it + ":9092")
                        .toList();
        if (servers.isEmpty() || !servers.stream().allMatch(KafkaVocabulary::isAddress)) {
            report.notAllowed(
                    setting.label(), setting.value(), "a list of host:port, ports up to 65535");
        }
        return servers.isEmpty()
                ? Optional.empty()
                : Optional.of(setting.as(setting.name(), String.join(",", servers)));
    }

    private static boolean isAddress(String server) {
        return server.matches("[^\\s@/]*:0*[1-9]\\d{0,4}")
                && Utils.getHost(server) != null
                && Utils.getPort(server) <= 65535;
    }

    private static Optional<KafkaSetting> checkHostname(
            KafkaSetting setting, SettingsReport report) {
        return switch (setting.value().toLowerCase(Locale.ROOT)) {
            case "true", "1" -> Optional.of(setting.as(ENDPOINT_IDENTIFICATION, "https"));
            case "false", "0" -> Optional.of(setting.as(ENDPOINT_IDENTIFICATION, ""));
            default -> {
                report.notAllowed(setting.label(), setting.value(), "true or false");
                yield Optional.empty();
            }
        };
    }

    /** Takes OpenSSL's names and Java's own. */
    private static Optional<KafkaSetting> ciphers(KafkaSetting setting, SettingsReport report) {
        SSLSocketFactory java = (SSLSocketFactory) SSLSocketFactory.getDefault();
        Set<String> supported = Set.of(java.getSupportedCipherSuites());
        Map<Boolean, List<String>> suites =
                Stream.of(setting.value().strip().split("[:,\\s]+"))
                        .map(it -> supported.contains(it) ? it : ofOpenSsl(it))
                        .distinct()
                        .collect(Collectors.partitioningBy(supported::contains));
        if (!suites.get(false).isEmpty()) {
            report.warning(
                    setting.label()
                            + ": ignored because Java has no cipher suite of that name: "
                            + String.join(", ", suites.get(false)));
        }
        return suites.get(true).isEmpty()
                ? Optional.empty()
                : Optional.of(setting.as(setting.name(), String.join(",", suites.get(true))));
    }

    /** Returns Java's name of a cipher suite, or the name itself if it is not one of OpenSSL's. */
    private static String ofOpenSsl(String name) {
        String java = CipherSuiteConverter.toJava(name, "TLS");
        return java == null ? name : java;
    }

    private static boolean isWholeNumber(String name) {
        ConfigKey key = PRODUCER.get(name);
        return key != null && WHOLE_NUMBERS.contains(key.type());
    }

    /** Makes a whole number of Python's infinity and of a float like {@code 7.0}. */
    private static String whole(String value) {
        return value.matches("(?i)\\+?inf(inity)?")
                ? String.valueOf(Integer.MAX_VALUE)
                : value.replaceFirst("\\.0+$", "");
    }
}
