package io.scrapingagent.config;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The names under which Kafka settings are known, in lower case with dots. */
final class KafkaNames {

    static final String SASL_USERNAME = "sasl.username";
    static final String SASL_PASSWORD = "sasl.password";
    static final String SSL_CAFILE = "ssl.cafile";
    static final String SSL_CERTFILE = "ssl.certfile";
    static final String SSL_KEYFILE = "ssl.keyfile";
    static final String SSL_CHECK_HOSTNAME = "ssl.check.hostname";
    static final String SSL_CIPHERS = "ssl.ciphers";

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

    /** kafka-python's names, from its first releases to its latest, that mean nothing in Java. */
    private static final Set<String> KAFKA_PYTHON_ONLY =
            Set.of(
                    "allow.auto.create.topics",
                    "api.version",
                    "api.version.auto.timeout.ms",
                    "bootstrap.timeout.ms",
                    "bootstrap.topics.filter",
                    "default.api.timeout.ms",
                    "kafka.client",
                    "metrics.enabled",
                    "net",
                    "partitioner",
                    "proxy.url",
                    "receive.message.max.bytes",
                    "sasl.kerberos.domain.name",
                    "sasl.kerberos.name",
                    "sasl.oauth.token.provider",
                    "selector",
                    "sock.chunk.buffer.count",
                    "sock.chunk.bytes",
                    "socket.options",
                    "socks5.proxy",
                    "ssl.context",
                    "ssl.crlfile");

    /**
     * What Kubernetes sets in every container for a Service whose name begins with kafka, and
     * Kafka's own images and scripts for themselves.
     */
    private static final Pattern ENVIRONMENT =
            Pattern.compile(
                    "(.+\\.)?service\\.(host|port(\\..+)?)"
                            + "|(.+\\.)?port(\\.\\d+\\.(tcp|udp)(\\.(addr|port|proto))?)?"
                            + "|home|version|scala\\.version|heap\\.opts|(.+\\.)?opts"
                            + "|debug|log\\.dir|logs\\.dir");

    private KafkaNames() {}

    /** The name as it is looked up: {@code LINGER_MS}, {@code linger_ms} and so on are one. */
    static String normalized(String name) {
        String dotted = name.strip().toLowerCase(Locale.ROOT).replace('_', '.');
        return SYNONYMS.getOrDefault(dotted, dotted);
    }

    static boolean isKnown(String name) {
        return ProducerSetting.isKnown(name) || KAFKA_PYTHON.contains(name);
    }

    static boolean isKafkaPythonOnly(String name) {
        return KAFKA_PYTHON_ONLY.contains(name);
    }

    static boolean isFromEnvironment(String name) {
        return ENVIRONMENT.matcher(name).matches();
    }

    static boolean isSecret(String name) {
        return ProducerSetting.isSecret(name) || name.equals(SASL_PASSWORD);
    }

    /** The known name that an unknown one was probably meant to be. */
    static Optional<String> suggestion(String unknown) {
        int close = Math.min(3, unknown.length() / 3);
        return Stream.of(ProducerSetting.names(), KAFKA_PYTHON, SYNONYMS.keySet())
                .flatMap(Set::stream)
                .filter(name -> EditDistance.between(unknown, name) <= close)
                .min(
                        Comparator.comparingInt(
                                        (String name) -> EditDistance.between(unknown, name))
                                .thenComparing(Comparator.naturalOrder()));
    }

    /** Levenshtein's distance: how many characters to insert, delete or replace. */
    static final class EditDistance {

        private EditDistance() {}

        static int between(String from, String to) {
            int[] previous = new int[to.length() + 1];
            for (int j = 0; j <= to.length(); j++) {
                previous[j] = j;
            }
            for (int i = 1; i <= from.length(); i++) {
                int[] current = new int[to.length() + 1];
                current[0] = i;
                for (int j = 1; j <= to.length(); j++) {
                    int replaced =
                            previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                    current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
                }
                previous = current;
            }
            return previous[to.length()];
        }
    }
}
