package io.scrapingagent.security;

import static io.scrapingagent.routes.ExpectedRecord.RETAINED_BYTES;
import static io.scrapingagent.simulator.Misbehaviour.redirect;
import static io.scrapingagent.simulator.RequestMatcher.metric;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.PemCertificates;
import io.scrapingagent.routes.ExpectedRecord;
import io.scrapingagent.routes.ScrapeFixture;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import io.scrapingagent.simulator.ReceivedRequest;
import io.scrapingagent.simulator.RequestMatcher;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redirections over https. */
class RedirectTest {

    private static final String PATH = "/v2/metrics/cloud/query";
    private static final String CLUSTER = "lkc-aaa";
    private static final RequestMatcher REQUEST_BYTES = metric(ExpectedRecord.REQUEST_BYTES);

    @Test
    void areFollowedOnTheSameHostAndNowhereElse(@TempDir Path directory) throws Exception {
        PemCertificates certificates = PemCertificates.generate(directory);
        MetricsApiSimulator.Builder api =
                MetricsApiSimulator.of(CLUSTER, 5, 5)
                        .tls(certificates.serverCertificate(), certificates.serverKey());
        try (MetricsApiSimulator elsewhere = api.start();
                ScrapeFixture fixture = new ScrapeFixture(api, CLUSTER)) {
            fixture.environment("CONFLUENT_METRICS_CA_FILE", certificates.caFile().toString());
            MetricsApiSimulator here = fixture.simulator();
            for (int status : List.of(301, 302, 307, 308)) {
                here.answer(REQUEST_BYTES, 1, redirect(status, here.baseUri() + PATH));
            }
            // the certificate holds for this name, too: only the agent's own rule is in the way
            String other = elsewhere.baseUri().toString().replace("localhost", "127.0.0.1");
            here.answerAlways(metric(RETAINED_BYTES), redirect(307, other + PATH));

            Scrape scrape = fixture.scrape();

            List<ReceivedRequest> requests =
                    here.requests().stream().filter(REQUEST_BYTES).toList();
            assertThat(requests)
                    .extracting(ReceivedRequest::status)
                    .containsExactly(301, 302, 307, 308, 200);
            assertThat(requests)
                    .allSatisfy(
                            request -> {
                                assertThat(request.method()).isEqualTo("POST");
                                assertThat(request.body()).isEqualTo(requests.get(0).body());
                                assertThat(request.header("Authorization"))
                                        .isPresent()
                                        .isEqualTo(requests.get(0).header("Authorization"));
                            });
            assertThat(ExpectedRecord.of(fixture.consumed()))
                    .containsAll(
                            ExpectedRecord.ofQuery(
                                    here,
                                    ScrapeFixture.HOUR,
                                    CLUSTER,
                                    ExpectedRecord.REQUEST_BYTES));
            assertThat(scrape.getCompletedQueries()).isEqualTo(2);
            assertThat(scrape.getFailures())
                    .singleElement()
                    .satisfies(it -> assertThat(it.reason()).contains("redirected to " + other));
            assertThat(elsewhere.requests()).isEmpty();
        }
    }
}
