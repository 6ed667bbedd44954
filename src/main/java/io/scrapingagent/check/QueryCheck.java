package io.scrapingagent.check;

import io.scrapingagent.api.MetricsApiException;
import io.scrapingagent.api.Query;
import io.scrapingagent.check.ApiRequests.Answer;
import io.scrapingagent.check.ApiRequests.NotAskedException;
import io.scrapingagent.check.Descriptors.Descriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Does the Metrics API know each query's metric and label? */
final class QueryCheck {

    /** A label of the resource, which descriptors of metrics do not list; every cluster has it. */
    private static final String CLUSTER_LABEL = "resource.kafka.id";

    private final ApiRequests requests;
    private final List<Query> queries;

    QueryCheck(ApiRequests requests, List<Query> queries) {
        this.requests = requests;
        this.queries = queries;
    }

    /**
     * Checks the queries.
     *
     * @param first the first page of the descriptors
     * @return those that are known
     */
    List<Query> run(Answer first, List<Finding> findings) {
        if (queries.isEmpty()) {
            findings.add(Finding.notAsked(ApiCheck.QUERIES, "the routes have none"));
            return List.of();
        }
        if (first.status() != 200) {
            findings.add(ApiCheck.rejected(ApiCheck.QUERIES, first, "in question"));
            return queries;
        }
        List<Query> known = new ArrayList<>();
        try {
            Map<String, Descriptor> descriptors = new Descriptors(requests).byName(first);
            for (Query query : queries) {
                Finding finding = finding(query, descriptors.get(query.metric()));
                findings.add(finding);
                if (finding.isGood()) {
                    known.add(query);
                }
            }
        } catch (NotAskedException e) {
            findings.add(Finding.notAsked(ApiCheck.QUERIES, e.getMessage()));
        } catch (IOException | MetricsApiException e) {
            findings.add(ApiCheck.failure(ApiCheck.QUERIES, e));
        }
        return known;
    }

    private static Finding finding(Query query, Descriptor descriptor) {
        String question = "Query " + query.metric() + " by " + query.groupBy();
        if (descriptor == null) {
            return Finding.failed(
                    question,
                    "the Metrics API has no metric of this name for Kafka clusters",
                    "correct `metric` of the step in the routes");
        }
        List<String> groupings = descriptor.groupings();
        if (!groupings.contains(query.groupBy()) && !query.groupBy().equals(CLUSTER_LABEL)) {
            return Finding.failed(
                    question,
                    "the metric has no such label, but " + String.join(", ", groupings),
                    "correct `groupBy` of the step in the routes");
        }
        return "DEPRECATED".equals(descriptor.lifecycleStage())
                ? Finding.warning(
                        question,
                        "known, but deprecated",
                        "look for the metric that takes its place")
                : Finding.ok(question, "known");
    }
}
