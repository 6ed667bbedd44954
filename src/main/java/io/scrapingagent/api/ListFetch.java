package io.scrapingagent.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.scrapingagent.api.MetricsApiException.UnavailableException;
import io.scrapingagent.config.ResourceList;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Message;
import org.apache.hc.core5.http.HttpStatus;

/**
 * The fetch of one list of resources: those of a type that the API key may see, in the form of
 * Prometheus' HTTP service discovery. Not thread-safe.
 */
public final class ListFetch {

    private static final String PATH = "/v2/metrics/cloud/discovery";

    private final URI baseUrl;
    private final String resource;
    private final String environment;
    private final Redirects redirects = new Redirects();
    private Set<String> ids;

    /**
     * Begins a fetch.
     *
     * @param baseUrl the Metrics API's address, which redirects may not leave
     * @param resource the type of the resources
     * @param environment the environment that they are in; empty for all
     */
    public ListFetch(URI baseUrl, String resource, String environment) {
        this.baseUrl = baseUrl;
        this.resource = resource;
        this.environment = environment;
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
        redirects.begin(message, query(), null);
    }

    /**
     * Takes an answer.
     *
     * @throws UnavailableException for an answer that a retry may change
     * @throws MetricsApiException for any other answer that is no list
     */
    public void answer(ApiAnswer answer) {
        if (answer.isRedirect()) {
            redirects.follow(baseUrl, answer.location());
        } else if (answer.status() == HttpStatus.SC_OK) {
            ids = ids(answer.json());
        } else if (answer.status() == HttpStatus.SC_FORBIDDEN && !answer.isForeign()) {
            throw new MetricsApiException(answer.sentence() + ": " + grant());
        } else if (answer.isRefusalOfClusters()
                || answer.status() == HttpStatus.SC_NOT_FOUND && answer.isErrorResponse()) {
            throw new MetricsApiException(
                    answer.sentence()
                            + ": check CONFLUENT_METRICS_*_ID_LIST, its type of resource and the"
                            + " env-… in it");
        } else {
            // neither argument matters here: only a 403 of the API's own uses them
            throw answer.failure("the list", true);
        }
    }

    private Set<String> ids(JsonNode targets) {
        if (!targets.isArray()) {
            throw new UnavailableException(
                    "The Metrics API's list of resources is not a JSON array of at most 1 MiB");
        }
        Set<String> found = new TreeSet<>();
        for (JsonNode target : targets) {
            String listed =
                    target.path("labels").path("__param_resource_" + resource + "_id").asText();
            for (String id : Query.list(listed)) {
                if (!id.matches(ResourceList.ID)) {
                    throw new MetricsApiException("The Metrics API listed what is no id");
                }
                found.add(id);
            }
        }
        if (found.isEmpty() && resource.equals(Query.KAFKA)) {
            String none = "The Metrics API lists no Kafka cluster";
            throw new MetricsApiException(
                    environment.isEmpty()
                            ? none + ": " + grant()
                            : "%s of %s: %s; or, if it has none any more, take it out of CONFLUENT_METRICS_CLUSTER_ID_LIST"
                                    .formatted(none, environment, grant()));
        }
        return found;
    }

    private String grant() {
        String grant = "grant the API key's owner the role MetricsViewer";
        return environment.isEmpty() ? grant : grant + "; or " + environment + " is a wrong id";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
