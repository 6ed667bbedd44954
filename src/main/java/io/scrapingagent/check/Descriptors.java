package io.scrapingagent.check;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.api.MetricsApiException;
import io.scrapingagent.api.QueryResponse;
import io.scrapingagent.check.ApiRequests.Answer;
import io.scrapingagent.check.ApiRequests.NotAskedException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What the Metrics API says of the metrics of Kafka clusters. */
final class Descriptors {

    static final String FIRST_PAGE =
            "/v2/metrics/cloud/descriptors/metrics?resource_type=kafka&page_size=1000";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ApiRequests requests;

    Descriptors(ApiRequests requests) {
        this.requests = requests;
    }

    /** {@code MetricDescriptor} in the API description, as far as it matters here. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Descriptor(
            String name,
            List<Label> labels,
            @JsonProperty("lifecycle_stage") String lifecycleStage) {

        /** The labels, with the prefix that queries use. */
        List<String> groupings() {
            return labels == null
                    ? List.of()
                    : labels.stream()
                            .filter(Objects::nonNull)
                            .map(label -> "metric." + label.key)
                            .toList();
        }
    }

    /** {@code LabelDescriptor} in the API description. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Label(String key) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Page(List<Descriptor> data, QueryResponse.Meta meta) {}

    /** Tells whether an answer with status 200 is what the Metrics API would say. */
    static boolean isPage(Answer answer) {
        try {
            page(answer);
            return true;
        } catch (IOException | MetricsApiException e) {
            return false;
        }
    }

    /**
     * Returns the descriptors of all pages by the metric's name.
     *
     * @param first the first page, with status 200
     */
    Map<String, Descriptor> byName(Answer first) throws IOException, NotAskedException {
        Map<String, Descriptor> byName = new HashMap<>();
        Set<String> tokens = new HashSet<>();
        Answer answer = first;
        while (true) {
            Page page = page(answer);
            page.data.forEach(it -> byName.put(it.name, it));
            String token = page.meta == null ? null : page.meta.nextPageToken();
            if (token == null) {
                return byName;
            }
            if (!tokens.add(token)) {
                throw new MetricsApiException("The Metrics API sent the same page token twice");
            }
            answer =
                    requests.get(
                            FIRST_PAGE
                                    + "&page_token="
                                    + URLEncoder.encode(token, StandardCharsets.UTF_8));
        }
    }

    private static Page page(Answer answer) throws IOException {
        if (answer.status() != 200) {
            throw new MetricsApiException("The Metrics API answered " + answer.status());
        }
        Page page = JSON.readValue(answer.body(), Page.class);
        if (page == null || page.data == null || page.data.contains(null)) {
            throw new MetricsApiException("The Metrics API's answer has no `data`");
        }
        return page;
    }
}
