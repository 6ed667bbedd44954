package io.scrapingagent.simulator;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The proper behaviour: what the real API answers to a request. */
final class MetricsApi {

    private static final String PATH = "/v2/metrics/cloud/query";

    private final String authorization;
    private final Map<String, Cluster> clusters;
    private final Set<String> forbidden;
    private final boolean silentlyMixed;
    private final Points points;
    private final Descriptors descriptors = new Descriptors();
    private final Listing listing;

    /**
     * @param authorization the only {@code Authorization} header that is let in
     * @param clusters by id
     * @param forbidden the ids of those that the key may not see
     * @param listing which of them are listed
     * @param silentlyMixed whether a filter that names some that it may see, and some that it may
     *     not, is answered for the former, or else refused
     */
    MetricsApi(
            String authorization,
            Map<String, Cluster> clusters,
            Set<String> forbidden,
            Listing listing,
            boolean silentlyMixed,
            Points points) {
        this.authorization = authorization;
        this.clusters = clusters;
        this.forbidden = forbidden;
        this.listing = listing;
        this.silentlyMixed = silentlyMixed;
        this.points = points;
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
            if (request.path().equals(Listing.PATH)) {
                checkHead(request, "GET");
                return listing.of(request);
            }
            if (!request.path().equals(PATH)) {
                throw new ApiError(404, "there is nothing at " + request.path());
            }
            checkHead(request, "POST");
            if (!request.header("Content-Type").orElse("").startsWith(Answer.JSON)) {
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
        if (!request.header("Accept").orElse("").equals(Answer.JSON)) {
            throw new ApiError(406, "Accept: must be " + Answer.JSON);
        }
    }

    private Answer page(ReceivedRequest request, Query query) throws ApiError {
        List<Cluster> allowed =
                query.clusters().stream()
                        .distinct()
                        .sorted()
                        .filter(id -> !forbidden.contains(id))
                        .map(clusters::get)
                        .filter(it -> it != null && it.type().equals(query.resource()))
                        .toList();
        if (query.clusters().size() == 1 && allowed.isEmpty()) {
            throw new ApiError(
                    403,
                    "the API key is not authorized for the resource " + query.clusters().get(0));
        }
        boolean mixed = allowed.size() < query.clusters().stream().distinct().count();
        if (allowed.isEmpty() || mixed && !silentlyMixed) {
            throw new ApiError(
                    403, "Query must filter by at least one of your authorized resources");
        }
        int position = Cursors.position(query, request.pageToken());
        return Answer.of(200, Answer.JSON, points.page(allowed, query, position));
    }
}
