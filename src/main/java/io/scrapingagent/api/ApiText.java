package io.scrapingagent.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.scrapingagent.config.OneLine;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a refusal of the Metrics API says, in its own words, and what to do about it. */
public final class ApiText {

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
                || body != null && body.length > 0 && !json(body).isObject();
    }

    /**
     * Tells whether the Metrics API itself refused a request for a reason that may lie in a
     * cluster.
     */
    public static boolean isRefusalOfClusters(int status, byte[] body) {
        return OF_CLUSTERS.contains(status) && !isForeign(status, body);
    }

    /** Returns in a few words what to do about an answer to a request for a cluster. */
    public static String remedy(int status, byte[] body, String cluster) {
        if (status == PROXY_AUTHENTICATION_REQUIRED) {
            return "the proxy wants a login: HTTPS_PROXY=http://user:password@host:port";
        }
        boolean foreign = isForeign(status, body);
        if (status >= 500) {
            return foreign
                    ? OTHER_SERVER + "; or the API is not well, see Confluent's status page"
                    : "it is not well, see Confluent's status page and check again later";
        }
        return switch (foreign ? 0 : status) {
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
        String details =
                Stream.of("detail", "message", "error")
                        .flatMap(name -> root.findValues(name).stream())
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::textValue)
                        .collect(Collectors.joining("; "));
        return details.isEmpty() ? "" : " (" + OneLine.of(details) + ")";
    }

    /**
     * Tells whether the Metrics API itself refused a request: for each status but 200 its
     * description promises an {@code ErrorResponse}. A proxy's page is none.
     */
    public static boolean isErrorResponse(byte[] body) {
        return json(body).path("errors").isArray();
    }

    private static JsonNode json(byte[] body) {
        try {
            return body == null ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }
}
