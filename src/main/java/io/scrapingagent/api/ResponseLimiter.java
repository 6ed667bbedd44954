package io.scrapingagent.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * Reads each response whole, within a limit of bytes and of time. So a truncated body fails the
 * request, which is retried; an endless body fills no memory; and no connection stays open unread.
 *
 * <p>The time limit is for the whole exchange. A socket time-out starts again with each byte, so a
 * slow server could keep the agent for ever.
 */
final class ResponseLimiter implements ExecChainHandler {

    private final Duration deadline;
    private final int maxBytes;
    private final ScheduledThreadPoolExecutor watch;

    ResponseLimiter(Duration deadline, int maxBytes) {
        this.deadline = deadline;
        this.maxBytes = maxBytes;
        this.watch =
                new ScheduledThreadPoolExecutor(
                        1,
                        task -> {
                            Thread thread = new Thread(task, "metrics-api-deadline");
                            thread.setDaemon(true);
                            return thread;
                        });
        watch.setRemoveOnCancelPolicy(true);
        // the thread ends when idle, so that a stop has none to end
        watch.setKeepAliveTime(1, TimeUnit.SECONDS);
        watch.allowCoreThreadTimeOut(true);
    }

    @Override
    public ClassicHttpResponse execute(
            ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        AtomicBoolean late = new AtomicBoolean();
        ScheduledFuture<?> end =
                watch.schedule(
                        () -> {
                            // first: discarding fails the request at once
                            late.set(true);
                            scope.execRuntime.discardEndpoint();
                        },
                        deadline.toMillis(),
                        TimeUnit.MILLISECONDS);
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
            if (late.get()) {
                throw new SocketTimeoutException(
                        "the answer was not complete within " + deadline.toMillis() + " ms");
            }
            if (e instanceof IllegalArgumentException) {
                // a status of 0, which HttpClient reports as a caller's mistake
                throw new IOException("the answer is no HTTP: " + e.getMessage(), e);
            }
            throw e;
        } finally {
            end.cancel(false);
        }
    }

    private byte[] read(InputStream content) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[16 * 1024];
        for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
            if (count > maxBytes - body.size()) {
                throw new AnswerTooLongException(maxBytes);
            }
            body.write(buffer, 0, count);
        }
        content.close();
        return body.toByteArray();
    }
}
