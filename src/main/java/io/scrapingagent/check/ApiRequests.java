package io.scrapingagent.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.api.ApiAnswer;
import io.scrapingagent.api.MetricsApiClient;
import io.scrapingagent.api.Redirects;
import io.scrapingagent.config.Settings.ApiSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.apache.hc.core5.io.CloseMode;

/**
 * Requests to the Metrics API by the agent's own client: in all no more than {@code
 * CONFLUENT_METRICS_REQUESTS_PER_MINUTE}, and none is retried.
 */
final class ApiRequests implements AutoCloseable {

    private static final int MAX_BYTES = 16 * 1024 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI baseUrl;
    private final int mostRequests;
    private final long latestBegin;
    private final CloseableHttpClient client;
    private int requests;

    /**
     * Opens no connection yet.
     *
     * @param patience how long all requests may take: none begins after three quarters of it, and
     *     each may take half of it; {@link Check} does not wait for one that would end after it
     */
    ApiRequests(ApiSettings settings, Duration patience) {
        this.baseUrl = settings.baseUrl();
        this.mostRequests = settings.requestsPerMinute();
        this.latestBegin = System.nanoTime() + patience.multipliedBy(3).dividedBy(4).toNanos();
        Duration each = patience.dividedBy(2);
        HttpClientBuilder builder = HttpClientBuilder.create();
        new MetricsApiClient(settings, each, MAX_BYTES, List.of()).configureHttpClient(builder);
        this.client = builder.build();
    }

    ApiAnswer get(String pathAndQuery) throws IOException {
        return send(ClassicRequestBuilder.get(baseUrl + pathAndQuery));
    }

    ApiAnswer post(String path, Object body) throws IOException {
        byte[] json = JSON.writeValueAsBytes(body);
        return send(
                ClassicRequestBuilder.post(baseUrl + path)
                        .setEntity(json, ContentType.APPLICATION_JSON));
    }

    @Override
    public void close() {
        client.close(CloseMode.GRACEFUL);
    }

    private ApiAnswer send(ClassicRequestBuilder request) throws IOException {
        request.setHeader(HttpHeaders.ACCEPT, ContentType.APPLICATION_JSON.getMimeType());
        ApiAnswer answer = sendOnce(request);
        Redirects redirects = new Redirects();
        for (int i = 0; i < Redirects.MAX && answer.isRedirect(); i++) {
            request.setUri(redirects.follow(baseUrl, answer.location()));
            answer = sendOnce(request);
        }
        if (answer.status() == HttpStatus.SC_TOO_MANY_REQUESTS) {
            throw new NotAskedException(
                    "its rate limit is reached, perhaps by an agent that runs; check again in a minute");
        }
        return answer;
    }

    private ApiAnswer sendOnce(ClassicRequestBuilder request) throws IOException {
        if (requests == mostRequests) {
            throw new NotAskedException(
                    "the %d requests that CONFLUENT_METRICS_REQUESTS_PER_MINUTE allows are used up, check again in a minute"
                            .formatted(mostRequests));
        }
        if (System.nanoTime() - latestBegin > 0) {
            throw new NotAskedException("out of time, check again");
        }
        requests++;
        return client.execute(request.build(), ApiRequests::answer);
    }

    private static ApiAnswer answer(ClassicHttpResponse response) throws IOException {
        HttpEntity body = response.getEntity();
        Header location = response.getFirstHeader(HttpHeaders.LOCATION);
        return new ApiAnswer(
                response.getCode(),
                body == null ? new byte[0] : EntityUtils.toByteArray(body),
                location == null ? null : location.getValue(),
                Optional.ofNullable(DateUtils.parseStandardDate(response, HttpHeaders.DATE)));
    }

    /** A question that was not answered for a reason that says nothing about the configuration. */
    static final class NotAskedException extends IOException {

        NotAskedException(String reason) {
            super(reason);
        }
    }
}
