package io.scrapingagent.config;

import io.scrapingagent.config.Settings.ManagementSettings;
import io.scrapingagent.config.SettingsLayer.SettingsFile;
import io.scrapingagent.config.SettingsSource.SettingValue;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads the agent's own variables and checks each against its rule. What is missing or wrong is
 * reported to the findings; the value returned in its place is never used.
 */
final class AgentVariables {

    /** What the Metrics API allows per minute and IP address. */
    private static final int API_REQUESTS_PER_MINUTE = 300;

    private static final Pattern CLUSTER_ID = Pattern.compile("[A-Za-z0-9_-]{1,255}");
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");
    private static final Pattern LOOPBACK =
            Pattern.compile(
                    "localhost|127(\\.\\d{1,3}){3}|\\[(::1|0:0:0:0:0:0:0:1)]",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9.:-]{1,253}");
    private static final Pattern BLANK_OR_CONTROL = Pattern.compile("[\\s\\p{Cntrl}]");

    /** What an id is that begins so, and is no Kafka cluster's. */
    private static final Map<String, String> OTHER_RESOURCES =
            Map.of(
                    "lsrc-", "a Schema Registry",
                    "lcc-", "a connector",
                    "lksqlc-", "a ksqlDB application",
                    "lfcp-", "a Flink compute pool",
                    "env-", "an environment");

    /** The least that each of these whole numbers may be. */
    private static final Map<String, Integer> LEAST =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("METRICS_API_CONNECT_TIMEOUT_MS", 1),
                            Map.entry("METRICS_API_RESPONSE_TIMEOUT_MS", 1),
                            Map.entry("METRICS_API_RESPONSE_DEADLINE_MS", 1),
                            Map.entry("METRICS_API_RESPONSE_MAX_BYTES", 1),
                            Map.entry("METRICS_API_RETRIES", 0),
                            Map.entry("METRICS_API_RETRY_DELAY_MS", 0),
                            Map.entry("METRICS_API_RETRY_MAX_DELAY_MS", 0),
                            Map.entry("METRICS_API_RATE_LIMIT_MAX_WAIT_MS", 1),
                            Map.entry("METRICS_API_PACING_PERIOD_MS", 1),
                            Map.entry("METRICS_WINDOW_MAX_POINTS", 1),
                            Map.entry("METRICS_WINDOW_DEADLINE_MS", 1),
                            Map.entry("AGENT_CATCH_UP_DELAY_MS", 0),
                            Map.entry("AGENT_CATCH_UP_MS", 1),
                            Map.entry("AGENT_OWNERSHIP_CHECK_MS", 1)));

    private final SettingsSource source;
    private final Findings findings;

    AgentVariables(SettingsSource source, Findings findings) {
        this.source = source;
        this.findings = findings;
    }

    URI host() {
        return required("CONFLUENT_METRICS_HOST", this::host, URI.create("https://localhost"));
    }

    Secret apiKey() {
        String variable = "CONFLUENT_METRICS_API_KEY";
        // basic authentication ends the user's name at the first colon
        return secret(variable, "[^\\s\\p{Cntrl}:]+", "a key without white space and colons");
    }

    Secret apiSecret() {
        String variable = "CONFLUENT_METRICS_API_SECRET";
        return secret(variable, "[^\\s\\p{Cntrl}]+", "a secret without white space");
    }

    /**
     * Certificate authorities that are trusted beside those of the JVM. The Python agent's HTTP
     * library and OpenSSL read the other variables; an image may set them to what is not there.
     */
    List<X509Certificate> authorities() {
        String own = "CONFLUENT_METRICS_CA_FILE";
        for (String variable : List.of(own, "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")) {
            Optional<SettingValue> given = source.find(variable);
            if (given.isPresent()) {
                Findings found = new Findings();
                List<X509Certificate> authorities = authorities(given.get(), found);
                found.problems()
                        .forEach(variable.equals(own) ? findings::problem : findings::warning);
                return authorities;
            }
        }
        return List.of();
    }

    private static List<X509Certificate> authorities(SettingValue file, Findings found) {
        Optional<String> pem = SettingsFile.read(file, found);
        if (pem.isEmpty()) {
            return List.of();
        }
        try {
            List<X509Certificate> authorities =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(
                                    new ByteArrayInputStream(
                                            pem.get().getBytes(StandardCharsets.UTF_8)))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!authorities.isEmpty()) {
                return authorities;
            }
        } catch (CertificateException e) {
            // reported below, like a file without one
        }
        found.notAllowed(file.label(), file.value(), "a PEM file with certificates");
        return List.of();
    }

    int requestsPerMinute() {
        String variable = "CONFLUENT_METRICS_REQUESTS_PER_MINUTE";
        int requests = required(variable, given -> wholeNumber(given, 1, Integer.MAX_VALUE), 1);
        if (requests > API_REQUESTS_PER_MINUTE) {
            findings.warning(
                    variable
                            + "="
                            + requests
                            + ": the Metrics API itself allows no more than "
                            + API_REQUESTS_PER_MINUTE);
        }
        return requests;
    }

    int clustersPerRequest() {
        String variable = "CONFLUENT_METRICS_CLUSTERS_PER_REQUEST";
        return required(variable, given -> wholeNumber(given, 1, 1000), 1);
    }

    int parallelRequests() {
        return required("METRICS_PARALLEL_REQUESTS", given -> wholeNumber(given, 1, 64), 1);
    }

    Duration kafkaPatience() {
        String variable = "METRICS_KAFKA_PATIENCE_MS";
        return Duration.ofMillis(
                required(variable, given -> wholeNumber(given, 0, Integer.MAX_VALUE), 0));
    }

    List<String> clusters() {
        return required("CONFLUENT_METRICS_CLUSTER_ID_LIST", this::clusters, List.of());
    }

    String topic() {
        return required("METRICS_TOPIC", this::topicName);
    }

    Delivery delivery() {
        return choice("METRICS_DELIVERY", Delivery::parse, Delivery.ALLOWED);
    }

    /** The ledger's topic: named for the topic of records unless set. */
    String ledgerTopic(String topic) {
        String variable = "METRICS_LEDGER_TOPIC";
        if (source.find(variable).isEmpty()) {
            return topic + "-ledger";
        }
        String ledger = required(variable, this::topicName);
        if (ledger != null && ledger.equals(topic)) {
            findings.notAllowed(variable, ledger, "another topic than METRICS_TOPIC");
        }
        return ledger;
    }

    int minuteToScrapeAt() {
        return required("MINUTE_TO_SCRAPE_AT", given -> wholeNumber(given, 5, 59), 5);
    }

    int retentionHours() {
        String variable = "METRICS_API_RETENTION_HOURS";
        return required(variable, given -> wholeNumber(given, 1, Integer.MAX_VALUE), 1);
    }

    /** What routes and beans read for themselves. */
    void validateRouteProperties() {
        LEAST.forEach(
                (variable, least) ->
                        source.find(variable)
                                .ifPresent(given -> wholeNumber(given, least, Integer.MAX_VALUE)));
    }

    LogLevel logLevel() {
        return choice("GLOBAL_LOG_LEVEL", LogLevel::parse, LogLevel.ALLOWED);
    }

    LogFormat logFormat() {
        return choice(LogFormat.VARIABLE, LogFormat::parse, LogFormat.ALLOWED);
    }

    String principalTag() {
        return required("METRICS_PRINCIPAL_TAG", this::principalTag);
    }

    private Optional<String> topicName(SettingValue given) {
        return matching(given, TOPIC, "a topic name: 1 to 249 letters, digits, '.', '_' and '-'");
    }

    Optional<Path> routesDirectory() {
        return source.find("AGENT_ROUTES_DIR").flatMap(this::directory);
    }

    ManagementSettings management() {
        String address =
                required(
                        "MANAGEMENT_ADDRESS",
                        given ->
                                matching(
                                        given,
                                        ADDRESS,
                                        "an address to listen on, like 0.0.0.0 or 127.0.0.1"));
        int port = required("MANAGEMENT_PORT", given -> wholeNumber(given, 1, 65535), 1);
        return new ManagementSettings(address, port);
    }

    private Optional<Path> directory(SettingValue given) {
        try {
            Path directory = Path.of(given.value()).toAbsolutePath().normalize();
            // Camel takes a comma for the end of one pattern and the beginning of the next
            if (Files.isReadable(directory)
                    && Files.isDirectory(directory)
                    && !directory.toString().contains(",")) {
                return Optional.of(directory);
            }
        } catch (InvalidPathException e) {
            // reported below, like a directory that is missing
        }
        notAllowed(given, "a readable directory, without a comma in its path");
        return Optional.empty();
    }

    private Optional<URI> host(SettingValue given) {
        URI uri;
        try {
            uri = new URI(given.value().replaceFirst("/+$", ""));
        } catch (URISyntaxException e) {
            return badHost(given);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean plain =
                uri.getHost() != null
                        && uri.getRawUserInfo() == null
                        && uri.getRawQuery() == null
                        && uri.getRawFragment() == null
                        && uri.getPort() <= 65535;
        if (!plain || !Set.of("http", "https").contains(scheme)) {
            return badHost(given);
        }
        if (scheme.equals("http") && !isLoopback(uri.getHost())) {
            findings.warning(
                    given.label()
                            + "="
                            + given.value()
                            + ": the API key and secret are sent unencrypted, use https");
        }
        // Camel and the redirects compare it
        return Optional.of(URI.create(uri.toString().replaceFirst("^[^:]+", scheme)));
    }

    static boolean isLoopback(String host) {
        return LOOPBACK.matcher(host).matches();
    }

    private Optional<URI> badHost(SettingValue given) {
        // whoever writes user:password@host or ?token=… has put a secret here
        boolean mayHoldSecret = given.value().matches("(?s).*[@?#].*");
        // Java's URLs, and camel-http with them, know no such host (RFC 1123)
        boolean underscore = given.value().matches("(?i)https?://[^/]*_[^/]*(/.*)?");
        findings.notAllowed(
                given.label(),
                mayHoldSecret ? Secret.MASK : given.value(),
                "an http or https URL of scheme, host, optional port and path, nothing else"
                        + (underscore
                                ? "; a host's name has no underscore: use another name for it, or"
                                        + " its address"
                                : ""));
        return Optional.empty();
    }

    private Optional<List<String>> clusters(SettingValue given) {
        Set<String> clusters = new LinkedHashSet<>();
        Set<String> doubled = new LinkedHashSet<>();
        List<String> illegal = new ArrayList<>();
        for (String item : given.value().split(",")) {
            String cluster = item.strip();
            if (cluster.isEmpty()) {
                continue;
            }
            if (!CLUSTER_ID.matcher(cluster).matches()) {
                illegal.add(cluster);
            } else if (!clusters.add(cluster)) {
                doubled.add(cluster);
            }
        }
        if (!illegal.isEmpty()) {
            findings.notAllowed(
                    given.label(),
                    String.join(",", illegal),
                    "a comma-separated list of cluster ids: letters, digits, '_' and '-'");
            return Optional.empty();
        }
        if (clusters.isEmpty()) {
            notAllowed(given, "a comma-separated list of at least one cluster id");
            return Optional.empty();
        }
        if (!doubled.isEmpty()) {
            findings.warning(
                    given.label()
                            + ": named more than once, scraped once: "
                            + String.join(", ", doubled));
        }
        warnOfOtherResources(given, clusters);
        return Optional.of(List.copyOf(clusters));
    }

    private void warnOfOtherResources(SettingValue given, Set<String> ids) {
        List<String> others = new ArrayList<>();
        for (String id : ids) {
            OTHER_RESOURCES.forEach(
                    (prefix, resource) -> {
                        if (id.startsWith(prefix)) {
                            others.add(id + " is the id of " + resource);
                        }
                    });
        }
        if (!others.isEmpty()) {
            findings.warning(
                    given.label()
                            + ": only Kafka clusters have these metrics, their ids begin with lkc-; "
                            + String.join(", ", others));
        }
    }

    private Optional<String> principalTag(SettingValue given) {
        if (given.value().equals("cluster_id") || BLANK_OR_CONTROL.matcher(given.value()).find()) {
            notAllowed(given, "a name without white space, other than cluster_id");
            return Optional.empty();
        }
        return Optional.of(given.value());
    }

    private Optional<Integer> wholeNumber(SettingValue given, int from, int to) {
        try {
            int number = Integer.parseInt(given.value());
            if (number >= from && number <= to) {
                return Optional.of(number);
            }
        } catch (NumberFormatException e) {
            // reported below, like a number out of range
        }
        notAllowed(
                given,
                to == Integer.MAX_VALUE
                        ? "a whole number of at least " + from
                        : "a whole number from " + from + " to " + to);
        return Optional.empty();
    }

    private Optional<String> matching(SettingValue given, Pattern pattern, String allowed) {
        if (pattern.matcher(given.value()).matches()) {
            return Optional.of(given.value());
        }
        notAllowed(given, allowed);
        return Optional.empty();
    }

    private <T> T choice(String variable, Function<String, Optional<T>> parse, String allowed) {
        return required(
                variable,
                given -> {
                    Optional<T> chosen = parse.apply(given.value());
                    if (chosen.isEmpty()) {
                        notAllowed(given, allowed);
                    }
                    return chosen;
                });
    }

    private Secret secret(String variable, String pattern, String allowed) {
        Optional<SettingValue> given = source.findSecret(variable, findings);
        if (given.isEmpty()) {
            if (!source.hasSecret(variable)) {
                findings.problem(
                        variable + " is not set: it is required (or " + variable + "_FILE)");
            }
            return null;
        }
        findings.warnIfQuoted(variable, given.get().value());
        if (!given.get().value().matches(pattern)) {
            findings.notAllowed(variable, Secret.MASK, allowed);
        }
        return Secret.of(given.get().value());
    }

    private <T> T required(String variable, Function<SettingValue, Optional<T>> rule) {
        return required(variable, rule, null);
    }

    private <T> T required(String variable, Function<SettingValue, Optional<T>> rule, T inPlace) {
        Optional<SettingValue> given = source.find(variable);
        if (given.isEmpty()) {
            findings.problem(variable + " is not set: it is required");
            return inPlace;
        }
        findings.warnIfQuoted(variable, given.get().value());
        return rule.apply(given.get()).orElse(inPlace);
    }

    private void notAllowed(SettingValue given, String allowed) {
        findings.notAllowed(given.label(), given.value(), allowed);
    }
}
