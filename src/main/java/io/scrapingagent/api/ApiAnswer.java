package io.scrapingagent.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.scrapingagent.api.MetricsApiException.BatchRefusedException;
import io.scrapingagent.api.MetricsApiException.ForbiddenException;
import io.scrapingagent.api.MetricsApiException.UnauthorizedException;
import io.scrapingagent.api.MetricsApiException.UnavailableException;
import io.scrapingagent.config.OneLine;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An answer to a request to the Metrics API: who gave it, what it says and what to do about it.
 *
 * @param status the HTTP status
 * @param json the body: a missing node if it is empty, a null node if it is too long or no JSON
 * @param location where it redirects to, or null
 * @param date the time by the server's clock, as far as it says
 */
public record ApiAnswer(int status, JsonNode json, String location, Optional<Instant> date) {

    /**
     * A tree of nodes may need fifty times its text's memory. No error has as much, and a list of
     * so many bytes has tens of thousands of ids.
     */
    private static final int MAX_BYTES = 1024 * 1024;

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 307, 308);

    /** A cluster of a request, or the number of its clusters, may be the cause. */
    private static final Set<Integer> OF_CLUSTERS = Set.of(400, 403, 413, 422);

    private static final int PROXY_AUTHENTICATION_REQUIRED = 407;
    private static final String OTHER_SERVER =
            "check CONFLUENT_METRICS_HOST, HTTPS_PROXY and what else stands between it and the agent";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads an answer.
     *
     * @param body may be empty or null
     */
    public ApiAnswer(int status, byte[] body, String location, Optional<Instant> date) {
        this(status, json(body), location, date);
    }

    /** Reads an answer whose headers do not matter. */
    ApiAnswer(int status, byte[] body) {
        this(status, body, null, Optional.empty());
    }

    /** Tells whether it sends the request to another address. */
    public boolean isRedirect() {
        return REDIRECTS.contains(status);
    }

    /**
     * Tells whether somebody else answered in the Metrics API's place. Its own errors and answers
     * to queries are JSON objects. Not to be asked of a 200 with a list of resources, which is an
     * array. An empty answer counts as the API's own.
     */
    public boolean isForeign() {
        return status == PROXY_AUTHENTICATION_REQUIRED || !json.isMissingNode() && !json.isObject();
    }

    /**
     * Tells whether it is an error of the Metrics API itself: for each status but 200 its
     * description promises an {@code ErrorResponse}. A proxy's page is none.
     */
    public boolean isErrorResponse() {
        return json.path("errors").isArray();
    }

    /**
     * Tells whether the Metrics API itself refused a request for a reason that may lie in a
     * cluster.
     */
    public boolean isRefusalOfClusters() {
        return OF_CLUSTERS.contains(status) && !isForeign();
    }

    /** Returns who answered, and with what: a sentence without its end. */
    public String sentence() {
        if (isForeign()) {
            return "A server that is not the Metrics API answered " + status;
        } else if (status == 404 && !isErrorResponse()) {
            return "A 404%s came without the Metrics API's own error, so another server may have answered"
                    .formatted(details());
        }
        return "The Metrics API answered " + status + details();
    }

    /**
     * Returns in a few words what to do about the answer.
     *
     * @param what it was asked for, like {@code cluster lkc-abc12}
     */
    public String remedy(String what) {
        if (status == PROXY_AUTHENTICATION_REQUIRED) {
            return "the proxy wants a login: HTTPS_PROXY=http://user:password@host:port";
        }
        boolean foreign = isForeign();
        if (status >= 500) {
            return foreign
                    ? OTHER_SERVER + "; or the API is not well, see Confluent's status page"
                    : "it is not well, see Confluent's status page";
        }
        return switch (foreign ? 0 : status) {
            case 401 ->
                    "CONFLUENT_METRICS_API_KEY and CONFLUENT_METRICS_API_SECRET must be a Cloud API"
                            + " key, not a cluster's; or the key was deleted or disabled, or the"
                            + " secret is another key's";
            case 403 ->
                    "grant the API key's owner the role MetricsViewer for "
                            + what
                            + "; or the id is wrong, deleted or another organization's";
            case 429 -> "its rate limit is reached, and it is asked again later";
            case 400, 422 ->
                    "check this query's metric and groupBy against the API's descriptors, and the"
                            + " cluster id";
            case 413 -> "the query is too much for it: let it group by fewer labels";
            default -> OTHER_SERVER;
        };
    }

    /**
     * Returns the failure of a request. A proxy's page says nothing of what was asked for, and may
     * be gone with the next request: so a foreign answer is retried, whatever its status.
     *
     * @param what it was asked for, as for the remedy
     * @param several whether it was asked for more than a single cluster
     */
    MetricsApiException failure(String what, boolean several) {
        String message = sentence() + ": " + remedy(what);
        if (isForeign() || status >= 500 || status == 429) {
            return new UnavailableException(message);
        } else if (status == 401) {
            return new UnauthorizedException(message);
        } else if (status == 403 && !several) {
            return new ForbiddenException(message);
        }
        return isRefusalOfClusters()
                ? new BatchRefusedException(message)
                : new MetricsApiException(message);
    }

    /**
     * Returns what an error says, in brackets, or nothing: {@code errors[].detail} of the
     * description's {@code ErrorResponse}, or what gateways and other APIs of Confluent's have.
     */
    private String details() {
        String details =
                Stream.of("detail", "message", "error")
                        .flatMap(name -> json.findValues(name).stream())
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::textValue)
                        .collect(Collectors.joining("; "));
        return details.isEmpty() ? "" : " (" + OneLine.of(details) + ")";
    }

    private static JsonNode json(byte[] body) {
        if (body == null) {
            return MissingNode.getInstance();
        }
        try {
            return body.length > MAX_BYTES ? NullNode.getInstance() : JSON.readTree(body);
        } catch (IOException e) {
            return NullNode.getInstance();
        }
    }
}
