package io.scrapingagent.simulator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.function.Supplier;

/** One request on the wire and the ways to answer it, good and bad. */
final class Exchange {

    private final HttpServerRequest http;
    private final ReceivedRequest request;
    private final Supplier<Answer> proper;

    Exchange(HttpServerRequest http, ReceivedRequest request, Supplier<Answer> proper) {
        this.http = http;
        this.request = request;
        this.proper = proper;
    }

    ReceivedRequest request() {
        return request;
    }

    /** What an API that behaves would answer. */
    Answer proper() {
        return proper.get();
    }

    void send(Answer answer) {
        if (!http.response().closed() && !http.response().headWritten()) {
            request.answered().set(answer.status());
            begin(answer).end(answer.body());
        }
    }

    /** Promises the whole body by its length, sends half of it and hangs up. */
    void cutAfterHalf(Answer answer) {
        String length = "" + answer.body().length();
        sendHalfAndHangUp(begin(answer).putHeader("Content-Length", length), answer);
    }

    /** Sends half of the body as a chunk and hangs up before the chunk that ends it. */
    void cutChunkedAfterHalf(Answer answer) {
        sendHalfAndHangUp(begin(answer).setChunked(true), answer);
    }

    private void sendHalfAndHangUp(HttpServerResponse response, Answer answer) {
        Buffer half = answer.body().getBuffer(0, answer.body().length() / 2);
        response.write(half).onComplete(sent -> hangUp());
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
}
