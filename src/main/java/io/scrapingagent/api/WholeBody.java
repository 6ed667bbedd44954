package io.scrapingagent.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * Reads each response's body as a whole before it goes on, within a limit of bytes and of time. So
 * a body cut short fails the request, which is then retried, and not the reading of its JSON, which
 * is not; an endless body fills no memory; and no connection stays open because nobody read on.
 */
final class WholeBody implements ExecChainHandler {

    private final Duration deadline;
    private final int mostBytes;

    WholeBody(Duration deadline, int mostBytes) {
        this.deadline = deadline;
        this.mostBytes = mostBytes;
    }

    @Override
    public ClassicHttpResponse execute(
            ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        long start = System.nanoTime();
        ClassicHttpResponse response = chain.proceed(request, scope);
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            ContentType type = ContentType.parseLenient(entity.getContentType());
            byte[] body;
            try {
                body = read(entity.getContent(), start);
            } catch (IOException | RuntimeException e) {
                // closing would first read the rest, which may never end
                scope.execRuntime.discardEndpoint();
                throw e;
            }
            response.setEntity(new ByteArrayEntity(body, type));
        }
        return response;
    }

    private byte[] read(InputStream content, long start) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[16 * 1024];
        for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
            body.write(buffer, 0, count);
            if (body.size() > mostBytes) {
                throw new MetricsApiException(
                        ("The Metrics API's answer is longer than %d bytes, the limit that"
                                        + " metrics.api.response.max.bytes sets")
                                .formatted(mostBytes));
            }
            if (System.nanoTime() - start > deadline.toNanos()) {
                throw new SocketTimeoutException(
                        "the answer was not complete within " + deadline.toMillis() + " ms");
            }
        }
        content.close();
        return body.toByteArray();
    }
}
