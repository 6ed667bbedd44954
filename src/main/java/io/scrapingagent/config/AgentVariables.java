package io.scrapingagent.config;

import io.scrapingagent.config.Settings.ManagementSettings;
import io.scrapingagent.config.SettingsSource.SettingValue;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the agent's own variables and checks each against its rule. What is missing or wrong is
 * reported to the findings; the value returned in its place is never used.
 */
final class AgentVariables {

    /** What the Metrics API allows per minute and IP address. */
    private static final int API_REQUESTS_PER_MINUTE = 300;

    private static final String CLUSTER_ID = "[A-Za-z0-9_-]{1,255}";
    private static final String TOPIC = "(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}";
    private static final String TOPIC_ALLOWED =
            "a topic name: 1 to 249 letters, digits, '.', '_' and '-'";
    private static final Pattern LOOPBACK =
            Pattern.compile("(?i)localhost|127(\\.\\d{1,3}){3}|\\[(::1|0:0:0:0:0:0:0:1)]");

    /** What an id is that begins so, and is no Kafka cluster's. */
    private static final Map<String, String> OTHER_RESOURCES =
            Map.of(
                    "lsrc", "a Schema Registry",
                    "lcc", "a connector",
                    "lksqlc", "a ksqlDB application",
                    "lfcp", "a Flink compute pool",
                    "env", "an environment");

    /** Whole numbers that routes and beans read by themselves, by the least that they may be. */
    private static final Map<Integer, List<String>> ROUTE_NUMBERS =
            Map.of(
                    0,
                    List.of(
                            "AGENT_CATCH_UP_DELAY_MS",
                            "METRICS_API_RETRIES",
                            "METRICS_API_RETRY_DELAY_MS",
                            "METRICS_API_RETRY_MAX_DELAY_MS"),
                    1,
                    List.of(
                            "AGENT_CATCH_UP_MS",
                            "AGENT_OWNERSHIP_CHECK_MS",
                            "METRICS_API_CONNECT_TIMEOUT_MS",
                            "METRICS_API_PACING_PERIOD_MS",
                            "METRICS_API_RATE_LIMIT_MAX_WAIT_MS",
                            "METRICS_API_RESPONSE_DEADLINE_MS",
                            "METRICS_API_RESPONSE_MAX_BYTES",
                            "METRICS_API_RESPONSE_TIMEOUT_MS",
                            "METRICS_WINDOW_DEADLINE_MS",
                            "METRICS_WINDOW_MAX_POINTS"));

    private final SettingsSource source;
    private final Findings findings;

    AgentVariables(SettingsSource source, Findings findings) {
        this.source = source;
        this.findings = findings;
    }

    URI host() {
        URI none = URI.create("https://localhost");
        return find("CONFLUENT_METRICS_HOST").map(this::host).orElse(none);
    }

    Secret apiKey() {
        String variable = "CONFLUENT_METRICS_API_KEY";
        // basic authentication ends the user's name at the first colon
        Secret key = secret(variable);
        if (key != null && key.reveal().contains(":")) {
            findings.notAllowed(variable, Secret.MASK, "a key without colons");
        }
        return key;
    }

    Secret apiSecret() {
        return secret("CONFLUENT_METRICS_API_SECRET");
    }

    /**
     * Certificate authorities that are trusted beside those of the JVM. The Python agent's HTTP
     * library and OpenSSL read the other variables; an image may set them to what is not there.
     */
    List<X509Certificate> authorities() {
        String own = "CONFLUENT_METRICS_CA_FILE";
        Optional<SettingValue> file =
                List.of(own, "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE").stream()
                        .flatMap(variable -> source.find(variable).stream())
                        .findFirst();
        if (file.isEmpty()) {
            return List.of();
        }
        Findings found = new Findings();
        List<X509Certificate> authorities = authorities(file.get(), found);
        found.problems()
                .forEach(file.get().label().equals(own) ? findings::problem : findings::warning);
        return authorities;
    }

    private static List<X509Certificate> authorities(SettingValue file, Findings found) {
        Optional<String> pem = file.readFile(found);
        if (pem.isEmpty()) {
            return List.of();
        }
        try {
            byte[] bytes = pem.get().getBytes(StandardCharsets.UTF_8);
            List<X509Certificate> authorities =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes))
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
        int requests = wholeNumber(variable, 1, Integer.MAX_VALUE);
        if (requests > API_REQUESTS_PER_MINUTE) {
            findings.warning(
                    "%s=%d: the Metrics API itself allows no more than %d"
                            .formatted(variable, requests, API_REQUESTS_PER_MINUTE));
        }
        return requests;
    }

    int clustersPerRequest() {
        return wholeNumber("CONFLUENT_METRICS_CLUSTERS_PER_REQUEST", 1, 1000);
    }

    int parallelRequests() {
        return wholeNumber("METRICS_PARALLEL_REQUESTS", 1, 64);
    }

    Duration kafkaPatience() {
        return Duration.ofMillis(wholeNumber("METRICS_KAFKA_PATIENCE_MS", 0, Integer.MAX_VALUE));
    }

    List<String> clusters() {
        return find("CONFLUENT_METRICS_CLUSTER_ID_LIST").map(this::clusters).orElse(List.of());
    }

    String topic() {
        return matching("METRICS_TOPIC", TOPIC, TOPIC_ALLOWED);
    }

    Delivery delivery() {
        return parsed("METRICS_DELIVERY", Delivery::parse, Delivery.ALLOWED);
    }

    /** The ledger's topic: named for the topic of records unless set. */
    String ledgerTopic(String topic) {
        String variable = "METRICS_LEDGER_TOPIC";
        if (source.find(variable).isEmpty()) {
            return topic + "-ledger";
        }
        String ledger = matching(variable, TOPIC, TOPIC_ALLOWED);
        if (ledger != null && ledger.equals(topic)) {
            findings.notAllowed(variable, ledger, "another topic than METRICS_TOPIC");
        }
        return ledger;
    }

    int minuteToScrapeAt() {
        return wholeNumber("MINUTE_TO_SCRAPE_AT", 5, 59);
    }

    int retentionHours() {
        return wholeNumber("METRICS_API_RETENTION_HOURS", 1, Integer.MAX_VALUE);
    }

    /** What routes and beans read as it is: only whether it is allowed matters here. */
    void validateRouteProperties() {
        ROUTE_NUMBERS.forEach(
                (least, variables) ->
                        variables.stream()
                                .filter(it -> source.find(it).isPresent())
                                .forEach(it -> wholeNumber(it, least, Integer.MAX_VALUE)));
    }

    LogLevel logLevel() {
        return parsed("GLOBAL_LOG_LEVEL", LogLevel::parse, LogLevel.ALLOWED);
    }

    LogFormat logFormat() {
        return parsed(LogFormat.VARIABLE, LogFormat::parse, LogFormat.ALLOWED);
    }

    String principalTag() {
        return matching(
                "METRICS_PRINCIPAL_TAG",
                "(?!cluster_id$)[^\\s\\p{Cntrl}]+",
                "a name without white space, other than cluster_id");
    }

    Optional<Path> routesDirectory() {
        return source.find("AGENT_ROUTES_DIR")
                .flatMap(
                        given ->
                                parsed(
                                        given,
                                        AgentVariables::directory,
                                        "a readable directory, without a comma in its path"));
    }

    ManagementSettings management() {
        return new ManagementSettings(
                matching(
                        "MANAGEMENT_ADDRESS",
                        "[A-Za-z0-9.:-]{1,253}",
                        "an address to listen on, like 0.0.0.0 or 127.0.0.1"),
                wholeNumber("MANAGEMENT_PORT", 1, 65535));
    }

    private static Optional<Path> directory(String path) {
        Path directory = Path.of(path).toAbsolutePath().normalize();
        // Camel takes a comma for the end of one pattern and the beginning of the next
        return Optional.of(directory)
                .filter(Files::isReadable)
                .filter(Files::isDirectory)
                .filter(it -> !it.toString().contains(","));
    }

    private URI host(SettingValue given) {
        Optional<URI> host = hostOf(given.value());
        if (host.isEmpty()) {
            // whoever writes user:password@host or ?token=… has put a secret here
            boolean mayHoldSecret = given.value().matches("(?s).*[@?#].*");
            // Java's URLs, and camel-http with them, know no such host (RFC 1123)
            boolean underscore = given.value().matches("(?i)https?://[^/]*_[^/]*(/.*)?");
            findings.notAllowed(
                    given.label(),
                    mayHoldSecret ? Secret.MASK : given.value(),
                    "an http or https URL of scheme, host, optional port and path, nothing else"
                            + (underscore
                                    ? "; a host's name has no underscore: use another name for it,"
                                            + " or its address"
                                    : ""));
            return null;
        }
        if (host.get().getScheme().equals("http") && !isLoopback(host.get().getHost())) {
            findings.warning(
                    given.label()
                            + "="
                            + given.value()
                            + ": the API key and secret are sent unencrypted, use https");
        }
        return host.get();
    }

    private static Optional<URI> hostOf(String value) {
        try {
            URI uri = URI.create(value.replaceFirst("/+$", ""));
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            boolean plain =
                    uri.getHost() != null
                            && uri.getRawUserInfo() == null
                            && uri.getRawQuery() == null
                            && uri.getRawFragment() == null
                            && uri.getPort() <= 65535;
            // Camel and the redirects compare the scheme
            return plain && Set.of("http", "https").contains(scheme)
                    ? Optional.of(URI.create(uri.toString().replaceFirst("^[^:]+", scheme)))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static boolean isLoopback(String host) {
        return LOOPBACK.matcher(host).matches();
    }

    private List<String> clusters(SettingValue given) {
        List<String> ids =
                Arrays.stream(given.value().split(","))
                        .map(String::strip)
                        .filter(id -> !id.isEmpty())
                        .toList();
        String illegal =
                ids.stream().filter(id -> !id.matches(CLUSTER_ID)).collect(Collectors.joining(","));
        if (!illegal.isEmpty()) {
            findings.notAllowed(
                    given.label(),
                    illegal,
                    "a comma-separated list of cluster ids: letters, digits, '_' and '-'");
        } else if (ids.isEmpty()) {
            findings.notAllowed(
                    given.label(),
                    given.value(),
                    "a comma-separated list of at least one cluster id");
        }
        Set<String> clusters = new LinkedHashSet<>();
        Set<String> doubled = new LinkedHashSet<>();
        ids.stream().filter(id -> !clusters.add(id)).forEach(doubled::add);
        if (!doubled.isEmpty()) {
            findings.warning(
                    given.label()
                            + ": named more than once, scraped once: "
                            + String.join(", ", doubled));
        }
        List<String> others = new ArrayList<>();
        for (String id : clusters) {
            String resource = OTHER_RESOURCES.get(id.replaceFirst("-.*", ""));
            if (resource != null) {
                others.add(id + " is the id of " + resource);
            }
        }
        if (!others.isEmpty()) {
            findings.warning(
                    given.label()
                            + ": only Kafka clusters have these metrics, their ids begin with lkc-; "
                            + String.join(", ", others));
        }
        return List.copyOf(clusters);
    }

    private int wholeNumber(String variable, int from, int to) {
        Integer number =
                parsed(
                        variable,
                        text ->
                                Optional.of(Integer.valueOf(text))
                                        .filter(it -> it >= from && it <= to),
                        to == Integer.MAX_VALUE
                                ? "a whole number of at least " + from
                                : "a whole number from " + from + " to " + to);
        return number == null ? from : number;
    }

    private String matching(String variable, String pattern, String allowed) {
        return parsed(
                variable, text -> Optional.of(text).filter(it -> it.matches(pattern)), allowed);
    }

    private <T> T parsed(String variable, Function<String, Optional<T>> rule, String allowed) {
        return find(variable).flatMap(given -> parsed(given, rule, allowed)).orElse(null);
    }

    private <T> Optional<T> parsed(
            SettingValue given, Function<String, Optional<T>> rule, String allowed) {
        Optional<T> value;
        try {
            value = rule.apply(given.value());
        } catch (IllegalArgumentException e) {
            // such as one that is no number, or no path
            value = Optional.empty();
        }
        if (value.isEmpty()) {
            findings.notAllowed(given.label(), given.value(), allowed);
        }
        return value;
    }

    private Secret secret(String variable) {
        Optional<SettingValue> given = source.findSecret(variable, findings);
        if (given.isEmpty()) {
            if (!source.hasSecret(variable)) {
                findings.problem(
                        variable + " is not set: it is required (or " + variable + "_FILE)");
            }
            return null;
        }
        findings.warnIfQuoted(variable, given.get().value());
        findings.warnOfWhiteSpace(variable, given.get().value());
        return Secret.of(given.get().value());
    }

    private Optional<SettingValue> find(String variable) {
        Optional<SettingValue> given = source.find(variable);
        if (given.isEmpty()) {
            findings.problem(variable + " is not set: it is required");
        }
        given.ifPresent(it -> findings.warnIfQuoted(variable, it.value()));
        return given;
    }
}
