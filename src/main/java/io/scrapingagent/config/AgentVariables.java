package io.scrapingagent.config;

import io.scrapingagent.config.Settings.ApiSettings;
import io.scrapingagent.config.Settings.ManagementSettings;
import io.scrapingagent.config.Settings.RecordFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.types.Password;
import org.slf4j.event.Level;

/**
 * Reads the agent's own variables and checks each against its rule. What is wrong, or missing
 * although required, is a problem of the report. What is returned in its place serves only to check
 * the rest; no agent runs with it.
 */
final class AgentVariables {

    private static final String HOST = "CONFLUENT_METRICS_HOST";
    private static final Pattern URL =
            Pattern.compile(
                    "(?i)(?!.*/v2/metrics)(https?)://([A-Z0-9._-]+|\\[[A-F0-9:.]+])"
                            + "((?::\\d+)?)((?:/[^?#]*)?)");
    private static final Pattern LOOPBACK =
            Pattern.compile("(?i)localhost|127(\\.\\d{1,3}){3}|\\[(::1|0:0:0:0:0:0:0:1)]");

    private static final String CA_FILE = "CONFLUENT_METRICS_CA_FILE";

    private static final String CLUSTERS = "CONFLUENT_METRICS_CLUSTER_ID_LIST";
    private static final Pattern ID_LIST = Pattern.compile("CONFLUENT_METRICS_(.+)_ID_LIST");

    /** Of a Schema Registry, a connector, ksqlDB and a Flink compute pool. */
    private static final String ID_OF_NO_CLUSTER = "(lsrc|lcc|lksqlc|lfcp)-.*";

    private static final String SHARD = "AGENT_SHARD";

    private static final String LEDGER_TOPIC = "METRICS_LEDGER_TOPIC";
    private static final String TOPIC = "(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}";
    private static final String TOPIC_ALLOWED =
            "a topic name: 1 to 249 letters, digits, '.', '_' and '-'";

    private static final Map<String, Level> LOG_LEVELS =
            Map.of(
                    "CRITICAL", Level.ERROR,
                    "FATAL", Level.ERROR,
                    "ERROR", Level.ERROR,
                    "WARNING", Level.WARN,
                    "WARN", Level.WARN,
                    "INFO", Level.INFO,
                    "DEBUG", Level.DEBUG);

    private final SettingsSource source;
    private final SettingsReport report;

    /**
     * The names of the settings read so far. CA_FILE is in it from the start, because authorities()
     * does not read it with parsed().
     */
    private final Set<String> known = new HashSet<>(Set.of(CA_FILE));

    AgentVariables(SettingsSource source, SettingsReport report) {
        this.source = source;
        this.report = report;
    }

    /** Returns all settings, Kafka's included. They are of no use if a problem was found. */
    Settings settings() {
        String topic = matching("METRICS_TOPIC", TOPIC, TOPIC_ALLOWED);
        Delivery delivery =
                parsed(
                        "METRICS_DELIVERY",
                        text -> Delivery.valueOf(constant(text)),
                        "exactly-once, at-least-once or stateless");
        RecordFormat format =
                parsed(
                        "METRICS_FORMAT",
                        text -> RecordFormat.valueOf(constant(text)),
                        "standard or kafka-cost-control");
        matching(SettingsSource.LOG_FORMAT, "(?i)text|json", "text or json");
        Optional<String> name =
                Optional.ofNullable(
                        matching(
                                "AGENT_NAME",
                                "[A-Za-z0-9._-]{1,100}",
                                "1 to 100 letters, digits, '.', '_' and '-'"));
        Shard shard = optional(SHARD, Shard::parse, Shard.ALLOWED).orElse(Shard.ALL);
        // delivery is null where METRICS_DELIVERY is wrong: then only that is reported
        source.value(SHARD)
                .filter(it -> delivery != null && !delivery.isTransactional())
                .ifPresent(
                        it ->
                                report.wrong(
                                        SHARD,
                                        it,
                                        "only an agent with METRICS_DELIVERY=exactly-once can have"
                                                + " a shard; else remove it"));
        return new Settings(
                api(),
                name,
                shard,
                resources(shard),
                topic,
                delivery,
                ledgerTopic(topic, name, delivery),
                number("MINUTE_TO_SCRAPE_AT", 5, 59),
                number("METRICS_API_RETENTION_HOURS", 1, Integer.MAX_VALUE),
                Duration.ofMillis(number("METRICS_KAFKA_PATIENCE_MS", 0, Integer.MAX_VALUE)),
                parsed(
                        "GLOBAL_LOG_LEVEL",
                        text -> LOG_LEVELS.get(text.toUpperCase(Locale.ROOT)),
                        "CRITICAL, FATAL, ERROR, WARN, WARNING, INFO or DEBUG"),
                format,
                principalTag(format),
                optional("AGENT_ROUTES_DIR", this::routesDirectory, "a readable directory"),
                new ManagementSettings(
                        matching(
                                "MANAGEMENT_ADDRESS",
                                "[A-Za-z0-9.:-]{1,253}",
                                "an address to listen on, like 0.0.0.0 or 127.0.0.1"),
                        number("MANAGEMENT_PORT", 1, 65535)),
                KafkaSettings.load(source, delivery, report),
                source.properties(),
                warnings());
    }

    /** Returns the warnings of all settings; so it is to be called last. */
    private List<String> warnings() {
        checkRouteNumbers();
        warnOfMisspellings();
        return report.warnings();
    }

    /**
     * Warns of a name that is no setting's but is close to one. With a '_' in it, it is compared
     * only with settings that have the same first word.
     */
    private void warnOfMisspellings() {
        source.layers().stream()
                // the system properties are of many libraries
                .skip(1)
                .flatMap(layer -> layer.variables(Pattern.compile(".+")).stream())
                .filter(name -> !known.contains(name) && !ID_LIST.matcher(name).matches())
                .distinct()
                .forEach(this::warnIfMisspelt);
    }

    private void warnIfMisspelt(String name) {
        String word = name.substring(0, name.indexOf('_') + 1);
        KafkaVocabulary.closest(
                        name.substring(word.length()),
                        known.stream()
                                .filter(it -> it.startsWith(word))
                                .map(it -> it.substring(word.length())))
                .ifPresent(meant -> report.warnOfMisspelling(name, word + meant));
    }

    /**
     * Checks the numbers that routes and beans read by name. Retries and delays may be 0, but not
     * the longest delay: for Camel 0 is no limit.
     */
    private void checkRouteNumbers() {
        SettingsSource.defaults()
                .forEach(
                        (property, value) -> {
                            String variable = SettingsSource.variable(property);
                            if (value.matches("\\d+")
                                    && property.matches("(agent|metrics)\\..*")
                                    && !known.contains(variable)) {
                                boolean mayBe0 =
                                        property.matches(".*\\.(retries|(?<!max\\.)delay\\.ms)");
                                number(variable, mayBe0 ? 0 : 1, Integer.MAX_VALUE);
                            }
                        });
    }

    private ApiSettings api() {
        URI baseUrl =
                parsed(
                        HOST,
                        AgentVariables::url,
                        "an http or https URL of scheme, host, optional port and path, nothing"
                                + " else, without /v2/metrics/cloud/query");
        if (baseUrl == null) {
            // a stand-in, so that the rest is checked; no loopback address, for which the proxy
            // would go unchecked
            baseUrl = URI.create("https://api.invalid");
        } else if (baseUrl.getScheme().equals("http") && !isLoopback(baseUrl.getHost())) {
            report.warning(
                    "%s=%s: the API key and secret are sent unencrypted, use https"
                            .formatted(HOST, source.value(HOST).orElseThrow()));
        }
        Matcher url = URL.matcher(source.value(HOST).orElse(""));
        String hostName = url.matches() ? url.group(2) : baseUrl.getHost();
        return new ApiSettings(
                baseUrl,
                hostName,
                secret("CONFLUENT_METRICS_API_KEY"),
                secret("CONFLUENT_METRICS_API_SECRET"),
                number("CONFLUENT_METRICS_REQUESTS_PER_MINUTE", 1, Integer.MAX_VALUE),
                number("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", 1, 1000),
                number("METRICS_PARALLEL_REQUESTS", 1, 64),
                ApiProxy.find(baseUrl, hostName, source, report),
                "https".equals(baseUrl.getScheme()) ? authorities() : List.of());
    }

    /**
     * Returns the URL without a trailing slash. An underscore in the host's name becomes a hyphen:
     * compose and other resolvers know such names, Java's URLs do not. The real name is {@link
     * ApiSettings#hostName}, which is resolved and sent.
     */
    private static URI url(String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            return null;
        }
        // Camel and the redirects compare the scheme
        String scheme = url.group(1).toLowerCase(Locale.ROOT);
        String name = url.group(2).replace('_', '-');
        String path = url.group(4).replaceFirst("/+$", "");
        URI uri = URI.create(scheme + "://" + name + url.group(3) + path);
        return uri.getHost() != null && uri.getPort() <= 65535 ? uri : null;
    }

    static boolean isLoopback(String host) {
        return LOOPBACK.matcher(host).matches();
    }

    private Password secret(String variable) {
        known.addAll(Set.of(variable, variable + SettingsSource.FILE));
        if (source.value(variable)
                .or(() -> source.value(variable + SettingsSource.FILE))
                .isEmpty()) {
            report.problem("%s is not set: it is required (or %1$s_FILE)".formatted(variable));
        }
        String secret = source.secret(variable, report).orElse("");
        report.warnIfQuoted(variable, secret);
        report.warnOfWhiteSpace(variable, secret);
        return new Password(secret);
    }

    /**
     * Returns the certificate authorities that are trusted beside those of the JVM. {@code
     * REQUESTS_CA_BUNDLE} is of the Python agent's HTTP library, {@code SSL_CERT_FILE} of OpenSSL.
     * An image may set these to a file that is not there, so a wrong one is only warned of.
     */
    private List<X509Certificate> authorities() {
        String allowed = "a PEM file with certificates";
        for (String variable : List.of(CA_FILE, "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")) {
            Optional<String> file = source.value(variable);
            if (file.isPresent()) {
                List<X509Certificate> certificates = certificates(file.get());
                if (!certificates.isEmpty()) {
                    return certificates;
                } else if (variable.equals(CA_FILE)) {
                    report.notAllowed(variable, file.get(), allowed);
                    return List.of();
                }
                report.warning(
                        "%s=%s: ignored, it is not %s"
                                .formatted(variable, SettingsReport.shown(file.get()), allowed));
            }
        }
        return List.of();
    }

    private static List<X509Certificate> certificates(String path) {
        try (InputStream in = Files.newInputStream(Path.of(path))) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (IOException | CertificateException | InvalidPathException e) {
            return List.of();
        }
    }

    /**
     * Returns for each type of resource what is scraped of it. The list of Kafka clusters is
     * required; a shard may take none of them.
     */
    private Map<String, ResourceList> resources(Shard shard) {
        if (source.value(CLUSTERS).isEmpty()) {
            report.problem(CLUSTERS + " is not set: it is required");
        }
        Map<String, ResourceList> resources = new LinkedHashMap<>();
        ResourceList clusters = resources(CLUSTERS, shard);
        String others =
                clusters.ids().stream()
                        .filter(id -> id.matches(ID_OF_NO_CLUSTER))
                        .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            report.warning(
                    "%s: no Kafka cluster has such an id, set it in CONFLUENT_METRICS_<TYPE>_ID_LIST: %s"
                            .formatted(CLUSTERS, others));
        }
        resources.put("kafka", clusters);
        for (String variable : source.variables(ID_LIST)) {
            if (variable.equals("CONFLUENT_METRICS_KAFKA_ID_LIST")) {
                report.problem(variable + ": set " + CLUSTERS + " instead");
            } else if (!variable.equals(CLUSTERS)) {
                resources.put(
                        ID_LIST.matcher(variable).replaceFirst("$1").toLowerCase(Locale.ROOT),
                        resources(variable, shard));
            }
        }
        return resources;
    }

    private ResourceList resources(String variable, Shard shard) {
        String list = source.value(variable).orElse("");
        Set<String> once = new HashSet<>();
        String doubled =
                SettingsSource.items(list)
                        .filter(item -> !once.add(item))
                        .distinct()
                        .collect(Collectors.joining(", "));
        if (!doubled.isEmpty()) {
            report.warning(
                    "%s: named more than once, scraped once: %s".formatted(variable, doubled));
        }
        return optional(
                        variable,
                        text -> ResourceList.parse(text, shard),
                        ResourceList.allowed(list))
                .orElse(new ResourceList(List.of(), List.of(), Set.of(), shard));
    }

    /** Returns the ledger's topic: unless set, named for the topic of records and the agent. */
    private String ledgerTopic(String topic, Optional<String> name, Delivery delivery) {
        String standard = topic + "-ledger" + name.map(it -> "-" + it).orElse("");
        Optional<String> given =
                optional(
                        LEDGER_TOPIC,
                        text -> text.matches(TOPIC) && !text.equals(topic) ? text : null,
                        TOPIC_ALLOWED + ", and not METRICS_TOPIC");
        boolean usesStandard =
                source.value(LEDGER_TOPIC).isEmpty() && delivery != Delivery.STATELESS;
        if (usesStandard && !standard.matches(TOPIC)) {
            report.problem("%s is not set, and %s is too long".formatted(LEDGER_TOPIC, standard));
        }
        return given.orElse(standard);
    }

    /**
     * Returns the tag of principals: for Kafka Cost Control, which reads no other, principal_id.
     */
    private String principalTag(RecordFormat format) {
        // the tag is principal_id then, whichever of the two allowed names is set
        boolean forCostControl = format == RecordFormat.KAFKA_COST_CONTROL;
        String tag =
                matching(
                        "METRICS_PRINCIPAL_TAG",
                        // the routes paste it into an expression
                        forCostControl ? "principal(_id)?" : "(?!cluster_id$)[\\p{L}\\p{N}._-]+",
                        forCostControl
                                ? "principal_id with METRICS_FORMAT=kafka-cost-control"
                                : "letters, digits, '.', '_' and '-', other than cluster_id");
        return forCostControl ? "principal_id" : tag;
    }

    /** Returns the directory. Warns of files that look as if they were to be read. */
    private Path routesDirectory(String path) {
        Path directory = Path.of(path).toAbsolutePath().normalize();
        String[] unread =
                directory
                        .toFile()
                        .list(
                                (it, name) ->
                                        name.matches(".*\\.ya?ml")
                                                && !name.matches(Settings.ROUTE_FILE));
        if (unread != null && unread.length > 0) {
            Arrays.sort(unread);
            report.warning(
                    "AGENT_ROUTES_DIR: %s: not read, their names do not end in .camel.yaml or .kamelet.yaml"
                            .formatted(String.join(", ", unread)));
        }
        return unread == null ? null : directory;
    }

    private int number(String variable, int from, int to) {
        Integer number =
                parsed(
                        variable,
                        text -> {
                            // parseInt takes +5 and other scripts' digits, Quartz does not
                            int value = text.matches("[0-9]+") ? Integer.parseInt(text) : -1;
                            return value >= from && value <= to ? value : null;
                        },
                        "a whole number from " + from + " to " + to);
        return number == null ? from : number;
    }

    private String matching(String variable, String pattern, String allowed) {
        return parsed(variable, text -> text.matches(pattern) ? text : null, allowed);
    }

    /** Returns the name of the enum constant that a text stands for. */
    private static String constant(String text) {
        return text.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** Returns what a rule makes of a variable's value; null where that is wrong, or not set. */
    private <T> T parsed(String variable, Function<String, T> rule, String allowed) {
        known.add(variable);
        String text = source.value(variable).orElse(null);
        if (text == null) {
            return null;
        }
        report.warnIfQuoted(variable, text);
        T value = null;
        try {
            value = rule.apply(text);
        } catch (IllegalArgumentException e) {
            // such as one that is no number, or no path
        }
        if (value == null) {
            report.notAllowed(variable, text, allowed);
        }
        return value;
    }

    private <T> Optional<T> optional(String variable, Function<String, T> rule, String allowed) {
        return Optional.ofNullable(parsed(variable, rule, allowed));
    }
}
