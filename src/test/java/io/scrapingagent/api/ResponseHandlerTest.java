package io.scrapingagent.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where a redirect may lead. camel-http resolves placeholders in the address that it is given
 * (CVE-2026-78164), so none may come as far.
 */
class ResponseHandlerTest {

    private final ResponseHandler answer =
            new ResponseHandler(
                    URI.create("https://api.example"),
                    Duration.ofMinutes(5),
                    Duration.ofDays(7),
                    Clock.systemUTC(),
                    Duration.ofMinutes(1),
                    List.of());
    private final WindowFetch pages =
            new WindowFetch(
                    new Window(
                            List.of("lkc-aaa"),
                            new Query("kafka", "metric", "label", "tag"),
                            Instant.parse("2025-09-02T01:00:00Z")),
                    Duration.ofMinutes(1),
                    new Semaphore(1),
                    1);

    @Test
    void redirectsToTheSameHostAreFollowed() {
        answer.redirected(pages, "/v2/elsewhere?a=%7B%7Benv:HOME%7D%7D");

        assertThat(pages.redirect().toString())
                .isEqualTo("https://api.example/v2/elsewhere?a=%7B%7Benv:HOME%7D%7D");
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
        assertThatThrownBy(() -> answer.redirected(pages, location))
                .isInstanceOf(MetricsApiException.class)
                .message()
                .doesNotContainPattern("\\p{C}");
        assertThat(pages.redirect()).isNull();
    }
}
