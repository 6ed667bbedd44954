package io.scrapingagent.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpConstants;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultMessage;
import org.junit.jupiter.api.Test;

class ListFetchTest {

    private final ListFetch list =
            new ListFetch(URI.create("https://api.example/gateway"), "kafka", "env-1");
    private final Message message = new DefaultMessage(new DefaultCamelContext());

    @Test
    void aRedirectIsFollowedOnTheSameHostOnly() {
        list.answer(307, "https://api.example/elsewhere?a=b", null);

        list.build(message);

        assertThat(list.isIncomplete()).isTrue();
        assertThat(message.getHeader(HttpConstants.HTTP_URI))
                .isEqualTo("https://api.example/elsewhere");
        assertThat(message.getHeader(HttpConstants.HTTP_QUERY)).isEqualTo("a=b");
        assertThatThrownBy(() -> list.answer(307, "https://evil.example/", null))
                .isInstanceOf(MetricsApiException.class)
                .hasMessageContaining("https://evil.example, which is not followed");
    }

    @Test
    void redirectsWithoutAnEndAreNot() {
        for (int i = 0; i < ResponseHandler.MAX_REDIRECTS; i++) {
            list.answer(302, "https://api.example/again", null);
        }

        assertThatThrownBy(() -> list.answer(302, "https://api.example/again", null))
                .hasMessage("The Metrics API redirected 6 times in a row");
    }

    @Test
    void idsOfOtherTypesAreLeftOut() {
        list.answer(
                200,
                null,
                """
                [{"labels": {"__param_resource_kafka_id": "lkc-2,lkc-1"}},
                 {"labels": {"__param_resource_connector_id": "lcc-1"}},
                 {"labels": {"__param_resource_kafka_id": "lkc-1,lkc-3"}}]
                """
                        .getBytes(UTF_8));

        assertThat(list.ids()).containsExactly("lkc-1", "lkc-2", "lkc-3");
    }

    @Test
    void whatIsNoIdMakesTheListFail() {
        byte[] body =
                "[{\"labels\": {\"__param_resource_kafka_id\": \"lkc-1&x=y\"}}]".getBytes(UTF_8);

        assertThatThrownBy(() -> list.answer(200, null, body))
                .hasMessage("The Metrics API listed what is no id");
        assertThat(list.isIncomplete()).isTrue();
    }

    @Test
    void anAnswerOfAnotherFormMayPass() {
        assertThatThrownBy(() -> list.answer(200, null, "<html>".getBytes(UTF_8)))
                .isInstanceOf(MetricsApiUnavailableException.class);
        assertThatThrownBy(() -> list.answer(200, null, "{}".getBytes(UTF_8)))
                .isInstanceOf(MetricsApiUnavailableException.class);
        assertThatThrownBy(() -> list.answer(403, null, "{\"errors\": []}".getBytes(UTF_8)))
                .isExactlyInstanceOf(MetricsApiException.class);
    }
}
