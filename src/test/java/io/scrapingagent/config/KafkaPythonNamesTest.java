package io.scrapingagent.config;

import static io.scrapingagent.config.SettingsFixture.load;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every name that kafka-python's KafkaProducer has or had. Files and credentials, which need more
 * than one setting, are in the tests of TLS and SASL.
 */
class KafkaPythonNamesTest {

    /** kafka-python's name, its value as JSON, Java's name and value. */
    static Stream<Arguments> mapped() {
        return Stream.of(
                arguments("bootstrap_servers", "\"a:1\"", "bootstrap.servers", "a:1"),
                arguments("bootstrap_servers", "\"a\"", "bootstrap.servers", "a:9092"),
                arguments(
                        "bootstrap_servers", "[\"a:1\",\"b\"]", "bootstrap.servers", "a:1,b:9092"),
                arguments("client_id", "\"me\"", "client.id", "me"),
                arguments("enable_idempotence", "true", "enable.idempotence", "true"),
                arguments("transaction_timeout_ms", "60000", "transaction.timeout.ms", "60000"),
                arguments("delivery_timeout_ms", "120000.0", "delivery.timeout.ms", "120000"),
                arguments("acks", "\"all\"", "acks", "all"),
                arguments("acks", "-1", "acks", "-1"),
                arguments("acks", "1", "acks", "1"),
                arguments("acks", "0", "acks", "0"),
                arguments("compression_type", "null", "compression.type", "none"),
                arguments("compression_type", "\"gzip\"", "compression.type", "gzip"),
                arguments("compression_type", "\"zstd\"", "compression.type", "zstd"),
                arguments("retries", "3", "retries", "3"),
                arguments("retries", "Infinity", "retries", "2147483647"),
                arguments("batch_size", "16384", "batch.size", "16384"),
                arguments("linger_ms", "5", "linger.ms", "5"),
                arguments("buffer_memory", "33554432", "buffer.memory", "33554432"),
                arguments("connections_max_idle_ms", "540000", "connections.max.idle.ms", "540000"),
                arguments("max_block_ms", "60000", "max.block.ms", "60000"),
                arguments("max_request_size", "1048576", "max.request.size", "1048576"),
                arguments("metadata_max_age_ms", "300000", "metadata.max.age.ms", "300000"),
                arguments(
                        "client_dns_lookup",
                        "\"use_all_dns_ips\"",
                        "client.dns.lookup",
                        "use_all_dns_ips"),
                arguments("retry_backoff_ms", "100", "retry.backoff.ms", "100"),
                arguments("request_timeout_ms", "30000", "request.timeout.ms", "30000"),
                arguments("receive_buffer_bytes", "32768", "receive.buffer.bytes", "32768"),
                arguments("send_buffer_bytes", "131072", "send.buffer.bytes", "131072"),
                arguments("reconnect_backoff_ms", "50", "reconnect.backoff.ms", "50"),
                arguments("reconnect_backoff_max_ms", "30000", "reconnect.backoff.max.ms", "30000"),
                arguments(
                        "max_in_flight_requests_per_connection",
                        "2",
                        "max.in.flight.requests.per.connection",
                        "2"),
                arguments("security_protocol", "\"SSL\"", "security.protocol", "SSL"),
                arguments(
                        "ssl_check_hostname", "false", "ssl.endpoint.identification.algorithm", ""),
                arguments(
                        "ssl_check_hostname",
                        "true",
                        "ssl.endpoint.identification.algorithm",
                        "https"),
                arguments(
                        "ssl_ciphers",
                        "\"ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305\"",
                        "ssl.cipher.suites",
                        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,"
                                + "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
                arguments("ssl_password", "\"hush\"", "ssl.key.password", "hush"),
                arguments("sasl_mechanism", "\"SCRAM-SHA-512\"", "sasl.mechanism", "SCRAM-SHA-512"),
                arguments(
                        "sasl_kerberos_service_name",
                        "\"kafka\"",
                        "sasl.kerberos.service.name",
                        "kafka"),
                arguments("transactional_id", "\"own-id\"", "transactional.id", "own-id"),
                arguments("metric_reporters", "[]", null, null),
                arguments("metrics_num_samples", "2", "metrics.num.samples", "2"),
                arguments(
                        "metrics_sample_window_ms", "30000", "metrics.sample.window.ms", "30000"));
    }

    @ParameterizedTest
    @MethodSource("mapped")
    void isMappedFromKafkaSettings(String name, String json, String javaName, String javaValue)
            throws Exception {
        Settings settings =
                load(
                        "KAFKA_SETTINGS",
                        "{\"" + name + "\":" + json + "}",
                        "METRICS_DELIVERY",
                        deliveryFor(name));

        assertMapped(settings, javaName, javaValue);
    }

    @ParameterizedTest
    @MethodSource("mapped")
    void isMappedFromItsVariable(String name, String json, String javaName, String javaValue)
            throws Exception {
        String value =
                switch (json) {
                    case "null" -> "None";
                    case "true" -> "True";
                    case "false" -> "False";
                    default -> json.replaceAll("^\"|\"$", "");
                };

        Settings settings =
                load(
                        "KAFKA_" + name.toUpperCase(Locale.ROOT),
                        value,
                        "METRICS_DELIVERY",
                        deliveryFor(name));

        assertMapped(settings, javaName, javaValue);
    }

    /** Weak acknowledgements and transactions exclude each other. */
    private static String deliveryFor(String name) {
        return name.equals("transactional_id") ? "exactly-once" : "at-least-once";
    }

    private static void assertMapped(Settings settings, String javaName, String javaValue) {
        Map<String, String> kafka = new HashMap<>(settings.kafka());
        if (javaName != null) {
            assertThat(kafka.get(javaName)).isEqualToIgnoringCase(javaValue);
        }
        // one setting gives one, apart from the broker's address and what weak acks imply
        kafka.keySet().removeAll(List.of("bootstrap.servers", "enable.idempotence"));
        assertThat(kafka.size()).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allow_auto_create_topics",
                "api_version",
                "api_version_auto_timeout_ms",
                "bootstrap_timeout_ms",
                "bootstrap_topics_filter",
                "default_api_timeout_ms",
                "kafka_client",
                "key_serializer",
                "metrics_enabled",
                "net",
                "partitioner",
                "proxy_url",
                "receive_message_max_bytes",
                "sasl_kerberos_domain_name",
                "sasl_kerberos_name",
                "sasl_oauth_token_provider",
                "selector",
                "sock_chunk_buffer_count",
                "sock_chunk_bytes",
                "socket_options",
                "socks5_proxy",
                "ssl_context",
                "ssl_crlfile",
                "value_serializer"
            })
    void isIgnoredWithAWarning(String name) throws Exception {
        String variable = "KAFKA_" + name.toUpperCase(Locale.ROOT);

        Settings byVariable = load(variable, "hush");
        Settings byJson = load("KAFKA_SETTINGS", "{\"" + name + "\":\"hush\"}");

        assertThat(byVariable.kafka()).containsOnlyKeys("bootstrap.servers");
        assertThat(byVariable.warnings())
                .singleElement()
                .asString()
                .contains(variable, "ignored")
                .doesNotContain("hush");
        assertThat(byJson.kafka()).containsOnlyKeys("bootstrap.servers");
        assertThat(byJson.warnings())
                .singleElement()
                .asString()
                .contains("KAFKA_SETTINGS " + name, "ignored")
                .doesNotContain("hush");
    }

    @Test
    void anIgnoredValueMayBeNested() throws Exception {
        Settings settings =
                load("KAFKA_SETTINGS", "{\"socket_options\":[[6,1,1]],\"api_version\":[2,5]}");

        assertThat(settings.warnings())
                .containsExactly(
                        "KAFKA_SETTINGS socket_options, KAFKA_SETTINGS api_version:"
                                + " ignored, the Java producer has no such setting");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "request_timeout_ms",
                "send_buffer_bytes",
                "client_id",
                "security_protocol",
                "sasl_mechanism",
                "ssl_cafile",
                "ssl_check_hostname",
                "sasl_plain_password"
            })
    void noneSetsNothing(String name) throws Exception {
        Settings settings = load("KAFKA_SETTINGS", "{\"" + name + "\": null}");

        assertThat(settings.kafka()).containsOnlyKeys("bootstrap.servers");
        assertThat(settings.warnings()).isEmpty();
    }
}
