package io.scrapingagent.check;

import io.scrapingagent.api.ApiText;
import io.scrapingagent.api.MetricsApiException;
import io.scrapingagent.api.Query;
import io.scrapingagent.api.StatusRemedy;
import io.scrapingagent.check.ApiRequests.Answer;
import io.scrapingagent.check.ApiRequests.NotAskedException;
import io.scrapingagent.config.OneLine;
import io.scrapingagent.config.Settings;
import io.scrapingagent.scrape.FailureReason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * Is the Metrics API there, does it know the credentials, and does it have what the routes will ask
 * for? The first request, for the descriptors, needs no cluster and no query, so it is what tells
 * the first two.
 */
final class ApiCheck {

    static final String CREDENTIALS = "API credentials";
    static final String CLOCK = "Clock";
    static final String QUERIES = "Queries";
    static final String CLUSTERS = "Clusters";

    private final Settings settings;
    private final List<Query> queries;
    private final Instant lastDue;
    private final Clock clock;
    private final Duration patience;

    ApiCheck(
            Settings settings,
            List<Query> queries,
            Instant lastDue,
            Clock clock,
            Duration patience) {
        this.settings = settings;
        this.queries = queries;
        this.lastDue = lastDue;
        this.clock = clock;
        this.patience = patience;
    }

    void run(List<Finding> findings) {
        try (ApiRequests requests = new ApiRequests(settings.api(), patience)) {
            Answer first = requests.get(Descriptors.FIRST_PAGE);
            if (!reachable(first, findings)) {
                return;
            }
            findings.add(ClockCheck.of(first.date(), clock.instant()));
            if (accepted(first, findings)) {
                List<Query> known = new QueryCheck(requests, queries).run(first, findings);
                new ClusterCheck(
                                requests,
                                settings.clusters(),
                                settings.api().clustersPerRequest(),
                                lastDue)
                        .run(known, findings);
            }
        } catch (NotAskedException e) {
            findings.add(Finding.notAsked(Check.METRICS_API, e.getMessage()));
            notAsked(findings, "the Metrics API did not say", CREDENTIALS, QUERIES, CLUSTERS);
        } catch (IOException | MetricsApiException e) {
            findings.add(failure(Check.METRICS_API, e));
            notAsked(
                    findings,
                    "the Metrics API cannot be asked",
                    CLOCK,
                    CREDENTIALS,
                    QUERIES,
                    CLUSTERS);
        }
    }

    /** Returns what to say where a request got no answer. */
    static Finding failure(String question, Exception failure) {
        return Finding.failed(question, FailureReason.of(failure), remedy(failure));
    }

    /** Returns what to say where a request got an answer that is none. */
    static Finding rejected(String question, Answer answer, String cluster) {
        return Finding.failed(
                question,
                "The Metrics API answered " + answer.status() + ApiText.details(answer.body()),
                answer.status() >= 500
                        ? "it is not well, see Confluent's status page and check again later"
                        : StatusRemedy.of(answer.status(), cluster));
    }

    private boolean reachable(Answer answer, List<Finding> findings) {
        URI host = settings.api().host();
        if (answer.status() >= 300 && answer.status() < 400) {
            findings.add(
                    Finding.failed(
                            Check.METRICS_API,
                            "%s redirects to %s, which is not followed"
                                    .formatted(host, OneLine.of("" + answer.location())),
                            "if the API moved, set CONFLUENT_METRICS_HOST"));
        } else if (answer.status() >= 400 && answer.status() != 401 && answer.status() != 403) {
            findings.add(rejected(Check.METRICS_API, answer, ""));
        } else if (answer.status() == 200 && !Descriptors.isPage(answer)) {
            findings.add(
                    Finding.failed(
                            Check.METRICS_API,
                            host + " answers, but not as the Metrics API does",
                            StatusRemedy.of(answer.status(), "")));
        } else {
            findings.add(Finding.ok(Check.METRICS_API, host + " answers"));
            return true;
        }
        notAsked(
                findings, "the Metrics API cannot be asked", CLOCK, CREDENTIALS, QUERIES, CLUSTERS);
        return false;
    }

    private static boolean accepted(Answer answer, List<Finding> findings) {
        if (answer.status() == 401) {
            findings.add(rejected(CREDENTIALS, answer, ""));
            notAsked(findings, "the credentials are not accepted", QUERIES, CLUSTERS);
            return false;
        }
        findings.add(Finding.ok(CREDENTIALS, "accepted"));
        return true;
    }

    private static void notAsked(List<Finding> findings, String reason, String... questions) {
        for (String question : questions) {
            findings.add(Finding.notAsked(question, reason));
        }
    }

    private static String remedy(Exception failure) {
        if (failure instanceof UnknownHostException || failure instanceof MetricsApiException) {
            // says it itself
            return null;
        } else if (failure instanceof SSLException) {
            return "check what stands between, for example a proxy with a certificate of its own,"
                    + " and the JVM's trust store";
        } else if (failure instanceof ConnectException
                || failure instanceof SocketTimeoutException) {
            return "check CONFLUENT_METRICS_HOST, network and firewall";
        }
        return "check the network, and check again";
    }
}
