package io.scrapingagent.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryResponseTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'data':[]}",
                "{'data':[],'meta':null}",
                "{'data':[],'meta':{}}",
                "{'data':[],'meta':{'pagination':null}}",
                "{'data':[],'meta':{'pagination':{}}}",
                "{'data':[],'meta':{'pagination':{'next_page_token':null}}}",
                "{'data':[],'meta':{'pagination':{'next_page_token':''}}}"
            })
    void aPageWithoutATokenIsTheLast(String json) throws Exception {
        QueryResponse page =
                new ObjectMapper().readValue(json.replace('\'', '"'), QueryResponse.class);

        assertThat(page.data()).isEmpty();
        assertThat(page.nextPageToken()).isNull();
    }
}
