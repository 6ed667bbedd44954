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
 * Reads each response as a whole before it goes on, within a limit of bytes and of time. So a body
 * cut short fails the request, which is then retried, and not the reading of its JSON, which is
 * not; an endless body fills no memory; and no connection stays open because nobody read on.
 *
 * <p>The time is that of the whole exchange. Time-outs of the socket begin again with every byte: a
 * server that sends one now and then, a header's or an interim response's, would keep the agent for
 * as long as it likes.
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
        // no thread while nothing is under way, so that there is none to stop
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
                            // first: the request fails as soon as its connection is gone
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
                // what the server says of it would be acted on: another charset, a Java object,
                // one more compression
                response.removeHeaders(HttpHeaders.CONTENT_ENCODING);
                response.setHeader(HttpHeaders.CONTENT_TYPE, ContentType.APPLICATION_JSON);
                response.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
            }
            return response;
        } catch (IOException | HttpException | RuntimeException e) {
            // closing would first read the rest, which may never end; and what HttpClient throws
            // for a coding that it does not know leaves the connection taken (CVE-2026-64607)
            scope.execRuntime.discardEndpoint();
            if (late.get()) {
                throw new SocketTimeoutException(
                        "the answer was not complete within " + deadline.toMillis() + " ms");
            }
            if (e instanceof IllegalArgumentException) {
                // a status of 0, which HttpClient takes for its caller's mistake
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
