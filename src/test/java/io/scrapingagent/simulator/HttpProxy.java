package io.scrapingagent.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP proxy that wants a name and a password, and leads to one server on this machine whatever
 * host it is asked for: with a tunnel (CONNECT) or, for plain http, without.
 */
public final class HttpProxy implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient();
    private final HttpServer server;
    private final int target;
    private final String authorization;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /**
     * Starts the proxy on a free port.
     *
     * @param target the server's port
     * @param login user and password, with a colon between them
     */
    public HttpProxy(int target, String login) {
        this.target = target;
        byte[] bytes = login.getBytes(StandardCharsets.UTF_8);
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(bytes);
        this.server =
                vertx.createHttpServer()
                        .requestHandler(this::serve)
                        .listen(0, LOOPBACK)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join();
    }

    /** Returns the port. */
    public int port() {
        return server.actualPort();
    }

    /** Returns the first lines of the requests that were let through. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    private void serve(HttpServerRequest request) {
        if (!authorization.equals(request.getHeader("Proxy-Authorization"))) {
            request.response()
                    .setStatusCode(407)
                    .putHeader("Proxy-Authenticate", "Basic realm=\"test\"")
                    .end();
            return;
        }
        requests.add(request.method() + " " + request.uri() + " HTTP/1.1");
        if (request.method() == HttpMethod.CONNECT) {
            tunnel(request);
        } else {
            request.body().onSuccess(body -> forward(request, body));
        }
    }

    private void tunnel(HttpServerRequest request) {
        vertx.createNetClient()
                .connect(target, LOOPBACK)
                .onSuccess(
                        upstream ->
                                request.toNetSocket()
                                        .onSuccess(
                                                socket -> {
                                                    socket.pipeTo(upstream);
                                                    upstream.pipeTo(socket);
                                                }));
    }

    private void forward(HttpServerRequest request, Buffer body) {
        client.request(request.method(), target, LOOPBACK, request.path())
                .compose(
                        forwarded -> {
                            forwarded.headers().setAll(request.headers());
                            return forwarded.send(body);
                        })
                .onSuccess(
                        answer -> {
                            request.response().setStatusCode(answer.statusCode());
                            request.response().headers().setAll(answer.headers());
                            request.response().send(answer);
                        });
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
