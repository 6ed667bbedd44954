package io.scrapingagent.config;

import static io.scrapingagent.config.SettingsFixture.load;
import static io.scrapingagent.config.SettingsFixture.warning;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every name that kafka-python's KafkaProducer has or had. Files and credentials, which need more
 * than one setting, are in the tests of TLS and SASL.
 */
class KafkaPythonNamesTest {

    /** Each row: kafka-python's name, its value as JSON, Java's name and value. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    bootstrap_servers | "a:1" | bootstrap.servers | a:1
                    bootstrap_servers | "a" | bootstrap.servers | a:9092
                    bootstrap_servers | ["a:1","b"] | bootstrap.servers | a:1,b:9092
                    client_id | "me" | client.id | me
                    enable_idempotence | true | enable.idempotence | true
                    transaction_timeout_ms | 60000 | transaction.timeout.ms | 60000
                    delivery_timeout_ms | 120000.0 | delivery.timeout.ms | 120000
                    acks | "all" | acks | all
                    acks | -1 | acks | -1
                    acks | 1 | acks | 1
                    acks | 0 | acks | 0
                    compression_type | null | compression.type | none
                    compression_type | "gzip" | compression.type | gzip
                    compression_type | "zstd" | compression.type | zstd
                    retries | 3 | retries | 3
                    retries | Infinity | retries | 2147483647
                    batch_size | 16384 | batch.size | 16384
                    linger_ms | 5 | linger.ms | 5
                    buffer_memory | 33554432 | buffer.memory | 33554432
                    connections_max_idle_ms | 540000 | connections.max.idle.ms | 540000
                    max_block_ms | 60000 | max.block.ms | 60000
                    max_request_size | 1048576 | max.request.size | 1048576
                    metadata_max_age_ms | 300000 | metadata.max.age.ms | 300000
                    client_dns_lookup | "use_all_dns_ips" | client.dns.lookup | use_all_dns_ips
                    retry_backoff_ms | 100 | retry.backoff.ms | 100
                    request_timeout_ms | 30000 | request.timeout.ms | 30000
                    receive_buffer_bytes | 32768 | receive.buffer.bytes | 32768
                    send_buffer_bytes | 131072 | send.buffer.bytes | 131072
                    reconnect_backoff_ms | 50 | reconnect.backoff.ms | 50
                    reconnect_backoff_max_ms | 30000 | reconnect.backoff.max.ms | 30000
                    max_in_flight_requests_per_connection | 2 | max.in.flight.requests.per.connection | 2
                    security_protocol | "SSL" | security.protocol | SSL
                    ssl_check_hostname | false | ssl.endpoint.identification.algorithm | ``
                    ssl_check_hostname | true | ssl.endpoint.identification.algorithm | https
                    ssl_ciphers | "ECDHE-ECDSA-CHACHA20-POLY1305" | ssl.cipher.suites | TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
                    ssl_ciphers | "ECDHE-RSA-AES128-GCM-SHA256" | ssl.cipher.suites | TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
                    ssl_password | "hush" | ssl.key.password | hush
                    sasl_mechanism | "SCRAM-SHA-512" | sasl.mechanism | SCRAM-SHA-512
                    sasl_kerberos_service_name | "kafka" | sasl.kerberos.service.name | kafka
                    transactional_id | "own-id" | transactional.id | own-id
                    metric_reporters | [] | `` | ``
                    metrics_num_samples | 2 | metrics.num.samples | 2
                    metrics_sample_window_ms | 30000 | metrics.sample.window.ms | 30000
                    """)
    void isMapped(String name, String json, String javaName, String javaValue) throws Exception {
        // weak acknowledgements and transactions exclude each other
        String delivery = name.equals("transactional_id") ? "exactly-once" : "at-least-once";
        String value =
                switch (json) {
                    case "null" -> "None";
                    case "true" -> "True";
                    case "false" -> "False";
                    default -> json.replaceAll("^\"|\"$", "");
                };
        String variable = "KAFKA_" + name.toUpperCase(Locale.ROOT);
        String settings = "{\"" + name + "\":" + json + "}";

        for (Settings loaded :
                List.of(
                        load("KAFKA_SETTINGS", settings, "METRICS_DELIVERY", delivery),
                        load(variable, value, "METRICS_DELIVERY", delivery))) {
            Map<String, String> kafka = new HashMap<>(loaded.kafka());
            if (!javaName.isEmpty()) {
                assertThat(kafka.get(javaName)).isEqualToIgnoringCase(javaValue);
            }
            // one setting gives one, apart from the broker's address and what weak acks imply
            kafka.keySet().removeAll(List.of("bootstrap.servers", "enable.idempotence"));
            assertThat(kafka.size()).isLessThanOrEqualTo(1);
        }
    }

    static Stream<String> ignored() {
        return Stream.of(
                """
                allow_auto_create_topics api_version api_version_auto_timeout_ms
                bootstrap_timeout_ms bootstrap_topics_filter default_api_timeout_ms kafka_client
                key_serializer metrics_enabled net partitioner proxy_url receive_message_max_bytes
                sasl_kerberos_domain_name sasl_kerberos_name sasl_oauth_token_provider selector
                sock_chunk_buffer_count sock_chunk_bytes socket_options socks5_proxy ssl_context
                ssl_crlfile value_serializer
                """
                        .split("\\s+"));
    }

    @ParameterizedTest
    @MethodSource("ignored")
    void isIgnoredWithAWarning(String name) throws Exception {
        String variable = "KAFKA_" + name.toUpperCase(Locale.ROOT);

        String json = "{\"" + name + "\":\"hush\"}";

        for (Settings settings : List.of(load(variable, "hush"), load("KAFKA_SETTINGS", json))) {
            assertThat(settings.kafka()).containsOnlyKeys("bootstrap.servers");
            assertThat(warning(settings))
                    .matches("(" + variable + "|KAFKA_SETTINGS " + name + "): ignored.*")
                    .doesNotContain("hush");
        }
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

    @Test
    void noneSetsNothing() throws Exception {
        String names =
                """
                request_timeout_ms send_buffer_bytes client_id security_protocol sasl_mechanism
                ssl_cafile ssl_check_hostname sasl_plain_password
                """;
        for (String name : names.split("\\s+")) {
            Settings settings = load("KAFKA_SETTINGS", "{\"" + name + "\": null}");
            assertThat(settings.kafka()).containsOnlyKeys("bootstrap.servers");
            assertThat(settings.warnings()).isEmpty();
        }
    }
}
