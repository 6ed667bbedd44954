package io.scrapingagent.ledger;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/**
 * What the ledger says of an hour. As a record's value it is JSON.
 *
 * @param records how many records were published
 * @param publishedAt when, ISO-8601
 * @param lost true where the hour can no longer be fetched
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
@JsonPropertyOrder({"records", "published_at", "lost"})
public record LedgerEntry(
        @JsonInclude(JsonInclude.Include.ALWAYS) int records,
        @JsonProperty("published_at") String publishedAt,
        boolean lost) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads a record's value; nothing where it is not one of the ledger's. */
    static Optional<LedgerEntry> parse(String json) {
        try {
            return Optional.ofNullable(JSON.readValue(json, LedgerEntry.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Returns the record's value. */
    String toJson() {
        return JSON.valueToTree(this).toString();
    }
}
