package io.scrapingagent.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Text that the Metrics API sent, made fit for a log line: one line, of a bounded length. */
final class ApiText {

    private static final int LONGEST = 300;
    private static final int MOST_BYTES = 64 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ApiText() {}

    /** Returns the {@code errors[].detail} of an {@code ErrorResponse} in brackets, or nothing. */
    static String details(byte[] body) {
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
        return details.isEmpty() ? "" : " (" + of(String.join("; ", details)) + ")";
    }

    static String of(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
