package io.scrapingagent.config;

import static io.scrapingagent.config.SettingsFixture.load;
import static io.scrapingagent.config.SettingsFixture.problems;
import static io.scrapingagent.config.SettingsFixture.warning;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What editors, env files, Secrets and Kubernetes add to values. */
class PastedTextTest {

    private static final String BOM = "\uFEFF";

    @Test
    void byteOrderMarksAndLineEndsAreDropped() throws Exception {
        Settings settings =
                load(
                        "METRICS_TOPIC", BOM + "usage\r",
                        "CONFLUENT_METRICS_API_SECRET", BOM + "secret\r\n",
                        "KAFKA_SETTINGS", BOM + "{\"linger_ms\": 7}\r\n",
                        "KAFKA_CLIENT_ID", "me\r");

        assertThat(settings.topic()).isEqualTo("usage");
        assertThat(settings.api().secret().value()).isEqualTo("secret");
        assertThat(settings.kafka())
                .containsEntry("linger.ms", "7")
                .containsEntry("client.id", "me");
        assertThat(settings.warnings()).isEmpty();
    }

    /** As Java reads the environment's three bytes in the locales C and ISO-8859-1. */
    @ParameterizedTest
    @ValueSource(strings = {"\uFFFD\uFFFD\uFFFD", "\u00EF\u00BB\u00BF"})
    void byteOrderMarksAreDroppedInOtherLocalesToo(String mark) throws Exception {
        assertThat(load("METRICS_TOPIC", mark + "usage").topic()).isEqualTo("usage");
    }

    @Test
    void quotesAndWhiteSpaceInSecretsAreWarnedOf() throws Exception {
        Settings settings =
                load(
                        "CONFLUENT_METRICS_API_SECRET", "\"hidden\"",
                        "KAFKA_CLIENT_ID", "'me'",
                        "KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                        "KAFKA_SASL_MECHANISM", "PLAIN",
                        "KAFKA_SASL_USERNAME", "me",
                        "KAFKA_SASL_PASSWORD", "hid den ");

        assertThat(settings.warnings())
                .hasSize(3)
                .anySatisfy(
                        it -> assertThat(it).startsWith("CONFLUENT_METRICS_API_SECRET: the quotes"))
                .anySatisfy(it -> assertThat(it).startsWith("KAFKA_CLIENT_ID: the quotes"))
                .anySatisfy(
                        it ->
                                assertThat(it)
                                        .startsWith("KAFKA_SASL_PASSWORD: there is white space"))
                .noneMatch(it -> it.contains("hid"));
    }

    @Test
    void variablesThatKubernetesMakesForServicesDoNoHarm() throws Exception {
        Settings settings =
                load(
                        "MANAGEMENT_PORT", "tcp://10.0.0.7:80",
                        "MANAGEMENT_PORT_80_TCP_ADDR", "10.0.0.7",
                        "METRICS_PORT", "tcp://10.0.0.8:80",
                        "AGENT_SERVICE_HOST", "10.0.0.9",
                        "LOG_PORT", "udp://10.0.0.9:514",
                        "CONFLUENT_PORT", "tcp://10.0.0.9:80");

        assertThat(settings).isEqualTo(load());
    }

    @Test
    void anAuthorityThatIsNotThereIsAProblemOnlyWhereItIsTheAgentsOwn() throws Exception {
        assertThat(problems("CONFLUENT_METRICS_CA_FILE", "/no/such.pem"))
                .containsExactly(
                        "CONFLUENT_METRICS_CA_FILE=/no/such.pem: allowed is a PEM file with"
                                + " certificates");
        assertThat(load("SSL_CERT_FILE", "/no/such.pem").warnings())
                .containsExactly(
                        "SSL_CERT_FILE=/no/such.pem: ignored, it is not a PEM file with"
                                + " certificates");
    }

    @Test
    void idsOfOtherResourcesAreNamed() throws Exception {
        assertThat(warning(load("CONFLUENT_METRICS_CLUSTER_ID_LIST", "lkc-1,lsrc-2,lcc-3")))
                .endsWith(": lsrc-2, lcc-3");
    }
}
