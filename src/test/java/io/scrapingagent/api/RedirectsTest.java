package io.scrapingagent.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where a redirect may lead. camel-http resolves placeholders in the address that it is given
 * (CVE-2026-78164), so none may come as far.
 */
class RedirectsTest {

    private static final URI HOST = URI.create("https://api.example");

    private final Redirects redirects = new Redirects();

    @Test
    void redirectsToTheSameHostAreFollowed() {
        assertThat(redirects.follow(HOST, "/v2/elsewhere?a=%7B%7Benv:HOME%7D%7D"))
                .hasToString("https://api.example/v2/elsewhere?a=%7B%7Benv:HOME%7D%7D");
        assertThat(redirects.isRedirected()).isTrue();
    }

    @Test
    void redirectsOnTheSameHostWithoutTlsAreNot() {
        assertThatThrownBy(() -> redirects.follow(URI.create("http://localhost:1234"), "/moved"))
                .hasMessageContaining("only https on the same host");
    }

    @Test
    void redirectsWithoutAnEndAreNot() {
        for (int i = 0; i < Redirects.MAX; i++) {
            redirects.follow(HOST, "/again");
        }

        assertThatThrownBy(() -> redirects.follow(HOST, "/again"))
                .hasMessage("The Metrics API redirected 6 times in a row");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.example/{{env:HOME}}",
                "https://api.example/?a={{confluent.metrics.api.secret}}",
                "https://api.example/${env:HOME}",
                "/{{bean:scrapes.prepare}}",
                "https://api.example/a b",
                "https://api.example\\@elsewhere.example/",
                "https://u:p@api.example/",
                "https://elsewhere.example/",
                "https://api.example.elsewhere.example/",
                "https://api.example:8443/",
                "//elsewhere.example/",
                "https:api.example",
                "https:///etc/passwd",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "http://api.example/",
                "https://api.example\u0000/",
                "https://[::1"
            })
    void allOthersAreNot(String location) {
        assertThatThrownBy(() -> redirects.follow(HOST, location))
                .isInstanceOf(MetricsApiException.class)
                .message()
                .doesNotContainPattern("\\p{C}");
        assertThat(redirects.isRedirected()).isFalse();
    }
}
