package io.scrapingagent.security;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Says what a page's body is worth, by the API's description and not by the agent's code. */
final class Judge {

    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Judge() {}

    /** Returns the values by their groups, or nothing where the body is no proper page. */
    static Optional<Map<String, BigDecimal>> values(byte[] body, String label, Instant hour) {
        Map<String, BigDecimal> values = new TreeMap<>();
        try {
            JsonNode data = JSON.readTree(body).path("data");
            if (!data.isArray()) {
                return Optional.empty();
            }
            for (JsonNode point : data) {
                JsonNode group = point.path(label);
                JsonNode value = point.path("value");
                boolean proper =
                        group.isTextual()
                                && value.isNumber()
                                && hour.equals(time(point.path("timestamp")))
                                && values.put(group.textValue(), plain(value)) == null;
                if (!proper) {
                    return Optional.empty();
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.of(values);
    }

    /** Tells whether the body of an answer other than 200 is one of the API's own. */
    static boolean isErrorResponse(byte[] body) {
        try {
            return JSON.readTree(body).path("errors").isArray();
        } catch (IOException e) {
            return false;
        }
    }

    static BigDecimal plain(JsonNode value) {
        BigDecimal decimal = value.decimalValue();
        return decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros();
    }

    private static Instant time(JsonNode timestamp) {
        try {
            return timestamp.isTextual()
                    ? OffsetDateTime.parse(timestamp.textValue()).toInstant()
                    : null;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
