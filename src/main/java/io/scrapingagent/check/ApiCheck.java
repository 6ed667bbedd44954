package io.scrapingagent.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.api.ApiText;
import io.scrapingagent.api.ListFetch;
import io.scrapingagent.api.MetricsApiException;
import io.scrapingagent.api.Query;
import io.scrapingagent.api.QueryRequest;
import io.scrapingagent.check.ApiRequests.Answer;
import io.scrapingagent.check.ApiRequests.NotAskedException;
import io.scrapingagent.config.OneLine;
import io.scrapingagent.config.ResourceList;
import io.scrapingagent.config.Settings;
import io.scrapingagent.scrape.FailureReason;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Is the Metrics API there, does it know the credentials, and does it have what the routes will ask
 * for? The first request, for the descriptors, needs no cluster and no query, so it is what tells
 * the first two.
 */
final class ApiCheck {

    private static final String CREDENTIALS = "API credentials";
    private static final String CLOCK = "Clock";
    private static final String QUERIES = "Queries";
    private static final String CLUSTERS = "Clusters";
    private static final String CANNOT_BE_ASKED = "the Metrics API cannot be asked";

    private static final String DESCRIPTORS =
            "/v2/metrics/cloud/descriptors/metrics?page_size=1000&resource_type=";
    private static final String QUERY = "/v2/metrics/cloud/query";

    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Settings settings;
    private final List<Query> queries;
    private final Instant lastDue;
    private final Clock clock;
    private final ApiRequests requests;
    private final List<Finding> findings;

    private final List<Finding> refused = new ArrayList<>();
    private int allowed;

    private ApiCheck(
            Settings settings,
            List<Query> queries,
            Instant lastDue,
            Clock clock,
            ApiRequests requests,
            List<Finding> findings) {
        this.settings = settings;
        this.queries = queries;
        this.lastDue = lastDue;
        this.clock = clock;
        this.requests = requests;
        this.findings = findings;
    }

    /**
     * Asks one question after another.
     *
     * @param queries those of the routes
     * @param lastDue the start of the last hour that is due
     * @param patience how long all of it may take
     * @param findings get each answer as it comes
     */
    static void run(
            Settings settings,
            List<Query> queries,
            Instant lastDue,
            Clock clock,
            Duration patience,
            List<Finding> findings) {
        try (ApiRequests requests = new ApiRequests(settings.api(), patience)) {
            new ApiCheck(settings, queries, lastDue, clock, requests, findings).all();
        } catch (NotAskedException e) {
            findings.add(Finding.notAsked(Check.METRICS_API, e.getMessage()));
            notAsked(findings, "the Metrics API did not say", CREDENTIALS, QUERIES, CLUSTERS);
        } catch (IOException | MetricsApiException e) {
            findings.add(Finding.failed(Check.METRICS_API, FailureReason.of(e)));
            notAsked(findings, CANNOT_BE_ASKED, CLOCK, CREDENTIALS, QUERIES, CLUSTERS);
        }
    }

    private void all() throws IOException, NotAskedException {
        Answer first = requests.get(DESCRIPTORS + Query.KAFKA);
        Finding reachable = reachable(first);
        findings.add(reachable);
        if (!reachable.isGood()) {
            notAsked(findings, CANNOT_BE_ASKED, CLOCK, CREDENTIALS, QUERIES, CLUSTERS);
            return;
        }
        findings.add(clock(first, clock.instant()));
        if (first.status() == 401) {
            findings.add(rejected(CREDENTIALS, first, ""));
            notAsked(findings, "the credentials are not accepted", QUERIES, CLUSTERS);
            return;
        }
        findings.add(Finding.ok(CREDENTIALS, "accepted"));
        List<Query> known = knownQueries(first);
        settings.resources().forEach((type, list) -> resources(type, ids(type, list), known));
    }

    /** Returns the named ids and those that the Metrics API lists; says how many these are. */
    private List<String> ids(String type, ResourceList list) {
        Set<String> ids = new LinkedHashSet<>(list.ids());
        for (String scope : list.scopes()) {
            ListFetch fetch = new ListFetch(settings.api().host(), type, scope);
            String question = "List of " + fetch.name();
            unlessUnanswered(
                    question,
                    () -> {
                        Answer answer = requests.get(fetch.path());
                        fetch.answer(answer.status(), answer.location(), answer.body());
                        fetch.ids().stream().filter(list::mayFind).forEach(ids::add);
                        findings.add(Finding.ok(question, fetch.ids().size() + " listed"));
                    });
        }
        return List.copyOf(ids);
    }

    private void resources(String type, List<String> ids, List<Query> known) {
        String question = type.equals(Query.KAFKA) ? CLUSTERS : "Resources of type " + type;
        if (ids.isEmpty()) {
            findings.add(
                    type.equals(Query.KAFKA)
                            ? Finding.failed(
                                    question,
                                    "there is none to scrape",
                                    "see what the list above lacks, or name ids in"
                                            + " CONFLUENT_METRICS_CLUSTER_ID_LIST")
                            : Finding.ok(question, "none at present"));
            return;
        }
        known.stream()
                .filter(it -> it.resource().equals(type))
                .findFirst()
                .ifPresentOrElse(
                        query -> unlessUnanswered(question, () -> ask(question, query, ids)),
                        () ->
                                findings.add(
                                        Finding.notAsked(
                                                question, "there is no query to ask with")));
    }

    private Finding reachable(Answer answer) {
        URI host = settings.api().host();
        if (answer.status() >= 300 && answer.status() < 400) {
            return Finding.failed(
                    Check.METRICS_API,
                    "%s redirects to %s, which is not followed"
                            .formatted(host, OneLine.of("" + answer.location())),
                    "if the API moved, set CONFLUENT_METRICS_HOST");
        } else if (ApiText.isForeign(answer.status(), answer.body()) && answer.status() != 200
                || answer.status() >= 400 && answer.status() != 401 && answer.status() != 403) {
            return rejected(Check.METRICS_API, answer, "");
        } else if (answer.status() == 200 && !isDescriptors(answer)) {
            return Finding.failed(
                    Check.METRICS_API,
                    host + " answers, but not as the Metrics API does",
                    ApiText.remedy(answer.status(), answer.body(), ""));
        }
        return Finding.ok(Check.METRICS_API, host + " answers");
    }

    /** Does this machine's clock agree with the Metrics API's, which says which hours are over? */
    private static Finding clock(Answer answer, Instant here) {
        if (answer.date().isEmpty()) {
            return Finding.warning(
                    CLOCK,
                    "the Metrics API's answer has no Date to compare with",
                    "see to it that the clock is set (NTP)");
        }
        Instant there = answer.date().get();
        Duration ahead = Duration.between(there, here);
        if (ahead.abs().compareTo(CLOCKS_DIFFER) <= 0) {
            return Finding.ok(CLOCK, "within a minute of the Metrics API's");
        }
        return Finding.failed(
                CLOCK,
                "%s is %d seconds %s the Metrics API's, which is %s"
                        .formatted(
                                here,
                                ahead.abs().toSeconds(),
                                ahead.isNegative() ? "behind" : "ahead of",
                                there),
                "set the clock (NTP)");
    }

    /** Says of each query whether the API knows its metric and label; returns those it knows. */
    private List<Query> knownQueries(Answer first) {
        if (queries.isEmpty()) {
            findings.add(Finding.notAsked(QUERIES, "the routes have none"));
            return List.of();
        }
        if (first.status() != 200) {
            findings.add(rejected(QUERIES, first, "in question"));
            return queries;
        }
        List<Query> known = new ArrayList<>();
        unlessUnanswered(
                QUERIES,
                () -> {
                    Map<String, Map<String, JsonNode>> byType = new HashMap<>();
                    byType.put(Query.KAFKA, descriptors(Query.KAFKA, first));
                    for (Query query : queries) {
                        String type = query.resource();
                        if (!byType.containsKey(type)) {
                            byType.put(type, descriptors(type, requests.get(DESCRIPTORS + type)));
                        }
                        Finding finding = finding(query, byType.get(type).get(query.metric()));
                        findings.add(finding);
                        if (finding.isGood()) {
                            known.add(query);
                        }
                    }
                });
        return known;
    }

    private static Finding finding(Query query, JsonNode descriptor) {
        String question = "Query " + query.metric() + " by " + query.groupBy();
        if (descriptor == null) {
            return Finding.failed(
                    question,
                    query.resource().equals(Query.KAFKA)
                            ? "the Metrics API has no metric of this name for Kafka clusters"
                            : "the Metrics API has no metric of this name for resources of type "
                                    + query.resource(),
                    "correct `metric`, or `resource`, of the step in the routes");
        }
        List<String> labels = new ArrayList<>();
        descriptor.path("labels").forEach(it -> labels.add("metric." + it.path("key").asText()));
        // descriptors of metrics do not list a resource's label; every one has it
        if (!query.labels().stream()
                .allMatch(it -> labels.contains(it) || it.equals(query.resourceLabel()))) {
            return Finding.failed(
                    question,
                    "the metric has no such label, but " + String.join(", ", labels),
                    "correct `groupBy` of the step in the routes");
        }
        return "DEPRECATED".equals(descriptor.path("lifecycle_stage").asText())
                ? Finding.warning(
                        question,
                        "known, but deprecated",
                        "look for the metric that takes its place")
                : Finding.ok(question, "known");
    }

    /** Returns the descriptors of all pages by the metric's name. */
    private Map<String, JsonNode> descriptors(String type, Answer first)
            throws IOException, NotAskedException {
        Map<String, JsonNode> byName = new HashMap<>();
        Set<String> tokens = new HashSet<>();
        Answer answer = first;
        while (true) {
            JsonNode page = descriptorPage(answer);
            page.path("data").forEach(it -> byName.put(it.path("name").asText(), it));
            String token = page.at("/meta/pagination/next_page_token").textValue();
            if (token == null || token.isEmpty()) {
                return byName;
            }
            if (!tokens.add(token)) {
                throw new MetricsApiException("The Metrics API sent the same page token twice");
            }
            answer =
                    requests.get(
                            DESCRIPTORS
                                    + type
                                    + "&page_token="
                                    + URLEncoder.encode(token, StandardCharsets.UTF_8));
        }
    }

    private static boolean isDescriptors(Answer answer) {
        try {
            descriptorPage(answer);
            return true;
        } catch (IOException | MetricsApiException e) {
            return false;
        }
    }

    private static JsonNode descriptorPage(Answer answer) throws IOException {
        if (answer.status() != 200) {
            throw new MetricsApiException(ApiText.answered(answer.status(), answer.body()));
        }
        JsonNode page = JSON.readTree(answer.body());
        if (!page.path("data").isArray()) {
            throw new MetricsApiException("The Metrics API's answer has no `data`");
        }
        return page;
    }

    /**
     * May the API key's owner see each cluster or other resource? Asked with the agent's own query
     * for one hour, many clusters at once, so that the answer is small and says what the agent will
     * be told. A request that is refused is asked again in halves, until what is left is a single
     * cluster. One that is not in the answer is asked alone: the API may leave out what the key may
     * not see.
     */
    private void ask(String question, Query query, List<String> clusters)
            throws IOException, NotAskedException, RejectedException {
        allowed = 0;
        refused.clear();
        int most = settings.api().clustersPerRequest();
        try {
            for (int i = 0; i < clusters.size(); i += most) {
                ask(query, clusters.subList(i, Math.min(i + most, clusters.size())));
            }
        } catch (NotAskedException e) {
            int left = clusters.size() - allowed - refused.size();
            throw new NotAskedException(left + " not asked: " + e.getMessage());
        } finally {
            if (allowed > 0) {
                findings.add(
                        Finding.ok(
                                question, "%d of %d allowed".formatted(allowed, clusters.size())));
            }
            findings.addAll(refused);
        }
    }

    private void ask(Query query, List<String> some)
            throws IOException, NotAskedException, RejectedException {
        Answer answer = requests.post(QUERY, QueryRequest.permission(query, some, lastDue));
        boolean noPoints = answer.status() == 404 && ApiText.isErrorResponse(answer.body());
        if (answer.status() == 200 && some.size() > 1) {
            Set<String> heard = new HashSet<>();
            for (JsonNode point : JSON.readTree(answer.body()).path("data")) {
                heard.add(point.path(query.resourceLabel()).asText());
            }
            for (String cluster : some) {
                if (heard.contains(cluster)) {
                    allowed++;
                } else {
                    ask(query, List.of(cluster));
                }
            }
        } else if (answer.status() == 200 || noPoints) {
            allowed += some.size();
        } else if (!ApiText.isRefusalOfClusters(answer.status(), answer.body())) {
            throw new RejectedException(answer);
        } else if (some.size() == 1) {
            String what = query.resource().equals(Query.KAFKA) ? "Cluster " : "Resource ";
            refused.add(rejected(what + some.get(0), answer, some.get(0)));
        } else {
            int half = some.size() / 2;
            ask(query, some.subList(0, half));
            ask(query, some.subList(half, some.size()));
        }
    }

    private void unlessUnanswered(String question, Asking asking) {
        try {
            asking.ask();
        } catch (NotAskedException e) {
            findings.add(Finding.notAsked(question, e.getMessage()));
        } catch (RejectedException e) {
            findings.add(rejected(question, e.answer, "in question"));
        } catch (IOException | MetricsApiException e) {
            findings.add(Finding.failed(question, FailureReason.of(e)));
        }
    }

    private static Finding rejected(String question, Answer answer, String cluster) {
        return Finding.failed(
                question,
                ApiText.answered(answer.status(), answer.body()),
                ApiText.remedy(answer.status(), answer.body(), cluster));
    }

    private static void notAsked(List<Finding> findings, String reason, String... questions) {
        for (String question : questions) {
            findings.add(Finding.notAsked(question, reason));
        }
    }

    private interface Asking {
        void ask() throws IOException, NotAskedException, RejectedException;
    }

    /** An answer that is not about what was asked. */
    private static final class RejectedException extends Exception {

        private final transient Answer answer;

        private RejectedException(Answer answer) {
            this.answer = answer;
        }
    }
}
