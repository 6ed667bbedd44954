package io.scrapingagent.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.scrapingagent.config.OneLine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a refusal of the Metrics API says, in its own words, and what to do about it. */
public final class ApiText {

    private static final int MAX_BYTES = 64 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ApiText() {}

    /** Returns what the Metrics API answered, in a sentence without its end. */
    public static String answered(int status, byte[] body) {
        return "The Metrics API answered " + status + details(body);
    }

    /**
     * Returns in a few words what to do about an answer.
     *
     * @param status the HTTP status
     * @param cluster the cluster that was asked for
     */
    public static String remedy(int status, String cluster) {
        if (status >= 500) {
            return "it is not well, see Confluent's status page and check again later";
        }
        return switch (status) {
            case 401 ->
                    "CONFLUENT_METRICS_API_KEY and CONFLUENT_METRICS_API_SECRET must be a Cloud API"
                            + " key, not a cluster's";
            case 403 -> "grant the API key's owner the role MetricsViewer for cluster " + cluster;
            case 400, 422 ->
                    "check this query's metric and groupBy against the API's descriptors, and the"
                            + " cluster id";
            default -> "check CONFLUENT_METRICS_HOST and what stands between it and the agent";
        };
    }

    /** Returns the {@code errors[].detail} of an {@code ErrorResponse} in brackets, or nothing. */
    private static String details(byte[] body) {
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
