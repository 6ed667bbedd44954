package io.scrapingagent.api;

import io.scrapingagent.api.MetricsApiException.BatchRefusedException;
import io.scrapingagent.config.ApiProxy;
import io.scrapingagent.config.Settings.ApiSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.kafka.common.config.types.Password;

/**
 * Configures the HTTP client for the Metrics API. HttpClient itself follows no redirects
 * (CVE-2026-85251: credentials to another host): {@link Redirects} decides, and the next request
 * goes there. The client retries nothing (each request must be paced) and keeps no cookies. It
 * bounds a response's headers, body and time. It adds the credentials for the configured host only,
 * so they never appear in an exchange, an endpoint URI or a log line.
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
     * @param responseDeadline how long one whole response may take
     * @param maxResponseBytes how long a response's body may be, in bytes once uncompressed
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
        client.setConnectionManager(
                        PoolingHttpClientConnectionManagerBuilder.create()
                                .setDnsResolver(new HostName())
                                .setTlsSocketStrategy(new DefaultClientTlsStrategy(trusted()))
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
                .addExecInterceptorFirst("whole-body", this::readWhole)
                // added last, so it is outermost: a body that breaks off counts as no answer
                .addExecInterceptorFirst("listeners", this::notifyListeners);
        settings.proxy().ifPresent(proxy -> configure(client, proxy));
    }

    /** The credentials answer the proxy's challenge when a tunnel is made. */
    private static void configure(HttpClientBuilder client, ApiProxy proxy) {
        HttpHost address = new HttpHost("http", proxy.host(), proxy.port());
        client.setProxy(address);
        if (!proxy.user().isEmpty()) {
            BasicCredentialsProvider credentials = new BasicCredentialsProvider();
            credentials.setCredentials(
                    new AuthScope(address),
                    new UsernamePasswordCredentials(
                            proxy.user(), proxy.password().value().toCharArray()));
            client.setDefaultCredentialsProvider(credentials);
        }
    }

    /** The JVM's authorities and those of the settings. */
    private SSLContext trusted() {
        try {
            if (settings.authorities().isEmpty()) {
                return SSLContexts.createDefault();
            }
            TrustManagerFactory jvm =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            jvm.init((KeyStore) null);
            KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
            all.load(null, null);
            for (TrustManager manager : jvm.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    add(all, List.of(x509.getAcceptedIssuers()));
                }
            }
            add(all, settings.authorities());
            return SSLContexts.custom().loadTrustMaterial(all, null).build();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("The certificate authorities cannot be read", e);
        }
    }

    private static void add(KeyStore store, List<X509Certificate> authorities)
            throws KeyStoreException {
        for (X509Certificate authority : authorities) {
            store.setCertificateEntry("authority-" + store.size(), authority);
        }
    }

    private void authenticate(HttpRequest request, EntityDetails entity, HttpContext context) {
        String host = settings.baseUrl().getHost();
        if (request.getAuthority() == null
                || !host.equalsIgnoreCase(request.getAuthority().getHostName())) {
            throw new IllegalStateException("Credentials are for " + host + " only");
        }
        // a URI cannot have underscores, so baseUrl has a stand-in: the header needs the real name
        if (!settings.hostName().equals(host)) {
            int port = request.getAuthority().getPort();
            request.setHeader(HttpHeaders.HOST, settings.hostName() + (port < 0 ? "" : ":" + port));
        }
        request.setHeader(
                HttpHeaders.AUTHORIZATION, basic(settings.key().value(), settings.secret()));
        // over http there is no tunnel: the proxy's credentials go along at once, as the body could
        // not be sent again after its challenge
        ApiProxy proxy = settings.proxy().orElse(null);
        if (proxy != null && !proxy.user().isEmpty() && "http".equals(request.getScheme())) {
            request.setHeader(
                    HttpHeaders.PROXY_AUTHORIZATION, basic(proxy.user(), proxy.password()));
        }
    }

    private static String basic(String user, Password password) {
        String credentials = user + ":" + password.value();
        return "Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    /** Resolves the configured host by its real name, which may have underscores. */
    private final class HostName extends SystemDefaultDnsResolver {

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            return super.resolve(
                    host.equalsIgnoreCase(settings.baseUrl().getHost())
                            ? settings.hostName()
                            : host);
        }
    }

    /** Notifies the listeners of each request and its outcome. */
    private ClassicHttpResponse notifyListeners(
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

    /**
     * Reads each response whole, within a limit of bytes and of time. So a truncated body fails the
     * request, which is retried; an endless body fills no memory; and no connection stays open
     * unread. The time limit is for the whole exchange: a socket time-out starts again with each
     * byte, so a slow server could keep the agent for ever.
     */
    private ClassicHttpResponse readWhole(
            ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        CompletableFuture<Void> deadline = new CompletableFuture<>();
        deadline.orTimeout(responseDeadline.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(
                        late -> {
                            scope.execRuntime.discardEndpoint();
                            return null;
                        });
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            HttpEntity entity = response.getEntity();
            if (entity != null) {
                byte[] body = read(entity.getContent());
                // drop the server's type and coding: Camel would act on them
                response.removeHeaders(HttpHeaders.CONTENT_ENCODING);
                response.setHeader(HttpHeaders.CONTENT_TYPE, ContentType.APPLICATION_JSON);
                response.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
            }
            return response;
        } catch (IOException | HttpException | RuntimeException e) {
            // discard, not close: close reads the rest, which may be endless; and HttpClient leaks
            // the connection after an unknown coding (CVE-2026-64607)
            scope.execRuntime.discardEndpoint();
            if (deadline.isDone()) {
                throw new SocketTimeoutException(
                        "the answer was not complete within "
                                + responseDeadline.toMillis()
                                + " ms");
            }
            if (e instanceof IllegalArgumentException) {
                // a status of 0, which HttpClient reports as a caller's mistake
                throw new IOException("the answer is no HTTP: " + e.getMessage(), e);
            }
            throw e;
        } finally {
            deadline.complete(null);
        }
    }

    private byte[] read(InputStream content) throws IOException {
        byte[] body = content.readNBytes(maxResponseBytes);
        if (content.read() >= 0) {
            throw new BatchRefusedException(
                    ("The Metrics API's answer is longer than %d bytes, the limit that"
                                    + " metrics.api.response.max.bytes sets")
                            .formatted(maxResponseBytes));
        }
        content.close();
        return body;
    }
}
