package io.scrapingagent.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.util.List;

/**
 * One page, {@code FlatQueryResponse} in the API description. {@code meta}, {@code pagination} and
 * {@code next_page_token} may each be absent, null or empty.
 *
 * @param data the points, or null where the answer has none
 * @param meta the pagination, or null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record QueryResponse(
        @JsonDeserialize(using = PointsDeserializer.class) List<Point> data, Meta meta) {

    /** Returns the token of the next page, or null where this is the last one. */
    public String nextPageToken() {
        return meta == null ? null : meta.nextPageToken();
    }

    /** {@code Meta} in the API description. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Meta(Pagination pagination) {

        /** Returns the token of the next page, or null where this is the last one. */
        public String nextPageToken() {
            String token = pagination == null ? null : pagination.nextPageToken;
            return token == null || token.isEmpty() ? null : token;
        }
    }

    /** {@code Pagination} in the API description. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Pagination(@JsonProperty("next_page_token") String nextPageToken) {}
}
