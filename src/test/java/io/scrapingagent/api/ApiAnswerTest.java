package io.scrapingagent.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiAnswerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"own words\"}}",
                "{\"error\":\"own words\"}",
                "{\"message\":\"own words\"}",
                "{\"detail\":\"own words\"}"
            })
    void otherFormsOfErrorsAreQuoted(String body) {
        assertThat(new ApiAnswer(418, body.getBytes(UTF_8)).sentence())
                .isEqualTo("The Metrics API answered 418 (own words)");
    }
}
