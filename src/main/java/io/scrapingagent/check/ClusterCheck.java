package io.scrapingagent.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.api.ApiText;
import io.scrapingagent.api.MetricsApiException;
import io.scrapingagent.api.Query;
import io.scrapingagent.api.QueryRequest;
import io.scrapingagent.check.ApiRequests.Answer;
import io.scrapingagent.check.ApiRequests.NotAskedException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * May the API key's owner see each cluster? Asked with the agent's own query for one hour, many
 * clusters at once, so that the answer is small and says what the agent will be told. A request
 * that is refused is asked again in halves, until what is left is a single cluster. One that is not
 * in the answer is asked alone: the API may leave out what the key may not see.
 */
final class ClusterCheck {

    private static final String QUERY = "/v2/metrics/cloud/query";

    /** What the request itself is refused with; anything else is not about the clusters. */
    private static final Set<Integer> REFUSED = Set.of(400, 403, 413, 422);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ApiRequests requests;
    private final List<String> clusters;
    private final int clustersPerRequest;
    private final Instant lastDue;
    private final List<Finding> refused = new ArrayList<>();
    private int allowed;

    ClusterCheck(
            ApiRequests requests, List<String> clusters, int clustersPerRequest, Instant lastDue) {
        this.requests = requests;
        this.clusters = clusters;
        this.clustersPerRequest = clustersPerRequest;
        this.lastDue = lastDue;
    }

    /**
     * Checks the clusters.
     *
     * @param queries those that the API knows; the first is asked
     */
    void run(List<Query> queries, List<Finding> findings) {
        if (queries.isEmpty()) {
            findings.add(Finding.notAsked(ApiCheck.CLUSTERS, "there is no query to ask with"));
            return;
        }
        Finding unasked = null;
        try {
            for (int i = 0; i < clusters.size(); i += clustersPerRequest) {
                int end = Math.min(i + clustersPerRequest, clusters.size());
                ask(queries.get(0), clusters.subList(i, end));
            }
        } catch (RejectedException e) {
            unasked = ApiCheck.rejected(ApiCheck.CLUSTERS, e.answer, "in question");
        } catch (NotAskedException e) {
            int left = clusters.size() - allowed - refused.size();
            unasked = Finding.notAsked(ApiCheck.CLUSTERS, left + " not asked: " + e.getMessage());
        } catch (IOException | MetricsApiException e) {
            unasked = ApiCheck.failure(ApiCheck.CLUSTERS, e);
        }
        if (allowed > 0) {
            findings.add(
                    Finding.ok(
                            ApiCheck.CLUSTERS,
                            "%d of %d allowed".formatted(allowed, clusters.size())));
        }
        findings.addAll(refused);
        if (unasked != null) {
            findings.add(unasked);
        }
    }

    private void ask(Query query, List<String> some)
            throws IOException, NotAskedException, RejectedException {
        Answer answer = requests.post(QUERY, QueryRequest.permission(query, some, lastDue));
        if (answer.status() == 200 && some.size() > 1) {
            Set<String> heard = clusters(answer);
            for (String cluster : some) {
                if (heard.contains(cluster)) {
                    allowed++;
                } else {
                    ask(query, List.of(cluster));
                }
            }
        } else if (isAllowed(answer)) {
            allowed += some.size();
        } else if (!REFUSED.contains(answer.status())) {
            throw new RejectedException(answer);
        } else if (some.size() == 1) {
            refused.add(ApiCheck.rejected("Cluster " + some.get(0), answer, some.get(0)));
        } else {
            int half = some.size() / 2;
            ask(query, some.subList(0, half));
            ask(query, some.subList(half, some.size()));
        }
    }

    private static Set<String> clusters(Answer answer) throws IOException {
        Set<String> clusters = new HashSet<>();
        for (JsonNode point : JSON.readTree(answer.body()).path("data")) {
            clusters.add(point.path(Query.CLUSTER_LABEL).asText());
        }
        return clusters;
    }

    private static boolean isAllowed(Answer answer) {
        boolean noPoints = answer.status() == 404 && ApiText.isErrorResponse(answer.body());
        return answer.status() == 200 || noPoints;
    }

    /** An answer that is not about the clusters. */
    private static final class RejectedException extends Exception {

        private final transient Answer answer;

        private RejectedException(Answer answer) {
            this.answer = answer;
        }
    }
}
