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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the agent's own variables and checks each against its rule. What is missing or wrong is
 * reported to the findings; the value returned in its place is never used.
 */
final class AgentVariables {

    /** What the Metrics API allows per minute and IP address. */
    private static final int API_REQUESTS_PER_MINUTE = 300;

    private static final String HOST = "CONFLUENT_METRICS_HOST";
    private static final Pattern UNDERSCORED =
            Pattern.compile("(?i)https?://([A-Z0-9.-]*_[A-Z0-9._-]*)(:\\d+)?(/.*)?");
    private static final String CLUSTERS = "CONFLUENT_METRICS_CLUSTER_ID_LIST";
    private static final Pattern ID_LIST = Pattern.compile("CONFLUENT_METRICS_(.+)_ID_LIST");
    private static final String ITEM = "(!(?!(?i:auto)$|env-))?[A-Za-z0-9_-]{1,255}";
    private static final String ENVIRONMENT = "env-";
    private static final String AGENT_NAME = "[A-Za-z0-9._-]{1,100}";
    private static final String TOPIC = "(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}";
    private static final String TOPIC_ALLOWED =
            "a topic name: 1 to 249 letters, digits, '.', '_' and '-'";
    private static final Pattern LOOPBACK =
            Pattern.compile("(?i)localhost|127(\\.\\d{1,3}){3}|\\[(::1|0:0:0:0:0:0:0:1)]");

    /** The type of resource for each prefix of an id, other than Kafka clusters. */
    private static final Map<String, String> OTHER_RESOURCES =
            Map.of(
                    "lsrc", "a Schema Registry (SCHEMA_REGISTRY)",
                    "lcc", "a connector (CONNECTOR)",
                    "lksqlc", "a ksqlDB application (KSQL)",
                    "lfcp", "a Flink compute pool (COMPUTE_POOL)");

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
        return find(HOST).map(this::host).orElse(none);
    }

    /**
     * The host's name. With an underscore it is none (RFC 1123), and Java's URLs do not know it;
     * yet compose and other resolvers do, so {@link #host} has a hyphen in its place.
     */
    String hostName(URI host) {
        Matcher name = UNDERSCORED.matcher(source.value(HOST).orElse(""));
        return name.matches() ? name.group(1) : host.getHost();
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

    /** The share of the ids that this agent takes: all, unless set. */
    Shard shard(Delivery delivery) {
        String variable = "AGENT_SHARD";
        Optional<Shard> shard =
                source.find(variable).flatMap(it -> parsed(it, Shard::parse, Shard.ALLOWED));
        if (shard.isPresent() && delivery != null && !delivery.isTransactional()) {
            findings.notAllowed(
                    variable, shard.get().toString(), "only with METRICS_DELIVERY=exactly-once");
        }
        return shard.orElse(Shard.ALL);
    }

    /** What is scraped by the type of resource: of Kafka clusters at least one. */
    Map<String, ResourceList> resources(Shard shard) {
        ResourceList none = ResourceList.of(List.of());
        Map<String, ResourceList> resources = new LinkedHashMap<>();
        resources.put("kafka", find(CLUSTERS).map(it -> resourceList(it, shard)).orElse(none));
        warnOfOtherResources(resources.get("kafka").ids());
        for (String variable : source.variables(ID_LIST)) {
            if (variable.equals("CONFLUENT_METRICS_KAFKA_ID_LIST")) {
                findings.problem(variable + ": set " + CLUSTERS + " instead");
            } else if (!variable.equals(CLUSTERS)) {
                resources.put(
                        ID_LIST.matcher(variable).replaceFirst("$1").toLowerCase(Locale.ROOT),
                        find(variable).map(it -> resourceList(it, shard)).orElse(none));
            }
        }
        Set<String> known = new HashSet<>();
        resources.values().stream()
                .flatMap(list -> list.ids().stream())
                .filter(id -> !known.add(id))
                .forEach(
                        id ->
                                findings.problem(
                                        "CONFLUENT_METRICS_…_ID_LIST: %s is in the lists of two types of resources"
                                                .formatted(id)));
        return resources;
    }

    String topic() {
        return matching("METRICS_TOPIC", TOPIC, TOPIC_ALLOWED);
    }

    Delivery delivery() {
        return parsed("METRICS_DELIVERY", Delivery::parse, Delivery.ALLOWED);
    }

    /** What tells this agent from others with the same topic. */
    Optional<String> name() {
        return source.find("AGENT_NAME")
                .flatMap(
                        given ->
                                parsed(
                                        given,
                                        text ->
                                                Optional.of(text)
                                                        .filter(it -> it.matches(AGENT_NAME)),
                                        "1 to 100 letters, digits, '.', '_' and '-'"));
    }

    /** The ledger's topic: named for the topic of records, and for the agent, unless set. */
    String ledgerTopic(String topic, Optional<String> name) {
        String variable = "METRICS_LEDGER_TOPIC";
        if (source.find(variable).isEmpty()) {
            return topic + "-ledger" + name.map(it -> "-" + it).orElse("");
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

    RecordFormat format() {
        return parsed("METRICS_FORMAT", RecordFormat::parse, RecordFormat.ALLOWED);
    }

    /** Kafka Cost Control reads principal_id alone: its format replaces the default name. */
    String principalTag(RecordFormat format) {
        String variable = "METRICS_PRINCIPAL_TAG";
        String tag =
                matching(
                        variable,
                        "(?!cluster_id$)[^\\s\\p{Cntrl}]+",
                        "a name without white space, other than cluster_id");
        if (format != RecordFormat.KAFKA_COST_CONTROL) {
            return tag;
        }
        if (tag != null && !tag.equals("principal") && !tag.equals("principal_id")) {
            findings.notAllowed(
                    variable, tag, "principal_id with METRICS_FORMAT=kafka-cost-control");
        }
        return "principal_id";
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
            findings.notAllowed(
                    given.label(),
                    mayHoldSecret ? Secret.MASK : given.value(),
                    "an http or https URL of scheme, host, optional port and path, nothing else");
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
            Matcher name = UNDERSCORED.matcher(value);
            String known =
                    name.matches()
                            ? value.substring(0, name.start(1))
                                    + name.group(1).replace('_', '-')
                                    + value.substring(name.end(1))
                            : value;
            URI uri = URI.create(known.replaceFirst("/+$", ""));
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

    private ResourceList resourceList(SettingValue given, Shard shard) {
        List<String> items =
                Arrays.stream(given.value().split(","))
                        .map(String::strip)
                        .filter(item -> !item.isEmpty())
                        .toList();
        Set<String> ids = new LinkedHashSet<>();
        Set<String> scopes = new LinkedHashSet<>();
        Set<String> excluded = new LinkedHashSet<>();
        Set<String> illegal = new LinkedHashSet<>();
        Set<String> doubled = new LinkedHashSet<>();
        for (String item : items) {
            if (!item.matches(ITEM)) {
                illegal.add(item);
            } else if (item.startsWith("!")) {
                excluded.add(item.substring(1));
            } else if (item.equalsIgnoreCase("auto")) {
                scopes.add("");
            } else if (item.startsWith(ENVIRONMENT)) {
                scopes.add(item);
            } else if (!ids.add(item)) {
                doubled.add(item);
            }
        }
        ids.removeAll(excluded);
        String what = given.label().equals(CLUSTERS) ? "cluster id" : "id";
        if (!illegal.isEmpty()) {
            findings.notAllowed(
                    given.label(),
                    String.join(",", illegal),
                    "a comma-separated list of %ss (letters, digits, '_' and '-'), auto, env-… and !id"
                            .formatted(what));
        } else if (ids.isEmpty() && scopes.isEmpty()) {
            findings.notAllowed(
                    given.label(),
                    given.value(),
                    "a comma-separated list of at least one %s, auto or env-…".formatted(what));
        }
        if (!doubled.isEmpty()) {
            findings.warning(
                    given.label()
                            + ": named more than once, scraped once: "
                            + String.join(", ", doubled));
        }
        ids.removeIf(id -> !shard.takes(id));
        return new ResourceList(List.copyOf(ids), List.copyOf(scopes), Set.copyOf(excluded), shard);
    }

    private void warnOfOtherResources(List<String> clusters) {
        List<String> others = new ArrayList<>();
        for (String id : clusters) {
            String type = OTHER_RESOURCES.get(id.replaceFirst("-.*", ""));
            if (type != null) {
                others.add(id + " is the id of " + type);
            }
        }
        if (!others.isEmpty()) {
            findings.warning(
                    CLUSTERS
                            + ": the ids of Kafka clusters begin with lkc-, those of other types"
                            + " belong into CONFLUENT_METRICS_<TYPE>_ID_LIST; "
                            + String.join(", ", others));
        }
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
