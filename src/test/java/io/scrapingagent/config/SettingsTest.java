package io.scrapingagent.config;

import static io.scrapingagent.config.SettingsFixture.DEFAULTS;
import static io.scrapingagent.config.SettingsFixture.REQUIRED;
import static io.scrapingagent.config.SettingsFixture.load;
import static io.scrapingagent.config.SettingsFixture.problem;
import static io.scrapingagent.config.SettingsFixture.problems;
import static io.scrapingagent.config.SettingsFixture.warning;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrapingagent.config.Settings.ApiSettings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

class SettingsTest {

    @TempDir Path files;

    @Test
    void requiredVariablesAndDefaultsAreEnough() throws Exception {
        Settings settings = load();

        assertThat(settings.api())
                .isEqualTo(
                        new ApiSettings(
                                URI.create("https://api.telemetry.confluent.cloud"),
                                "api.telemetry.confluent.cloud",
                                new Password("the-key"),
                                new Password("the-secret"),
                                250,
                                50,
                                4,
                                Optional.empty(),
                                List.of()));
        assertThat(settings.ids()).containsExactly("lkc-1");
        assertThat(settings.topic()).isEqualTo("confluent-metrics");
        assertThat(settings.minuteToScrapeAt()).isEqualTo(5);
        assertThat(settings.logLevel()).isEqualTo(Level.INFO);
        assertThat(settings.principalTag()).isEqualTo("principal");
        assertThat(settings.kafka()).isEqualTo(Map.of("bootstrap.servers", "localhost:9092"));
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void withNothingSetEveryRequiredVariableIsNamed() {
        assertThat(problems(SettingsSource.of(Map.of(), Map.of(), List.of(DEFAULTS))))
                .containsExactlyInAnyOrder(
                        "CONFLUENT_METRICS_API_KEY is not set: it is required"
                                + " (or CONFLUENT_METRICS_API_KEY_FILE)",
                        "CONFLUENT_METRICS_API_SECRET is not set: it is required"
                                + " (or CONFLUENT_METRICS_API_SECRET_FILE)",
                        "CONFLUENT_METRICS_CLUSTER_ID_LIST is not set: it is required");
    }

    @Test
    void kafkaCostControlKnowsOneNameOfPrincipals() throws Exception {
        assertThat(load("METRICS_FORMAT", "Kafka-Cost-Control").principalTag())
                .isEqualTo("principal_id");
        assertThat(problems("METRICS_FORMAT", "kafka-cost-control", "METRICS_PRINCIPAL_TAG", "who"))
                .containsExactly(
                        "METRICS_PRINCIPAL_TAG=who: allowed is principal_id with"
                                + " METRICS_FORMAT=kafka-cost-control");
        assertThat(problems("METRICS_FORMAT", "influx"))
                .containsExactly(
                        "METRICS_FORMAT=influx: allowed is standard or kafka-cost-control");
    }

    @Test
    void clustersHaveOneList() {
        assertThat(problems("CONFLUENT_METRICS_KAFKA_ID_LIST", "lkc-2"))
                .containsExactly(
                        "CONFLUENT_METRICS_KAFKA_ID_LIST: set CONFLUENT_METRICS_CLUSTER_ID_LIST"
                                + " instead");
    }

    @ParameterizedTest
    @ValueSource(strings = {"!lkc-1", "!lkc-1,!lkc-2", "lkc-1,!lkc-1"})
    void exclusionsAloneAreToldWhatTheyLack(String list) {
        assertThat(problems("CONFLUENT_METRICS_CLUSTER_ID_LIST", list))
                .singleElement()
                .asString()
                .startsWith("CONFLUENT_METRICS_CLUSTER_ID_LIST=" + list + ": allowed is a ")
                .endsWith(", auto, env-… and !id, which only excludes");
    }

    /** By its own rules of what a line may show: JSON may hold a secret. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "lkc-1,lkc-a;lkc-b | lkc-a;lkc-b",
                "[\"lkc-a\",lkc-1,'b'] | [\"lkc-a\", 'b']",
                "lkc-1,!env-2,a%nb | !env-2, a b",
                "{\"a\":1,\"HUSH\":2} | ***"
            })
    void theWrongItemsOfAListAreNamed(String list, String wrong) {
        assertThat(problem("CONFLUENT_METRICS_CLUSTER_ID_LIST", list.formatted()))
                .endsWith("; wrong: " + wrong);
    }

    @ParameterizedTest
    @CsvSource({
        "METRICS_DELIVERI, METRICS_DELIVERY",
        "METRICS_TOPC, METRICS_TOPIC",
        "METRICS_LEDGER_TOPICS, METRICS_LEDGER_TOPIC",
        "METRICS_API_RETRYS, METRICS_API_RETRIES",
        "AGENT_SHART, AGENT_SHARD",
        "AGENT_SHRAD, AGENT_SHARD",
        "MINUTE_TO_SCRAP_AT, MINUTE_TO_SCRAPE_AT",
        "CONFLUENT_METRICS_HOTS, CONFLUENT_METRICS_HOST",
        "CONFLUENT_METRICS_CA_FIL, CONFLUENT_METRICS_CA_FILE",
        "CONFLUENT_METRICS_API_KEYFILE, CONFLUENT_METRICS_API_KEY_FILE",
        "GLOBAL_LOGLEVEL, GLOBAL_LOG_LEVEL",
        "LOG_FORMT, LOG_FORMAT",
        "MANAGEMENT_ADRESS, MANAGEMENT_ADDRESS"
    })
    void aMisspeltSettingIsWarnedOf(String variable, String meant) throws Exception {
        String warning = variable + ": ignored, did you mean " + meant + "?";
        String property = variable.toLowerCase(Locale.ROOT).replace('_', '.');

        assertThat(load(variable, "hush").warnings()).containsExactly(warning);
        assertThat(load(Map.of(property, "hush")).warnings()).containsExactly(warning);
    }

    /** Of routes, images and Kubernetes; or none but its own place knows it. */
    @Test
    void aNameThatIsNotCloseToASettingIsNotWarnedOf() throws Exception {
        String names =
                """
                AGENT_HOME AGENT_SERVICE_HOST METRICS_QUERY MANAGEMENT_HOST CONFLUENT_HOME LOG_LEVEL
                CONFLUENT_METRICS_CONNECTOR_ID_LIST
                """;
        for (String name : names.split("\\s+")) {
            assertThat(load(name, "x").warnings()).isEmpty();
        }
    }

    @Test
    void ofTwoSpellingsInOneFileTheLowerCaseOneWins() throws Exception {
        assertThat(load(Map.of("metrics.topic", "lower", "METRICS_TOPIC", "upper")).topic())
                .isEqualTo("lower");
    }

    @Test
    void aFileOfPropertiesThatCannotBeReadIsToldWhy() throws Exception {
        Path utf16 =
                Files.writeString(files.resolve("p"), "metrics.topic=x", StandardCharsets.UTF_16);

        assertThat(SettingsSource.read(files.resolve("missing"))).isEmpty();
        assertThatThrownBy(() -> SettingsSource.read(utf16))
                .hasMessage(
                        utf16 + " cannot be read (MalformedInputException): save it as UTF-8 text");
        assertThatThrownBy(() -> SettingsSource.read(files))
                .hasMessage(files + " cannot be read (IOException): it is a directory");
    }

    @Test
    void anUnderscoreIsReplacedInTheHostAlone() throws Exception {
        ApiSettings api = load("CONFLUENT_METRICS_HOST", "http://mock_api:8080/mock_api").api();

        assertThat(api.baseUrl()).hasToString("http://mock-api:8080/mock_api");
        assertThat(api.hostName()).isEqualTo("mock_api");
    }

    @ParameterizedTest
    @CsvSource({
        "METRICS_WINDOW_DEADLINE_MS, from 1 to 2147483647",
        "METRICS_KAFKA_PATIENCE_MS, from 0 to 2147483647",
        "CONFLUENT_METRICS_REQUESTS_PER_MINUTE, from 1 to 2147483647",
        "KAFKA_BATCH_SIZE, of at most 2147483647"
    })
    void aNumberThatIsTooLargeIsToldItsRange(String variable, String range) {
        assertThat(problems(variable, "2147483648"))
                .containsExactly(variable + "=2147483648: allowed is a whole number " + range);
    }

    @Test
    void aHostAndItsProxyAreReportedAtOnce() {
        assertThat(problems("CONFLUENT_METRICS_HOST", "ftp://x", "HTTPS_PROXY", "bad bad"))
                .hasSize(2)
                .anyMatch(it -> it.startsWith("CONFLUENT_METRICS_HOST=ftp://x: "))
                .anyMatch(it -> it.startsWith("HTTPS_PROXY=***: "));
    }

    @ParameterizedTest
    @CsvSource({
        "CONFLUENT_METRICS_HOST, ftp://host",
        "CONFLUENT_METRICS_HOST, host",
        "CONFLUENT_METRICS_HOST, https://",
        "CONFLUENT_METRICS_HOST, https://host:99999",
        "CONFLUENT_METRICS_HOST, http://a b",
        "CONFLUENT_METRICS_HOST, https://host/v2/metrics/cloud/query",
        "CONFLUENT_METRICS_HOST, https://host/gateway/v2/metrics/",
        "CONFLUENT_METRICS_CLUSTER_ID_LIST, 'lkc-1,lkc 2'",
        "CONFLUENT_METRICS_CLUSTER_ID_LIST, ' , ,'",
        "CONFLUENT_METRICS_REQUESTS_PER_MINUTE, 0",
        "CONFLUENT_METRICS_REQUESTS_PER_MINUTE, 1.5",
        "METRICS_WINDOW_MAX_POINTS, abc",
        "CONFLUENT_METRICS_CLUSTERS_PER_REQUEST, 0",
        "METRICS_PARALLEL_REQUESTS, 65",
        "METRICS_WINDOW_MAX_POINTS, 0",
        "METRICS_API_RETRIES, -1",
        "AGENT_CATCH_UP_MS, 10m",
        "AGENT_OWNERSHIP_CHECK_MS, 0",
        "METRICS_TOPIC, .",
        "METRICS_TOPIC, ..",
        "METRICS_TOPIC, ü",
        "MINUTE_TO_SCRAPE_AT, 4",
        "MINUTE_TO_SCRAPE_AT, 60",
        "MINUTE_TO_SCRAPE_AT, five",
        "GLOBAL_LOG_LEVEL, TRACE",
        "LOG_FORMAT, xml",
        "MANAGEMENT_ADDRESS, a b",
        "MANAGEMENT_PORT, 0",
        "MANAGEMENT_PORT, 65536",
        "METRICS_PRINCIPAL_TAG, cluster_id",
        "METRICS_PRINCIPAL_TAG, a b",
        "METRICS_PRINCIPAL_TAG, o'brien",
        "METRICS_PRINCIPAL_TAG, ${body}",
        "METRICS_PRINCIPAL_TAG, {{x}}",
        "METRICS_PRINCIPAL_TAG, 'a,b'",
        "METRICS_API_RETRY_MAX_DELAY_MS, 0",
        "MINUTE_TO_SCRAPE_AT, +5",
        "MINUTE_TO_SCRAPE_AT, \u0667"
    })
    void aWrongValueIsNamedWithItsVariable(String variable, String value) {
        assertThat(problem(variable, value)).startsWith(variable + "=").contains(": allowed is ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://me:hush@host", "https://host?token=hush", "https://host#hush"})
    void aHostThatMayHoldASecretIsNotShown(String host) {
        assertThat(problem("CONFLUENT_METRICS_HOST", host))
                .startsWith("CONFLUENT_METRICS_HOST=***: ")
                .doesNotContain("hush");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"})
    void plainHttpToThisMachineIsFine(String host) throws Exception {
        assertThat(load("CONFLUENT_METRICS_HOST", host).warnings()).isEmpty();
    }

    @Test
    void plainHttpToAnotherMachineIsWarnedAbout() throws Exception {
        Settings settings = load("CONFLUENT_METRICS_HOST", "http://metrics.example:80/");

        assertThat(settings.api().baseUrl()).hasToString("http://metrics.example:80");
        assertThat(warning(settings))
                .startsWith("CONFLUENT_METRICS_HOST=http://metrics.example:80/: ");
    }

    @Test
    void clustersAreTrimmedAndScrapedOnce() throws Exception {
        Settings settings =
                load("CONFLUENT_METRICS_CLUSTER_ID_LIST", " lkc-2, ,lkc-1,lkc-2 ,other_1,");

        assertThat(settings.ids()).containsExactly("lkc-2", "lkc-1", "other_1");
        assertThat(warning(settings)).endsWith(": lkc-2");
    }

    @ParameterizedTest
    @CsvSource({
        "critical, ERROR",
        "FATAL, ERROR",
        "Error, ERROR",
        "warn, WARN",
        "WARNING, WARN",
        "info, INFO",
        "DEBUG, DEBUG"
    })
    void logLevelsOfPythonAndJavaAreUnderstood(String name, Level level) throws Exception {
        assertThat(load("GLOBAL_LOG_LEVEL", name).logLevel()).isEqualTo(level);
    }

    @Test
    void aStrongerLayerWinsAndAnEmptyValueCountsAsNotSet() throws Exception {
        Map<String, String> environment = new HashMap<>(REQUIRED);
        environment.put("METRICS_TOPIC", "of-environment");
        environment.put("MINUTE_TO_SCRAPE_AT", "");
        environment.put("METRICS_PRINCIPAL_TAG", "of-environment");

        Settings settings =
                Settings.load(
                        SettingsSource.of(
                                Map.of("metrics.topic", "of-system"),
                                environment,
                                List.of(
                                        Map.of("metrics.principal.tag", "of-file"),
                                        Map.of("minute.to.scrape.at", "17"),
                                        DEFAULTS)));

        assertThat(settings.topic()).isEqualTo("of-system");
        assertThat(settings.principalTag()).isEqualTo("of-environment");
        assertThat(settings.minuteToScrapeAt()).isEqualTo(17);
    }

    @Test
    void aSecretMayBeInAFile() throws Exception {
        Path file = Files.writeString(files.resolve("secret"), "fröm-file\n");

        Settings settings =
                load(
                        "CONFLUENT_METRICS_API_SECRET",
                        "",
                        "CONFLUENT_METRICS_API_SECRET_FILE",
                        file.toString());

        assertThat(settings.api().secret().value()).isEqualTo("fröm-file");
    }

    /** With what editors and Windows add. */
    @Test
    void kafkaSecretsMayBeInFilesToo() throws Exception {
        Path password = Files.writeString(files.resolve("password"), "\uFEFFhush \r\n");
        Path json = Files.writeString(files.resolve("json"), "\uFEFF{\"linger_ms\": 7}\r\n\r\n");

        Settings settings =
                load(
                        "KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT",
                        "KAFKA_SASL_MECHANISM", "PLAIN",
                        "KAFKA_SASL_PLAIN_USERNAME", "me",
                        "KAFKA_SASL_PLAIN_PASSWORD_FILE", password.toString(),
                        "KAFKA_SETTINGS_FILE", json.toString());

        assertThat(settings.kafka())
                .containsEntry("linger.ms", "7")
                .hasEntrySatisfying(
                        "sasl.jaas.config", it -> assertThat(it).contains("password=\"hush \""));
        assertThat(warning(settings))
                .startsWith("KAFKA_SASL_PLAIN_PASSWORD: there is white space in it");
    }

    @Test
    void aSecretAndItsFileExcludeEachOther() throws Exception {
        Path file = Files.writeString(files.resolve("secret"), "hush");

        assertThat(
                        problems(
                                "CONFLUENT_METRICS_API_KEY_FILE", file.toString(),
                                "KAFKA_SSL_KEY_PASSWORD", "hush",
                                "KAFKA_SSL_KEY_PASSWORD_FILE", file.toString()))
                .containsExactlyInAnyOrder(
                        "CONFLUENT_METRICS_API_KEY and CONFLUENT_METRICS_API_KEY_FILE"
                                + " are both set: set one",
                        "KAFKA_SSL_KEY_PASSWORD and KAFKA_SSL_KEY_PASSWORD_FILE"
                                + " are both set: set one");
    }

    @Test
    void aFileThatCannotBeUsedIsNamed() throws Exception {
        Path empty = Files.writeString(files.resolve("empty"), "\n");
        Path missing = files.resolve("missing");
        Path latin =
                Files.writeString(files.resolve("latin"), "\u00FC", StandardCharsets.ISO_8859_1);

        assertThat(
                        problems(
                                "KAFKA_SASL_PASSWORD_FILE", missing.toString(),
                                "KAFKA_SSL_PASSWORD_FILE", empty.toString(),
                                "KAFKA_SSL_TRUSTSTORE_PASSWORD_FILE", latin.toString(),
                                "KAFKA_SETTINGS_FILE", files.toString()))
                .containsExactlyInAnyOrder(
                        "KAFKA_SASL_PASSWORD_FILE=" + missing + ": there is no such file",
                        "KAFKA_SSL_PASSWORD_FILE=" + empty + ": the file is empty",
                        "KAFKA_SSL_TRUSTSTORE_PASSWORD_FILE="
                                + latin
                                + ": the file cannot be read: save it as UTF-8 text",
                        "KAFKA_SETTINGS_FILE="
                                + files
                                + ": the file cannot be read: it is a directory");
    }

    /** Some editors write .yml, and some people forget the rest. */
    @Test
    void routeFilesOfTheWrongNameAreWarnedOf() throws Exception {
        for (String name : "a.camel.yaml b.kamelet.yaml q.yaml c.camel.yml notes.md".split(" ")) {
            Files.createFile(files.resolve(name));
        }

        assertThat(load("AGENT_ROUTES_DIR", files.toString()).warnings())
                .containsExactly(
                        "AGENT_ROUTES_DIR: c.camel.yml, q.yaml: not read, their names do not end in"
                                + " .camel.yaml or .kamelet.yaml");
    }

    /** Whoever takes a file's variable for the secret's own. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CONFLUENT_METRICS_API_SECRET_FILE | cfltHUSH",
                "KAFKA_SASL_PASSWORD_FILE | a/HUSH",
                "KAFKA_SASL_PASSWORD_FILE | /HUSH",
                "KAFKA_SETTINGS_FILE | {\"sasl_plain_password\": \"HUSH\"}",
                "HTTPS_PROXY_FILE | http://user:HUSH@proxy:3128",
                "KAFKA_SSL_CAFILE | -----BEGIN PRIVATE KEY-----%nHUSH%n-----END PRIVATE KEY-----",
                "KAFKA_SSL_KEYFILE | -----BEGIN PRIVATE KEY-----%nHUSH%n-----END PRIVATE KEY-----",
                "CONFLUENT_METRICS_CA_FILE | -----BEGIN PRIVATE KEY-----%nHUSH"
            })
    void contentInPlaceOfAPathIsNotShown(String variable, String content) {
        // in the fixture the secret itself is set
        assertThat(problems(variable, content.formatted(), "CONFLUENT_METRICS_API_SECRET", ""))
                .filteredOn(it -> it.startsWith(variable))
                .singleElement()
                .asString()
                .doesNotContain("HUSH", "\n");
    }

    @Test
    void noSecretIsInTheTextOfSettings() throws Exception {
        Settings settings =
                load(
                        "CONFLUENT_METRICS_API_KEY", "hush1",
                        "CONFLUENT_METRICS_API_SECRET", "hush2",
                        "KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                        "KAFKA_SASL_MECHANISM", "PLAIN",
                        "KAFKA_SASL_USERNAME", "me",
                        "KAFKA_SASL_PASSWORD", "hush3",
                        "KAFKA_SSL_KEY_PASSWORD", "hush4",
                        "KAFKA_SETTINGS", "{\"ssl_truststore_password\":\"hush5\"}");

        assertThat(settings.kafka()).containsEntry("ssl.truststore.password", "hush5");
        assertThat(settings.toString()).doesNotContain("hush");
    }

    @Test
    void settingsCanBeReadFromTheSystemPropertiesAlone() throws Exception {
        Map<String, String> properties = new HashMap<>();
        REQUIRED.forEach(
                (name, value) -> properties.put(name.toLowerCase().replace('_', '.'), value));
        properties.put("kafka.settings", "{\"acks\": \"all\"}");
        properties.put("java.version", "17");
        properties.put("metrics.topc", "of another library");

        Settings settings =
                Settings.load(SettingsSource.of(properties, Map.of(), List.of(DEFAULTS)));

        assertThat(settings.kafka()).containsEntry("acks", "all");
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void aLedgerWhoseNameWouldBeTooLongHasToBeNamed() throws Exception {
        String topic = "t".repeat(245);

        assertThat(problems("METRICS_TOPIC", topic))
                .containsExactly(
                        "METRICS_LEDGER_TOPIC is not set, and %s-ledger is too long"
                                .formatted(topic));
        assertThat(problem("METRICS_TOPIC", topic, "METRICS_LEDGER_TOPIC", "a topic"))
                .startsWith("METRICS_LEDGER_TOPIC=a topic: ");
        assertThat(load("METRICS_TOPIC", topic, "METRICS_DELIVERY", "stateless").topic())
                .isEqualTo(topic);
    }

    @Test
    void aShardIsOneOfAsManyAsThereAre() throws Exception {
        for (String right : List.of("5/5", "01/5", "agent-4/5", "1/1", "agent-0/1")) {
            assertThat(load("AGENT_SHARD", right).shard().of()).isPositive();
        }
        String noShards = "0/5 6/5 2/0 0/0 x 5 agent-5/5 -1/5 $(POD_NAME)/5 2/5/5";
        for (String wrong : noShards.split(" ")) {
            assertThat(problem("AGENT_SHARD", wrong)).startsWith("AGENT_SHARD=" + wrong);
        }
        assertThat(problem("AGENT_SHARD", "1/5", "METRICS_DELIVERY", "at-least-once"))
                .isEqualTo(
                        "AGENT_SHARD=1/5: only an agent with METRICS_DELIVERY=exactly-once can have a"
                                + " shard; else remove it");
        assertThat(problem("AGENT_SHARD", "1/5", "METRICS_DELIVERY", "once"))
                .startsWith("METRICS_DELIVERY=once");
    }

    /** Two with the same transactional id fence each other. */
    @Test
    void agentsOfAnotherTopicOrNameHaveAnotherTransactionalId() throws Exception {
        String alone = load("METRICS_TOPIC", "m").transactionalId();
        String named = load("METRICS_TOPIC", "m", "AGENT_NAME", "dev").transactionalId();

        assertThat(alone).isEqualTo("confluent-scraping-agent-m");
        // one right for all that begins so serves both
        assertThat(named).startsWith(alone);
        assertThat(load("METRICS_TOPIC", "m-dev").transactionalId())
                .isEqualTo("confluent-scraping-agent-m-dev")
                .isNotEqualTo(named);
        assertThat(load("METRICS_TOPIC", "m", "AGENT_SHARD", "2/5").transactionalId())
                .isEqualTo("confluent-scraping-agent-m-2-of-5");
    }
}
