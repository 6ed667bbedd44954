package io.scrapingagent.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.scrapingagent.config.OneLine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a refusal of the Metrics API says, in its own words, and what to do about it. */
public final class ApiText {

    /** What is longer is not looked into for what it says. */
    private static final int MAX_BYTES = 64 * 1024;

    /** A cluster of a request, or the number of its clusters, may be the cause. */
    private static final Set<Integer> OF_CLUSTERS = Set.of(400, 403, 413, 422);

    private static final int PROXY_AUTHENTICATION_REQUIRED = 407;
    private static final String OTHER_SERVER =
            "check CONFLUENT_METRICS_HOST, HTTPS_PROXY and what else stands between it and the agent";
    private static final ObjectMapper JSON = new ObjectMapper();

    private ApiText() {}

    /**
     * Returns what the Metrics API, or who stands between, answered: a sentence without its end.
     */
    public static String answered(int status, byte[] body) {
        return isForeign(status, body)
                ? "A server that is not the Metrics API answered " + status
                : "The Metrics API answered " + status + details(body);
    }

    /**
     * Tells whether somebody else answered in the Metrics API's place: its own answers are JSON. An
     * empty one may be anybody's.
     */
    public static boolean isForeign(int status, byte[] body) {
        return status == PROXY_AUTHENTICATION_REQUIRED
                || body != null && body.length > 0 && !beginsAsObject(body);
    }

    /**
     * Tells whether the Metrics API itself refused a request for a reason that may lie in a
     * cluster.
     */
    public static boolean isRefusalOfClusters(int status, byte[] body) {
        return OF_CLUSTERS.contains(status) && !isForeign(status, body);
    }

    /**
     * Returns in a few words what to do about an answer.
     *
     * @param status the HTTP status
     * @param body the answer's body
     * @param cluster the cluster that was asked for
     */
    public static String remedy(int status, byte[] body, String cluster) {
        if (status == PROXY_AUTHENTICATION_REQUIRED) {
            return "the proxy wants a login: HTTPS_PROXY=http://user:password@host:port";
        }
        if (isForeign(status, body)) {
            return status >= 500
                    ? OTHER_SERVER + "; or the API is not well, see Confluent's status page"
                    : OTHER_SERVER;
        }
        if (status >= 500) {
            return "it is not well, see Confluent's status page and check again later";
        }
        return switch (status) {
            case 401 ->
                    "CONFLUENT_METRICS_API_KEY and CONFLUENT_METRICS_API_SECRET must be a Cloud API"
                            + " key, not a cluster's; or the key was deleted or disabled, or the"
                            + " secret is another key's";
            case 403 ->
                    "grant the API key's owner the role MetricsViewer for cluster "
                            + cluster
                            + "; or the id is wrong, deleted or another organization's";
            case 400, 422 ->
                    "check this query's metric and groupBy against the API's descriptors, and the"
                            + " cluster id";
            default -> OTHER_SERVER;
        };
    }

    /**
     * Returns what an error says, in brackets, or nothing: {@code errors[].detail} of the
     * description's {@code ErrorResponse}, or what gateways and other APIs of Confluent's have.
     */
    private static String details(byte[] body) {
        JsonNode root = json(body);
        List<JsonNode> said = new ArrayList<>();
        root.path("errors").forEach(error -> said.add(error.path("detail")));
        said.add(root.at("/error/message"));
        said.add(root.path("error"));
        said.add(root.path("message"));
        said.add(root.path("detail"));
        List<String> details =
                said.stream().filter(JsonNode::isTextual).map(JsonNode::textValue).toList();
        return details.isEmpty() ? "" : " (" + OneLine.of(String.join("; ", details)) + ")";
    }

    /**
     * Tells whether the Metrics API itself refused a request: for each status but 200 its
     * description promises an {@code ErrorResponse}. A proxy's page is none.
     */
    public static boolean isErrorResponse(byte[] body) {
        return json(body).path("errors").isArray();
    }

    private static boolean beginsAsObject(byte[] body) {
        try (JsonParser parser = JSON.createParser(body)) {
            return parser.nextToken() == JsonToken.START_OBJECT;
        } catch (IOException e) {
            return false;
        }
    }

    private static JsonNode json(byte[] body) {
        if (body == null || body.length == 0 || body.length > MAX_BYTES) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }
}
