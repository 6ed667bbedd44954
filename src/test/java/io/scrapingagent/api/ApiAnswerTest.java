package io.scrapingagent.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
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

    /** A tree of it would need hundreds of MiB. */
    @Test
    void aLongBodyIsNotRead() {
        String errors = "{\"errors\":[" + "{},".repeat(400_000) + "{}]}";

        assertThat(new ApiAnswer(404, errors.getBytes(UTF_8)).isErrorResponse()).isFalse();
    }

    @Test
    void aRefusalForItsSizeIsNotAnotherServers() {
        ApiAnswer answer = new ApiAnswer(413, "{\"errors\":[]}".getBytes(UTF_8));

        assertThat(answer.remedy("cluster lkc-1")).contains("fewer labels");
    }
}
