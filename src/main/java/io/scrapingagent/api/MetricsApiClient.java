package io.scrapingagent.api;

import io.scrapingagent.config.Settings.ApiSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Configures the HTTP client for the Metrics API. The client follows no redirects (CVE-2026-85251:
 * credentials to another host), retries nothing (each request must be paced) and keeps no cookies.
 * It bounds a response's headers, body and time. It adds the credentials for the configured host
 * only, so they never appear in an exchange, an endpoint URI or a log line.
 */
public final class MetricsApiClient implements HttpClientConfigurer {

    /** HttpClient has no default limit: an endless header would fill the memory. */
    private static final Http1Config HEADERS =
            Http1Config.custom().setMaxLineLength(64 * 1024).setMaxHeaderCount(200).build();

    private final ApiSettings settings;
    private final Duration responseDeadline;
    private final int maxResponseBytes;
    private final List<RequestListener> listeners;

    /**
     * Creates the configuration.
     *
     * @param settings the host and the credentials
     * @param responseDeadline how long one whole response may take
     * @param maxResponseBytes how long a response's body may be, in bytes once uncompressed
     * @param listeners are told what comes of each request
     */
    public MetricsApiClient(
            ApiSettings settings,
            Duration responseDeadline,
            int maxResponseBytes,
            List<RequestListener> listeners) {
        this.settings = settings;
        this.responseDeadline = responseDeadline;
        this.maxResponseBytes = maxResponseBytes;
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        configure(client, ConnectionConfig.DEFAULT);
    }

    /**
     * Configures a client other than camel-http's, which gives its time-outs with each request.
     *
     * @param connections the time-outs of connections
     */
    public void configure(HttpClientBuilder client, ConnectionConfig connections) {
        client.setConnectionManager(
                        PoolingHttpClientConnectionManagerBuilder.create()
                                .setDefaultConnectionConfig(connections)
                                .setConnectionFactory(
                                        ManagedHttpClientConnectionFactory.builder()
                                                .http1Config(HEADERS)
                                                .build())
                                .setMaxConnPerRoute(settings.parallelRequests())
                                .setMaxConnTotal(settings.parallelRequests())
                                .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .addRequestInterceptorLast(this::authenticate)
                .addExecInterceptorFirst(
                        "whole-body", new ResponseLimiter(responseDeadline, maxResponseBytes))
                // before that one: a body that breaks off is no answer
                .addExecInterceptorFirst("heard", new RequestNotifier(listeners));
    }

    private void authenticate(HttpRequest request, EntityDetails entity, HttpContext context) {
        URI host = settings.host();
        if (request.getAuthority() == null
                || !host.getHost().equalsIgnoreCase(request.getAuthority().getHostName())) {
            throw new IllegalStateException("Credentials are for " + host.getHost() + " only");
        }
        String credentials = settings.key().reveal() + ":" + settings.secret().reveal();
        request.setHeader(
                HttpHeaders.AUTHORIZATION,
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    }

    /** Notifies the listeners of each request and its outcome. */
    static final class RequestNotifier implements ExecChainHandler {

        private final List<RequestListener> listeners;

        RequestNotifier(List<RequestListener> listeners) {
            this.listeners = listeners;
        }

        @Override
        public ClassicHttpResponse execute(
                ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
                throws IOException, HttpException {
            listeners.forEach(RequestListener::sent);
            try {
                ClassicHttpResponse response = chain.proceed(request, scope);
                listeners.forEach(it -> it.answered(response));
                return response;
            } catch (IOException | HttpException | RuntimeException e) {
                listeners.forEach(RequestListener::unanswered);
                throw e;
            }
        }
    }
}
