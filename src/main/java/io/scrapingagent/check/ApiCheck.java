package io.scrapingagent.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.scrapingagent.api.ApiAnswer;
import io.scrapingagent.api.ListFetch;
import io.scrapingagent.api.MetricsApiException;
import io.scrapingagent.api.Query;
import io.scrapingagent.api.QueryRequest;
import io.scrapingagent.check.ApiRequests.NotAskedException;
import io.scrapingagent.config.ResourceList;
import io.scrapingagent.config.Settings;
import io.scrapingagent.scrape.FailureReason;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * The questions of {@code check} to the Metrics API: is it there, does it know the credentials, and
 * does it have what the routes will ask for? The first request, for the descriptors, needs neither
 * cluster nor query: its answer tells the first two.
 */
final class ApiCheck {

    private static final String CREDENTIALS = "API credentials";
    private static final String CLOCK = "Clock";
    private static final String QUERIES = "Queries";

    private static final String DESCRIPTORS =
            "/v2/metrics/cloud/descriptors/metrics?page_size=1000&resource_type=";
    private static final String QUERY = "/v2/metrics/cloud/query";

    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    /**
     * At most so many of the clusters that an answer left out are asked alone: they may merely be
     * idle, and be many.
     */
    private static final int MOST_ALONE = 10;

    private final Settings settings;
    private final List<Query> queries;
    private final Instant lastDue;
    private final Clock clock;
    private final ApiRequests requests;
    private final List<Finding> findings;

    private final List<Finding> refused = new ArrayList<>();
    private final Queue<String> leftOut = new ArrayDeque<>();
    private int allowed;

    /**
     * Creates the check.
     *
     * @param queries those of the routes
     * @param lastDue the start of the last hour that is due
     * @param findings get each answer as it comes
     */
    ApiCheck(
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

    /** Asks one question after another. */
    void run() {
        try {
            run(requests.get(DESCRIPTORS + Query.KAFKA));
        } catch (IOException | MetricsApiException e) {
            findings.add(unanswered(Check.METRICS_API, e));
            findings.add(Finding.allElseNotAsked(Check.METRICS_API, "it cannot be asked"));
        }
    }

    private void run(ApiAnswer first) throws RejectedException {
        requireMetricsApi(first);
        findings.add(Finding.ok(Check.METRICS_API, settings.api().baseUrl() + " answers"));
        first.date().ifPresent(there -> findings.add(clock(there, clock.instant())));
        if (first.status() == 401) {
            findings.add(rejected(CREDENTIALS, first, "the clusters"));
            findings.add(
                    Finding.allElseNotAsked(Check.METRICS_API, "the credentials are not accepted"));
            return;
        }
        findings.add(Finding.ok(CREDENTIALS, "accepted"));
        List<Query> known = knownQueries(first);
        settings.resources().forEach((type, list) -> resources(type, list, known));
    }

    /** Asks for the ids of a type, and whether the API key's owner may see each. */
    private void resources(String type, ResourceList list, List<Query> known) {
        String question = type.equals(Query.KAFKA) ? "Clusters" : "Resources of type " + type;
        List<Query> ofType = known.stream().filter(it -> it.resource().equals(type)).toList();
        Optional<List<String>> ids = ids(type, list);
        if (ids.isEmpty()) {
            findings.add(Finding.notAsked(question, "the list above did not come"));
        } else if (ids.get().isEmpty()) {
            findings.add(noneOf(type, question));
        } else if (ofType.isEmpty()) {
            findings.add(withoutQuery(type, question));
        } else {
            permissions(question, ids.get(), ofType.get(0));
        }
    }

    /**
     * Returns the named ids and those that the Metrics API lists; says how many these are. Returns
     * nothing where a list did not come and no other has an id.
     */
    private Optional<List<String>> ids(String type, ResourceList list) {
        Set<String> ids = new LinkedHashSet<>(list.ids());
        boolean allCame = true;
        for (String scope : list.scopes()) {
            ListFetch fetch = new ListFetch(settings.api().baseUrl(), type, scope);
            String question = "List of " + fetch.name();
            try {
                ApiAnswer answer = requests.get(fetch.path());
                fetch.answer(answer);
                if (fetch.isIncomplete()) {
                    // redirected again and again
                    throw new RejectedException(answer);
                }
                fetch.ids().stream().filter(list::mayFind).forEach(ids::add);
                findings.add(Finding.ok(question, fetch.ids().size() + " listed"));
            } catch (IOException | MetricsApiException e) {
                findings.add(unanswered(question, e));
                allCame = false;
            }
        }
        return ids.isEmpty() && !allCame ? Optional.empty() : Optional.of(List.copyOf(ids));
    }

    private static void requireMetricsApi(ApiAnswer answer) throws RejectedException {
        boolean ofTheApi =
                switch (answer.status()) {
                    case 200 -> answer.json().path("data").isArray();
                    case 401, 403 -> !answer.isForeign();
                    default -> false;
                };
        if (!ofTheApi) {
            throw new RejectedException(answer);
        }
    }

    /** Compares this machine's clock with the Metrics API's, which says which hours are over. */
    private static Finding clock(Instant there, Instant here) {
        Duration ahead = Duration.between(there, here);
        return ahead.abs().compareTo(CLOCKS_DIFFER) <= 0
                ? Finding.ok(CLOCK, "within a minute of the Metrics API's")
                : Finding.failed(
                        CLOCK,
                        "%s is %d seconds %s the Metrics API's, which is %s"
                                .formatted(
                                        here,
                                        ahead.abs().toSeconds(),
                                        ahead.isNegative() ? "behind" : "ahead of",
                                        there),
                        "set the clock (NTP)");
    }

    /**
     * Says of each query whether the API knows its metric and label. Returns the queries without
     * those that are wrong; one that could not be judged stays in.
     */
    private List<Query> knownQueries(ApiAnswer first) {
        if (queries.isEmpty()) {
            findings.add(Finding.notAsked(QUERIES, "the routes have none"));
            return queries;
        }
        List<Query> known = new ArrayList<>(queries);
        try {
            Map<String, Map<String, JsonNode>> byType = new HashMap<>();
            byType.put(Query.KAFKA, descriptors(DESCRIPTORS + Query.KAFKA, first));
            for (Query query : queries) {
                String type = query.resource();
                if (!byType.containsKey(type)) {
                    String path = DESCRIPTORS + URLEncoder.encode(type, StandardCharsets.UTF_8);
                    byType.put(type, descriptors(path, requests.get(path)));
                }
                Finding finding = finding(query, byType.get(type).get(query.metric()));
                findings.add(finding);
                if (!finding.isGood()) {
                    known.remove(query);
                }
            }
        } catch (IOException | MetricsApiException e) {
            findings.add(unanswered(QUERIES, e));
        }
        return known;
    }

    private Finding finding(Query query, JsonNode descriptor) {
        String question = "Query " + query.metric() + " by " + query.groupBy();
        if (descriptor == null) {
            return Finding.failed(
                    question,
                    "the Metrics API has no metric of this name for resources of type "
                            + query.resource(),
                    "correct `metric`, or `resource`, of the step in the routes");
        }
        // descriptors of metrics do not list a resource's label; every one has it
        List<String> labels = new ArrayList<>(List.of(query.resourceLabel()));
        descriptor.path("labels").forEach(it -> labels.add("metric." + it.path("key").asText()));
        if (!labels.containsAll(query.labels())) {
            return Finding.failed(
                    question,
                    "the metric has no such label, but " + String.join(", ", labels),
                    "correct `groupBy` of the step in the routes");
        }
        if (!settings.resources().containsKey(query.resource())) {
            return Finding.warning(
                    question,
                    "known, but CONFLUENT_METRICS_%s_ID_LIST is not set, so the step does nothing"
                            .formatted(query.resource().toUpperCase(Locale.ROOT)),
                    "set it, or take the step out of the routes");
        }
        return "DEPRECATED".equals(descriptor.path("lifecycle_stage").asText())
                ? Finding.warning(
                        question,
                        "known, but deprecated",
                        "look for the metric that takes its place")
                : Finding.ok(question, "known");
    }

    /** Returns the descriptors of all pages by the metric's name. */
    private Map<String, JsonNode> descriptors(String path, ApiAnswer first) throws IOException {
        Map<String, JsonNode> byName = new HashMap<>();
        ApiAnswer answer = first;
        while (true) {
            JsonNode page = answer.json();
            if (answer.status() != 200 || !page.path("data").isArray()) {
                throw new RejectedException(answer);
            }
            page.path("data").forEach(it -> byName.put(it.path("name").asText(), it));
            String token = page.at("/meta/pagination/next_page_token").asText("");
            if (token.isEmpty()) {
                return byName;
            }
            String next = "&page_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
            answer = requests.get(path + next);
        }
    }

    /**
     * Asks whether the API key's owner may see each cluster or other resource. It asks for one hour
     * of a query's metric: one sum for each of several clusters, or one group of a single cluster.
     * So the answer is small, and the request is refused wherever the agent's own query would be. A
     * request that is refused is asked again in halves, until what is left is a single cluster. Of
     * those that are not in the answer some are asked alone: the API may leave out what the key may
     * not see.
     */
    private void permissions(String question, List<String> ids, Query query) {
        allowed = 0;
        refused.clear();
        leftOut.clear();
        List<Finding> end = new ArrayList<>();
        int most = settings.api().clustersPerRequest();
        try {
            for (int i = 0; i < ids.size(); i += most) {
                ask(query, ids.subList(i, Math.min(i + most, ids.size())));
            }
            for (int i = 0; i < MOST_ALONE && !leftOut.isEmpty(); i++) {
                ask(query, List.of(leftOut.element()));
                leftOut.remove();
            }
        } catch (NotAskedException e) {
            int left = ids.size() - allowed - refused.size() - leftOut.size();
            if (left > 0) {
                end.add(Finding.notAsked(question, left + " not asked: " + e.getMessage()));
            }
        } catch (IOException | MetricsApiException e) {
            end.add(unanswered(question, e));
        }
        if (allowed > 0) {
            findings.add(Finding.ok(question, "%d of %d allowed".formatted(allowed, ids.size())));
        }
        findings.addAll(refused);
        if (!leftOut.isEmpty()) {
            findings.add(
                    Finding.warning(
                            question,
                            "%d had no points in the last hour; whether the API key may see them shows in the first scrape"
                                    .formatted(leftOut.size()),
                            null));
        }
        findings.addAll(end);
    }

    private Finding withoutQuery(String type, String question) {
        boolean hasStep = queries.stream().anyMatch(it -> it.resource().equals(type));
        return hasStep || queries.isEmpty()
                ? Finding.notAsked(question, "there is no query to ask with")
                : Finding.warning(
                        question,
                        "no step of the routes has `resource: %s`, so none is scraped"
                                .formatted(type),
                        "add one for each metric");
    }

    private Finding noneOf(String type, String question) {
        return type.equals(Query.KAFKA) && !settings.shard().isOneOfSeveral()
                ? Finding.failed(
                        question,
                        "there is none to scrape",
                        "see what the list above lacks, or name ids in"
                                + " CONFLUENT_METRICS_CLUSTER_ID_LIST")
                : Finding.ok(question, "none at present");
    }

    private void ask(Query query, List<String> some) throws IOException {
        ApiAnswer answer = requests.post(QUERY, QueryRequest.permission(query, some, lastDue));
        JsonNode points = answer.json().path("data");
        boolean answered = answer.status() == 200 && points.isArray();
        boolean notFound = answer.status() == 404 && answer.isErrorResponse();
        if (!answered && !notFound && !answer.isRefusalOfClusters()) {
            throw new RejectedException(answer);
        }
        if (some.size() == 1) {
            // a single cluster's 404 only says that it has no points; one that the key may not see
            // is refused
            if (answered || notFound) {
                allowed++;
            } else {
                String what = query.resource().equals(Query.KAFKA) ? "Cluster " : "Resource ";
                refused.add(rejected(what + some.get(0), answer, "cluster " + some.get(0)));
            }
        } else if (answered) {
            Set<String> heard = new HashSet<>();
            points.forEach(it -> heard.add(it.path(query.resourceLabel()).asText()));
            some.stream().filter(it -> !heard.contains(it)).forEach(leftOut::add);
            allowed += (int) some.stream().filter(heard::contains).count();
        } else {
            // refused, or not found: a batch's 404 may be due to one that the key may not see
            int half = some.size() / 2;
            ask(query, some.subList(0, half));
            ask(query, some.subList(half, some.size()));
        }
    }

    private static Finding unanswered(String question, Exception failure) {
        if (failure instanceof NotAskedException) {
            return Finding.notAsked(question, failure.getMessage());
        } else if (failure instanceof RejectedException rejected) {
            return rejected(question, rejected.answer, "the clusters");
        }
        return Finding.failed(question, FailureReason.of(failure));
    }

    private static Finding rejected(String question, ApiAnswer answer, String what) {
        return Finding.failed(question, answer.sentence(), answer.remedy(what));
    }

    /** An answer that is of no use: an error, another server's, or a redirect too many. */
    private static final class RejectedException extends IOException {

        private final transient ApiAnswer answer;

        private RejectedException(ApiAnswer answer) {
            this.answer = answer;
        }
    }
}
