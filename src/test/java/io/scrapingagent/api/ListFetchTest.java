package io.scrapingagent.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrapingagent.api.MetricsApiException.UnavailableException;
import java.net.URI;
import java.util.Optional;
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
        answer(307, "https://api.example/elsewhere?a=b", null);

        list.build(message);

        assertThat(list.isIncomplete()).isTrue();
        assertThat(message.getHeader(HttpConstants.HTTP_URI))
                .isEqualTo("https://api.example/elsewhere");
        assertThat(message.getHeader(HttpConstants.HTTP_QUERY)).isEqualTo("a=b");
        assertThatThrownBy(() -> answer(307, "https://evil.example/", null))
                .isInstanceOf(MetricsApiException.class)
                .hasMessageContaining("https://evil.example, which is not followed");
    }

    @Test
    void idsOfOtherTypesAreLeftOut() {
        answer(
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

        assertThatThrownBy(() -> answer(200, null, body))
                .hasMessage("The Metrics API listed what is no id");
        assertThat(list.isIncomplete()).isTrue();
    }

    @Test
    void anAnswerOfAnotherFormMayPass() {
        assertThatThrownBy(() -> answer(200, null, "<html>".getBytes(UTF_8)))
                .isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> answer(200, null, "{}".getBytes(UTF_8)))
                .isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> answer(403, null, "{\"errors\": []}".getBytes(UTF_8)))
                .isExactlyInstanceOf(MetricsApiException.class);
    }

    @Test
    void aRemedyIsAboutTheList() {
        byte[] body = "{\"errors\": [{\"detail\": \"no\"}]}".getBytes(UTF_8);

        assertThatThrownBy(() -> answer(400, null, body))
                .isExactlyInstanceOf(MetricsApiException.class)
                .hasMessageContaining("answered 400 (no): check CONFLUENT_METRICS_*_ID_LIST");
        assertThatThrownBy(() -> answer(429, null, body))
                .isInstanceOf(UnavailableException.class)
                .hasMessageEndingWith(
                        "answered 429 (no): its rate limit is reached, and it is"
                                + " asked again later");
    }

    private void answer(int status, String location, byte[] body) {
        list.answer(new ApiAnswer(status, body, location, Optional.empty()));
    }
}
