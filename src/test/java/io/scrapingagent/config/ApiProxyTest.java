package io.scrapingagent.config;

import static io.scrapingagent.config.SettingsFixture.load;
import static io.scrapingagent.config.SettingsFixture.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiProxyTest {

    @Test
    void isTheOneOfTheUrlsScheme() throws Exception {
        assertThat(load("HTTPS_PROXY", "http://p.example:3128", "HTTP_PROXY", "q:1").api().proxy())
                .contains(new ApiProxy("p.example", 3128, "", new Password("")));
        assertThat(load("http_proxy", "http://p.example:3128").api().proxy()).isEmpty();
    }

    /** As for curl and Python. */
    @Test
    void isTheOneOfTheLowerCaseName() {
        Map<String, String> both = new LinkedHashMap<>();
        both.put("https_proxy", "lower");
        both.put("HTTPS_PROXY", "upper");

        assertThat(SettingsSource.of(Map.of(), both, List.of()).value("HTTPS_PROXY"))
                .contains("lower");
    }

    @Test
    void mayStandWithoutSchemeAndPortAndWithALogin() throws Exception {
        Settings settings = load("https_proxy", "me:p%40ss+@p.example/");

        assertThat(settings.api().proxy())
                .contains(new ApiProxy("p.example", 80, "me", new Password("p@ss+")));
        assertThat(settings.toString()).doesNotContain("p@ss", "p%40ss");
    }

    /** As for any Java program; the variables are not asked then. */
    @Test
    void isTheOneOfTheJavaCommand() throws Exception {
        Map<String, String> java =
                Map.of(
                        "https.proxyHost", "java.example",
                        "https.proxyPort", "8081",
                        "http.nonProxyHosts", "*.internal.example|metrics_api");
        java.forEach(System::setProperty);
        try {
            assertThat(ofJava(java, "https://api.telemetry.confluent.cloud"))
                    .contains(new ApiProxy("java.example", 8081, "", new Password("")));
            assertThat(ofJava(java, "https://gateway.internal.example")).isEmpty();
            assertThat(ofJava(java, "https://metrics_api")).isEmpty();
        } finally {
            java.keySet().forEach(System::clearProperty);
        }
    }

    private static Optional<ApiProxy> ofJava(Map<String, String> java, String host)
            throws Exception {
        Map<String, String> environment = new HashMap<>(SettingsFixture.REQUIRED);
        environment.put("CONFLUENT_METRICS_HOST", host);
        environment.put("HTTPS_PROXY", "http://variable.example:3128");
        return Settings.load(
                        SettingsSource.of(java, environment, List.of(SettingsFixture.DEFAULTS)))
                .api()
                .proxy();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socks5://p:1080",
                "https://me:hidden@p:1",
                "http://me:hid den@p",
                "::",
                "p:70000"
            })
    void isRejectedWithoutItsPassword(String value) {
        assertThat(problems("HTTPS_PROXY", value))
                .containsExactly(
                        "HTTPS_PROXY=***: allowed is http://host:port or"
                                + " http://user:password@host:port");
    }

    @ParameterizedTest
    @CsvSource({
        "api.telemetry.confluent.cloud, *, true",
        "api.telemetry.confluent.cloud, confluent.cloud, true",
        "api.telemetry.confluent.cloud, .confluent.cloud, true",
        "api.telemetry.confluent.cloud, *.Confluent.Cloud, true",
        "api.telemetry.confluent.cloud, 'other, api.telemetry.confluent.cloud', true",
        "api.telemetry.confluent.cloud, api.telemetry.confluent.cloud:443, true",
        "api.telemetry.confluent.cloud, api.telemetry.confluent.cloud:8443, false",
        "api.telemetry.confluent.cloud, fluent.cloud, false",
        "10.1.2.3, 10.1.2.3, true",
        "[fd00::1], fd00::1, true",
        "metrics_api, metrics_api, true",
        "localhost, nothing, true",
        "127.0.0.1, nothing, true"
    })
    void isNotUsedForWhatNoProxyNamesAndThisMachine(String host, String noProxy, boolean direct)
            throws Exception {
        Settings settings =
                load(
                        "CONFLUENT_METRICS_HOST",
                        "https://" + host,
                        "HTTPS_PROXY",
                        "http://p:3128",
                        "NO_PROXY",
                        noProxy);

        assertThat(settings.api().proxy().isEmpty()).isEqualTo(direct);
    }
}
