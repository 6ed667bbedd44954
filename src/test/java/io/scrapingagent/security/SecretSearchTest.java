package io.scrapingagent.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A search that finds nothing proves something only if it can find. */
class SecretSearchTest {

    static List<String> leaks() {
        return List.of(
                "Authorization: Basic x",
                "user=" + SecretSearch.API_KEY,
                SecretSearch.API_SECRET,
                SecretSearch.base64(SecretSearch.API_KEY + ":" + SecretSearch.API_SECRET),
                "required password=\"pass \\\"word\\\" \\\\that; nobody sees\";",
                "{\"sasl_password\": \"" + SecretSearch.KAFKA_PASSWORD + "\"}");
    }

    @ParameterizedTest
    @MethodSource("leaks")
    void findsASecretAmongOtherTexts(String leak) {
        assertThat(new SecretSearch().findings(List.of("a", "before " + leak + " after", "b")))
                .isNotEmpty()
                .allMatch(finding -> finding.contains(leak));
    }

    @Test
    void findsNothingWhereNothingIs() {
        assertThat(new SecretSearch().findings(List.of("", "password=***", "lkc-aaa"))).isEmpty();
    }
}
