package io.scrapingagent.config;

import static io.scrapingagent.config.SettingsFixture.DEFAULTS;
import static io.scrapingagent.config.SettingsFixture.REQUIRED;
import static io.scrapingagent.config.SettingsFixture.load;
import static io.scrapingagent.config.SettingsFixture.problem;
import static io.scrapingagent.config.SettingsFixture.problems;
import static io.scrapingagent.config.SettingsFixture.warning;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaSettingsTest {

    @Test
    void aVariableWinsOverKafkaSettingsOfItsLayerAndThatOverDefaults() throws Exception {
        Settings settings =
                load(
                        Map.of(
                                "kafka.linger.ms", "1",
                                "kafka.batch.size", "1",
                                "kafka.client.id", "of-defaults"),
                        "KAFKA_SETTINGS",
                        "{\"linger.ms\": 2, \"BATCH_SIZE\": 2}",
                        "KAFKA_LINGER_MS",
                        "3");

        assertThat(settings.kafka())
                .containsEntry("linger.ms", "3")
                .containsEntry("batch.size", "2")
                .containsEntry("client.id", "of-defaults");
        assertThat(settings.warnings()).isEmpty();
    }

    /** Whatever is wrong with it: nobody uses it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "KAFKA_SSL_CHECK_HOSTNAME | true   | kafka.ssl.check.hostname | yes",
                "KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM | https | kafka.ssl.check.hostname | yes",
                "KAFKA_SSL_CIPHER_SUITES  | TLS_AES_128_GCM_SHA256 | kafka.ssl.ciphers | none-such",
                "KAFKA_BOOTSTRAP_SERVERS  | b:9092 | kafka.bootstrap.servers  | http://x:9092",
                "KAFKA_SSL_PASSWORD       | p      | kafka.ssl.key.password.file | /nope",
                "KAFKA_LINGER_MS          | 5      | kafka.settings           | {\"linger_ms\":{\"a\":1}}",
                "KAFKA_SETTINGS           | {\"linger_ms\":5} | kafka.settings | {\"linger_ms\":{\"a\":1}}",
                "KAFKA_LINGER_MS          | 5      | kafka.linger.ms          | '\"7\"'",
                "KAFKA_SETTINGS           | {\"key_serializer\":\"str\"} | kafka.key.serializer | a.Serializer",
            })
    void aStrongerSettingHidesAWrongOne(
            String variable, String value, String property, String wrong) throws Exception {
        Settings alone = load(variable, value);

        Settings settings = load(Map.of(property, wrong), variable, value);

        assertThat(settings.kafka()).isEqualTo(alone.kafka());
        assertThat(settings.warnings()).isEqualTo(alone.warnings());
    }

    @Test
    void aSettingThatIsWrongIsNamedInTheStrongestLayerAlone() {
        Map<String, String> environment = new HashMap<>(REQUIRED);
        environment.put("KAFKA_SASL_PASSWORD_FILE", "/etc/nope");

        assertThat(
                        problems(
                                SettingsSource.of(
                                        Map.of(),
                                        environment,
                                        List.of(
                                                Map.of("kafka.sasl.password.file", "/nor-this"),
                                                DEFAULTS))))
                .containsExactly("KAFKA_SASL_PASSWORD_FILE=/etc/nope: there is no such file");
    }

    @Test
    void javaNamesAreTakenAsTheyAre() throws Exception {
        Settings settings =
                load(
                        "KAFKA_SSL_TRUSTSTORE_LOCATION", "/trust.jks",
                        "KAFKA_SASL_OAUTHBEARER_ASSERTION_PRIVATE_KEY_FILE", "/key.pem",
                        "KAFKA_SETTINGS", "{\"ssl.endpoint.identification.algorithm\": \"\"}");

        assertThat(settings.kafka())
                .containsEntry("ssl.truststore.location", "/trust.jks")
                .containsEntry("sasl.oauthbearer.assertion.private.key.file", "/key.pem")
                .containsEntry("ssl.endpoint.identification.algorithm", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "not json hush | wrong syntax, often a quote or a comma",
                "{\"linger_ms\": hush} | wrong syntax, often a quote or a comma",
                "{'password': 'hush'} | wrong syntax, often a quote or a comma",
                "{\"hush\": 1,} | wrong syntax, often a quote or a comma",
                "{\"linger_ms\": 1} hush | wrong syntax, often a quote or a comma",
                "{\"linger_ms\": 1} {} | not one object",
                "[\"hush\"] | not one object",
                "\"hush\" | not one object",
                "{\"hush\": 1, \"hush\": 2} | a name twice",
                "{\"hush | wrong syntax, often a quote or a comma"
            })
    void jsonThatIsNoObjectIsAnErrorThatShowsNothingOfIt(String json, String mistake) {
        assertThat(problem("KAFKA_SETTINGS", json))
                .startsWith("KAFKA_SETTINGS=***: allowed is a JSON object of Kafka settings (line")
                .endsWith(": " + mistake + ")")
                .doesNotContain("hush");
    }

    @Test
    void spacesAroundAValueDoNotMatter() throws Exception {
        String json = "{\"retries\": \" 7 \", \"delivery_timeout_ms\": \" 60000\"}";

        assertThat(load("KAFKA_SETTINGS", json).kafka())
                .containsEntry("retries", "7")
                .containsEntry("delivery.timeout.ms", "60000");
    }

    @Test
    void aNestedValueIsAnError() {
        assertThat(problems("KAFKA_SETTINGS", "{\"linger_ms\": {\"a\": 1}}"))
                .containsExactly(
                        "KAFKA_SETTINGS linger_ms: allowed is a text, a number, true, false"
                                + " or a list of these");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "KAFKA_ACKS | 2 | String must be one of: all, -1, 0, 1",
                "KAFKA_RETRIES | -1 | Value must be at least 0",
                "KAFKA_LINGER_MS | 1.5 | allowed is a whole number",
                "KAFKA_COMPRESSION_GZIP_LEVEL | 10 | Value must be between 1 and 9 or equal to -1",
                "KAFKA_ENABLE_IDEMPOTENCE | maybe | Expected value to be either true or false",
                "KAFKA_COMPRESSION_TYPE | rar | String must be one of: none, gzip, snappy, lz4,"
                        + " zstd",
                "KAFKA_PARTITIONER_CLASS | a.B | Class a.B could not be found.",
                "KAFKA_SSL_CHECK_HOSTNAME | maybe | allowed is true or false",
                "KAFKA_BOOTSTRAP_SERVERS | a b | allowed is a list of host:port, ports up to 65535",
                "KAFKA_BOOTSTRAP_SERVERS | , | allowed is a list of host:port, ports up to 65535",
                "KAFKA_BOOTSTRAP_SERVERS | b:99999 | allowed is a list of host:port, ports up to"
                        + " 65535",
                "KAFKA_BOOTSTRAP_SERVERS | b:0 | allowed is a list of host:port, ports up to 65535",
                "KAFKA_BOOTSTRAP_SERVERS | b:99999999999 | allowed is a list of host:port, ports up"
                        + " to 65535"
            })
    void aWrongValueIsNamedWithTheReason(String variable, String value, String reason) {
        assertThat(problems(variable, value))
                .containsExactly(variable + "=" + value + ": " + reason);
    }

    @Test
    void aWrongSecurityProtocolIsNamedWithThoseThereAre() {
        assertThat(problem("KAFKA_SECURITY_PROTOCOL", "TLS"))
                .startsWith("KAFKA_SECURITY_PROTOCOL=TLS: String must be one of")
                .contains("SASL_SSL", "PLAINTEXT");
    }

    @Test
    void aWrongValueInKafkaSettingsIsNamed() {
        assertThat(problems("KAFKA_SETTINGS", "{\"linger_ms\": 1.5}"))
                .containsExactly("KAFKA_SETTINGS linger_ms=1.5: allowed is a whole number");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a | a:9092",
                " a:1 , ,b | a:1,b:9092",
                "[\"a:1\", \"b:2\"] | a:1,b:2",
                "SASL_SSL://a:1,plaintext://b | a:1,b:9092",
                "[::1]:9093 | [::1]:9093"
            })
    void brokersMayBeAListOfEitherKind(String value, String expected) throws Exception {
        assertThat(load("KAFKA_BOOTSTRAP_SERVERS", value).kafka())
                .containsEntry("bootstrap.servers", expected);
    }

    @ParameterizedTest
    @CsvSource({
        "KAFKA_BOOTSTRAP_SERVER, KAFKA_BOOTSTRAP_SERVERS",
        "KAFKA_SASL_MECHANISMS, KAFKA_SASL_MECHANISM",
        "KAFKA_SSL_CA_FILE, KAFKA_SSL_CAFILE",
        "KAFKA_LINGERMS, KAFKA_LINGER_MS"
    })
    void anUnknownNameCloseToARealOneIsCorrected(String variable, String meant) throws Exception {
        assertThat(warning(load(variable, "hush")))
                .startsWith(variable + ": ignored")
                .endsWith(", did you mean " + meant + "?")
                .doesNotContain("hush");
    }

    @Test
    void anUnknownNameInKafkaSettingsIsCorrectedToo() throws Exception {
        assertThat(
                        load("KAFKA_SETTINGS", "{\"linger_sm\": {\"a\": 1}, \"group_id\": 1}")
                                .warnings())
                .containsExactly(
                        "KAFKA_SETTINGS linger_sm: ignored, did you mean KAFKA_LINGER_MS?",
                        "KAFKA_SETTINGS group_id: ignored, the Java producer has no such setting");
    }

    @Test
    void whatKubernetesAndImagesSetIsIgnored() throws Exception {
        String variables =
                """
                KAFKA_SERVICE_HOST KAFKA_SERVICE_PORT KAFKA_SERVICE_PORT_TCP_CLIENT KAFKA_PORT
                KAFKA_PORT_9092_TCP KAFKA_PORT_9092_TCP_ADDR KAFKA_PORT_9092_TCP_PORT
                KAFKA_PORT_9092_TCP_PROTO KAFKA_UI_SERVICE_HOST KAFKA_HOME KAFKA_VERSION
                KAFKA_HEAP_OPTS KAFKA_JVM_PERFORMANCE_OPTS KAFKA_LOG4J_OPTS
                """;
        for (String variable : variables.split("\\s+")) {
            Settings settings = load(variable, "10.0.0.1");
            assertThat(settings.kafka()).containsOnlyKeys("bootstrap.servers");
            assertThat(settings.warnings())
                    .containsExactly(variable + ": ignored, the Java producer has no such setting");
        }
    }

    @Test
    void serializersOfJavaAreRefused() {
        String name = "org.apache.kafka.common.serialization.StringSerializer";

        assertThat(problems("KAFKA_KEY_SERIALIZER", name, "KAFKA_VALUE_SERIALIZER", name))
                .hasSize(2)
                .allSatisfy(it -> assertThat(it).contains("_SERIALIZER=" + name, "not allowed"));
    }

    @ParameterizedTest
    @CsvSource({
        "KAFKA_ACKS, 0",
        "KAFKA_ACKS, 1",
        "KAFKA_RETRIES, 0",
        "KAFKA_ENABLE_IDEMPOTENCE, False"
    })
    void weakDeliveryIsRefusedWhereMoreIsPromisedElseWarnedOf(String variable, String value)
            throws Exception {
        assertThat(problem(variable, value))
                .startsWith(variable + "=" + value + ": with METRICS_DELIVERY=exactly-once not")
                .endsWith("set METRICS_DELIVERY=at-least-once (not with AGENT_SHARD)");

        Settings settings = load(variable, value, "METRICS_DELIVERY", "at-least-once");
        assertThat(settings.kafka().get("enable.idempotence")).isEqualToIgnoringCase("false");
        assertThat(warning(settings)).startsWith(variable + "=" + value + ": records can be ");
        assertProducerAccepts(settings);
    }

    @Test
    void moreInFlightThanIdempotenceAllowsIsLimited() throws Exception {
        Settings settings = load("KAFKA_MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION", "10");

        assertThat(settings.kafka()).containsEntry("max.in.flight.requests.per.connection", "5");
        assertThat(settings.warnings()).hasSize(1);
        assertProducerAccepts(settings);
    }

    @Test
    void aDeliveryTimeoutGrowsWithTheOthers() throws Exception {
        Settings settings =
                load(
                        Map.of(
                                "kafka.delivery.timeout.ms", "30000",
                                "kafka.enable.idempotence", "true"),
                        "KAFKA_REQUEST_TIMEOUT_MS",
                        "60000",
                        "KAFKA_LINGER_MS",
                        "10",
                        "KAFKA_ACKS",
                        "1",
                        "METRICS_DELIVERY",
                        "at-least-once");

        assertThat(settings.kafka())
                .containsEntry("delivery.timeout.ms", "60010")
                .containsEntry("enable.idempotence", "false");
        assertThat(settings.warnings())
                .contains(
                        "KAFKA_DELIVERY_TIMEOUT_MS=30000: 60010 is used,"
                                + " the sum of KAFKA_LINGER_MS and KAFKA_REQUEST_TIMEOUT_MS");
        assertProducerAccepts(settings);
    }

    @Test
    void aWrongDeliveryTimeoutIsReportedAndNotReplaced() {
        assertThat(problem("KAFKA_DELIVERY_TIMEOUT_MS", "5m", "KAFKA_REQUEST_TIMEOUT_MS", "300000"))
                .startsWith("KAFKA_DELIVERY_TIMEOUT_MS=5m: allowed is a whole number");
    }

    /** Kafka's own cross-checks happen when a producer is made. */
    private static void assertProducerAccepts(Settings settings) {
        Map<String, Object> kafka = new HashMap<>(settings.kafka());
        new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())
                .close(Duration.ZERO);
    }
}
