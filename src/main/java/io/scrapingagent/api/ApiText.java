package io.scrapingagent.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.scrapingagent.config.OneLine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What the Metrics API says of an error, in its own words. */
public final class ApiText {

    private static final int MAX_BYTES = 64 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ApiText() {}

    /** Returns the {@code errors[].detail} of an {@code ErrorResponse} in brackets, or nothing. */
    public static String details(byte[] body) {
        List<String> details = new ArrayList<>();
        for (JsonNode error : errors(body)) {
            if (error.path("detail").isTextual()) {
                details.add(error.path("detail").textValue());
            }
        }
        return details.isEmpty() ? "" : " (" + OneLine.of(String.join("; ", details)) + ")";
    }

    /**
     * Tells whether the Metrics API itself refused a request: for each status but 200 its
     * description promises an {@code ErrorResponse}. A proxy's page is none.
     */
    public static boolean isErrorResponse(byte[] body) {
        return errors(body).isArray();
    }

    private static JsonNode errors(byte[] body) {
        if (body == null || body.length == 0 || body.length > MAX_BYTES) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(body).path("errors");
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }
}
