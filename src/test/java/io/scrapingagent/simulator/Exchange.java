package io.scrapingagent.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** One request on the wire and the ways to answer it, good and bad. */
final class Exchange {

    private final Vertx vertx;
    private final HttpServerRequest http;
    private final RequestLog.Entry entry;
    private final Supplier<Answer> proper;

    Exchange(Vertx vertx, HttpServerRequest http, RequestLog.Entry entry, Supplier<Answer> proper) {
        this.vertx = vertx;
        this.http = http;
        this.entry = entry;
        this.proper = proper;
    }

    ReceivedRequest request() {
        return entry.request();
    }

    /** What an API that behaves would answer. */
    Answer proper() {
        return proper.get();
    }

    void send(Answer answer) {
        if (!http.response().closed() && !http.response().headWritten()) {
            entry.answered(answer.status());
            begin(answer).end(answer.body());
        }
    }

    /** Sends byte by byte. A pause is at least a millisecond. */
    void sendSlowly(Answer answer, Duration perByte) {
        entry.answered(answer.status());
        HttpServerResponse response = promiseLength(begin(answer), answer);
        sendByte(response, answer.body(), 0, Math.max(1, perByte.toMillis()));
    }

    private void sendByte(HttpServerResponse response, Buffer body, int index, long millis) {
        if (response.closed()) {
            return;
        }
        if (index == body.length()) {
            response.end();
            return;
        }
        response.write(body.getBuffer(index, index + 1));
        vertx.setTimer(millis, timer -> sendByte(response, body, index + 1, millis));
    }

    /** Promises the whole body by its length, sends half of it and hangs up. */
    void cutAfterHalf(Answer answer) {
        sendHalfAndHangUp(promiseLength(begin(answer), answer), answer);
    }

    /** Sends half of the body as a chunk and hangs up before the chunk that ends it. */
    void cutChunkedAfterHalf(Answer answer) {
        sendHalfAndHangUp(begin(answer).setChunked(true), answer);
    }

    private void sendHalfAndHangUp(HttpServerResponse response, Answer answer) {
        Buffer half = answer.body().getBuffer(0, answer.body().length() / 2);
        response.write(half).onComplete(sent -> hangUp());
    }

    /** Sends the opening, then one more piece after another for as long as the client listens. */
    void sendEndlessly(Answer opening, Supplier<Buffer> more) {
        entry.answered(opening.status());
        HttpServerResponse response = begin(opening).setChunked(true);
        response.write(opening.body());
        pump(response, more);
    }

    private static void pump(HttpServerResponse response, Supplier<Buffer> more) {
        while (!response.closed() && !response.writeQueueFull()) {
            response.write(more.get());
        }
        if (!response.closed()) {
            response.drainHandler(drained -> pump(response, more));
        }
    }

    void hangUp() {
        http.connection().close();
    }

    private HttpServerResponse begin(Answer answer) {
        HttpServerResponse response = http.response().setStatusCode(answer.status());
        answer.headers()
                .forEach(
                        (name, values) ->
                                response.putHeader(
                                        name, (Iterable<String>) List.of(values.split("\n"))));
        return response;
    }

    private static HttpServerResponse promiseLength(HttpServerResponse response, Answer answer) {
        return response.putHeader("Content-Length", "" + answer.body().length());
    }
}
