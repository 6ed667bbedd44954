package io.scrapingagent.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What the Metrics API says of an error, in its own words. */
public final class ApiText {

    private static final int MOST_BYTES = 64 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ApiText() {}

    /** Returns the {@code errors[].detail} of an {@code ErrorResponse} in brackets, or nothing. */
    public static String details(byte[] body) {
        if (body == null || body.length == 0 || body.length > MOST_BYTES) {
            return "";
        }
        List<String> details = new ArrayList<>();
        try {
            for (JsonNode error : JSON.readTree(body).path("errors")) {
                if (error.path("detail").isTextual()) {
                    details.add(error.path("detail").textValue());
                }
            }
        } catch (IOException e) {
            // an error page of a proxy: its status is all there is to say
            return "";
        }
        return details.isEmpty() ? "" : " (" + OneLine.of(String.join("; ", details)) + ")";
    }
}
