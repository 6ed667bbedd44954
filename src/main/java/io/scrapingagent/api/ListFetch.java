package io.scrapingagent.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.config.ResourceList;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpConstants;
import org.apache.hc.core5.http.HttpStatus;

/**
 * The fetch of one list of resources: those of a type that the API key may see, in the form of
 * Prometheus' HTTP service discovery. Not thread-safe.
 */
public final class ListFetch {

    private static final String PATH = "/v2/metrics/cloud/discovery";
    private static final String GRANT = "grant the API key's owner the role MetricsViewer";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI host;
    private final String resource;
    private final String environment;
    private URI redirect;
    private int redirects;
    private Set<String> ids;

    /**
     * Begins a fetch.
     *
     * @param host the Metrics API's address, which redirects may not leave
     * @param resource the type of the resources
     * @param environment the environment that they are in; empty for all
     */
    public ListFetch(URI host, String resource, String environment) {
        this.host = host;
        this.resource = resource;
        this.environment = environment;
    }

    /** Tells whether a text can be the id of a resource. */
    public static boolean isId(String text) {
        return text.matches(ResourceList.ID);
    }

    /** Returns the type of the resources. */
    public String resource() {
        return resource;
    }

    /** Returns what is listed, for people: {@code kafka in env-123}. */
    public String name() {
        return environment.isEmpty() ? resource : resource + " in " + environment;
    }

    /** Returns the path to ask for, with its query. */
    public String path() {
        return PATH + "?" + query();
    }

    private String query() {
        String type = "resource_type=" + encoded(resource);
        return environment.isEmpty() ? type : type + "&env=" + encoded(environment);
    }

    /** Tells whether the list has not come yet. */
    public boolean isIncomplete() {
        return ids == null;
    }

    /** Returns the ids that are listed. */
    public Set<String> ids() {
        return ids;
    }

    /** Replaces the message by the request. */
    public void build(Message message) {
        // all but Camel's own count of retries
        message.removeHeaders("*", "CamelRedeliver*");
        message.setHeader("Accept", "application/json");
        if (redirect != null) {
            PageRequest.redirect(message, redirect);
        } else {
            message.setHeader(HttpConstants.HTTP_QUERY, query());
        }
        message.setBody(null);
    }

    /**
     * Takes an answer.
     *
     * @param location the answer's {@code Location}, or null
     * @throws MetricsApiUnavailableException for an answer that a retry may change
     * @throws MetricsApiException for any other answer that is no list
     */
    public void answer(int status, String location, byte[] body) {
        if (ResponseHandler.isRedirect(status)) {
            if (++redirects > ResponseHandler.MAX_REDIRECTS) {
                throw new MetricsApiException(
                        "The Metrics API redirected " + redirects + " times in a row");
            }
            redirect = ResponseHandler.redirectTarget(host, location);
        } else if (status == HttpStatus.SC_OK) {
            ids = ids(body);
        } else {
            boolean ofRole = status == HttpStatus.SC_FORBIDDEN && !ApiText.isForeign(status, body);
            String message =
                    ApiText.answered(status, body)
                            + ": "
                            + (ofRole ? GRANT : ApiText.remedy(status, body, ""));
            throw status >= 500
                            || status == HttpStatus.SC_TOO_MANY_REQUESTS
                            || ApiText.isForeign(status, body)
                    ? new MetricsApiUnavailableException(message)
                    : new MetricsApiException(message);
        }
    }

    private Set<String> ids(byte[] body) {
        Set<String> found = new TreeSet<>();
        for (JsonNode target : targets(body)) {
            String listed =
                    target.path("labels").path("__param_resource_" + resource + "_id").asText();
            for (String id : listed.split(",")) {
                if (!id.isEmpty() && !isId(id)) {
                    throw new MetricsApiException("The Metrics API listed what is no id");
                } else if (!id.isEmpty()) {
                    found.add(id);
                }
            }
        }
        if (found.isEmpty() && resource.equals(Query.KAFKA)) {
            throw new MetricsApiException(
                    "The Metrics API lists no Kafka cluster%s: %s"
                            .formatted(environment.isEmpty() ? "" : " of " + environment, GRANT));
        }
        return found;
    }

    private static JsonNode targets(byte[] body) {
        try {
            JsonNode targets = JSON.readTree(body);
            if (targets != null && targets.isArray()) {
                return targets;
            }
        } catch (IOException e) {
            // said below, like JSON of another form
        }
        throw new MetricsApiUnavailableException(
                "The Metrics API's list of resources is not a JSON array");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
