package io.scrapingagent.simulator;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The proper behaviour: what the real API answers to a request. */
final class MetricsApi {

    private static final String PATH = "/v2/metrics/cloud/query";

    private final String authorization;
    private final Map<String, Cluster> clusters;
    private final Points points;
    private final Cursors cursors;
    private final Descriptors descriptors = new Descriptors();

    /**
     * @param authorization the only {@code Authorization} header that is let in
     * @param clusters by id
     */
    MetricsApi(
            String authorization, Map<String, Cluster> clusters, Points points, Cursors cursors) {
        this.authorization = authorization;
        this.clusters = clusters;
        this.points = points;
        this.cursors = cursors;
    }

    /**
     * Answers one request.
     *
     * @param json its body; {@code null} if that is no JSON object
     */
    Answer answer(ReceivedRequest request, JsonObject json) {
        try {
            if (request.path().equals(Descriptors.PATH)) {
                checkHead(request, "GET");
                return descriptors.page(request);
            }
            if (!request.path().equals(PATH)) {
                throw new ApiError(404, "there is nothing at " + request.path());
            }
            checkHead(request, "POST");
            if (!isJson(request.header("Content-Type").orElse(""))) {
                throw new ApiError(415, "Content-Type: must be " + Answer.JSON);
            }
            if (json == null) {
                throw new ApiError(400, "body: is not a JSON object");
            }
            return page(request, Query.of(json));
        } catch (ApiError e) {
            return e.answer();
        }
    }

    private void checkHead(ReceivedRequest request, String method) throws ApiError {
        if (!request.method().equals(method)) {
            throw new ApiError(405, "only " + method + " is allowed here");
        }
        if (!request.header("Authorization").orElse("").equals(authorization)) {
            throw new ApiError(401, "Authorization: a valid Cloud API key is required");
        }
        if (List.of(request.header("Accept").orElse("").split(",")).stream()
                .noneMatch(MetricsApi::isJson)) {
            throw new ApiError(406, "Accept: must be " + Answer.JSON);
        }
    }

    private static boolean isJson(String mediaType) {
        return mediaType.split(";")[0].strip().toLowerCase(Locale.ROOT).equals(Answer.JSON);
    }

    private Answer page(ReceivedRequest request, Query query) throws ApiError {
        for (String id : query.clusters()) {
            if (!clusters.containsKey(id)) {
                throw new ApiError(403, "the API key is not authorized for the resource " + id);
            }
        }
        Cluster cluster = clusters.get(query.clusters().get(0));
        String token = request.pageToken();
        int position = token == null ? 0 : cursors.position(query, token);
        return Answer.of(200, Answer.JSON, points.page(cluster, query, position));
    }
}
