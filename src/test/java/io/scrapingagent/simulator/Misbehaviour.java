package io.scrapingagent.simulator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One way in which the API, or what stands in front of it, does not give the proper answer. A
 * misbehaviour has no state and can be used for any number of requests. Unless said otherwise, the
 * request is not validated and the response carries no rate limit headers.
 */
public final class Misbehaviour {

    private final String name;
    private final Consumer<Exchange> conduct;

    private Misbehaviour(String name, Consumer<Exchange> conduct) {
        this.name = name;
        this.conduct = conduct;
    }

    void conduct(Exchange exchange) {
        conduct.accept(exchange);
    }

    /** A short name, for the names of parameterised tests. */
    @Override
    public String toString() {
        return name;
    }

    /** A status with the API's error body. */
    public static Misbehaviour status(int status) {
        return status(status, "simulated error " + status);
    }

    /** A status with the API's error body and this detail. */
    public static Misbehaviour status(int status, String detail) {
        return status(status, detail, Map.of());
    }

    /** A status with the API's error body, this detail and additional headers. */
    public static Misbehaviour status(int status, String detail, Map<String, String> headers) {
        return sending("status " + status, Answer.error(status, detail).with(headers));
    }

    /** A status as a gateway answers it while the API is away: an HTML page, no errors. */
    public static Misbehaviour unavailable(int status) {
        Buffer page = Buffer.buffer("<html><body><h1>" + status + "</h1></body></html>");
        return sending("unavailable " + status, Answer.of(status, "text/html", page));
    }

    /** 429 that says in {@code Retry-After} when to come back, in whole seconds. */
    public static Misbehaviour tooManyRequests(Duration retryAfter) {
        return tooManyRequests(Map.of("Retry-After", "" + retryAfter.toSeconds()));
    }

    /**
     * 429 that says only in {@code rateLimit-reset} when to come back, in whole seconds. The first
     * scope may be used again a second earlier.
     */
    public static Misbehaviour tooManyRequestsUntilReset(Duration reset) {
        long seconds = reset.toSeconds();
        return tooManyRequests(Map.of("rateLimit-reset", (seconds - 1) + "\n" + seconds));
    }

    /** 429 that does not say when to come back. */
    public static Misbehaviour tooManyRequestsWithoutHint() {
        return tooManyRequests(Map.of());
    }

    private static Misbehaviour tooManyRequests(Map<String, String> headers) {
        return sending("429 with " + headers, Answer.error(429, "Too Many Requests").with(headers));
    }

    /** 200 without any point, whatever there is. */
    public static Misbehaviour noPoints() {
        return body("{\"data\":[],\"meta\":{\"pagination\":{\"page_size\":1000}}}");
    }

    /** 404 with the API's error body. */
    public static Misbehaviour notFound() {
        return status(404, "not found");
    }

    /** The 400 for a page token that has expired. */
    public static Misbehaviour expireCursor() {
        return sending("expired cursor", Cursors.expired().answer());
    }

    /**
     * A redirection with the API's error body.
     *
     * @param location the value of the {@code Location} header as it is
     */
    public static Misbehaviour redirect(int status, String location) {
        return status(status, "moved", Map.of("Location", location));
    }

    /** 200 with this text instead of a proper body, still called JSON. */
    public static Misbehaviour body(String text) {
        return body(200, text);
    }

    /** A status with this text, called JSON. */
    public static Misbehaviour body(int status, String text) {
        return sending("body", Answer.of(status, Answer.JSON, Buffer.buffer(text)));
    }

    /** No answer; the connection stays open. */
    public static Misbehaviour hang() {
        return new Misbehaviour("hang", exchange -> {});
    }

    /** The connection is closed instead of an answer. */
    public static Misbehaviour closeConnection() {
        return new Misbehaviour("closed connection", Exchange::hangUp);
    }

    /** The proper answer, but only the first half of the bytes its {@code Content-Length} says. */
    public static Misbehaviour cutBody() {
        return new Misbehaviour("cut body", exchange -> exchange.cutAfterHalf(exchange.proper()));
    }

    /** The first half of the proper answer in a chunk, and no chunk that ends it. */
    public static Misbehaviour cutChunkedBody() {
        return new Misbehaviour(
                "cut chunked body", exchange -> exchange.cutChunkedAfterHalf(exchange.proper()));
    }

    /**
     * The proper answer, changed. An error is not changed. The values of points survive unless they
     * are changed, fractions as doubles.
     *
     * @param change may change what it is given or give something new
     */
    public static Misbehaviour rewrite(UnaryOperator<JsonObject> change) {
        return new Misbehaviour(
                "rewritten",
                exchange -> {
                    Answer proper = exchange.proper();
                    exchange.send(proper.status() == 200 ? rewritten(proper, change) : proper);
                });
    }

    private static Answer rewritten(Answer proper, UnaryOperator<JsonObject> change) {
        JsonObject body = change.apply(proper.body().toJsonObject());
        return new Answer(proper.status(), proper.headers(), body.toBuffer());
    }

    /** The proper answer with additional headers, which win over those of the same name. */
    public static Misbehaviour withHeaders(Map<String, String> headers) {
        Map<String, String> copy = new LinkedHashMap<>(headers);
        return new Misbehaviour(
                "with headers", exchange -> exchange.send(exchange.proper().with(copy)));
    }

    /** For each request another one of these, by chance. */
    public static Misbehaviour oneOf(Random random, List<Misbehaviour> choices) {
        List<Misbehaviour> copy = List.copyOf(choices);
        return new Misbehaviour(
                "one of " + copy,
                exchange -> copy.get(random.nextInt(copy.size())).conduct(exchange));
    }

    private static Misbehaviour sending(String name, Answer answer) {
        return new Misbehaviour(name, exchange -> exchange.send(answer));
    }
}
