package io.scrapingagent.simulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP proxy that wants a name and a password, and leads to one server on this machine whatever
 * host it is asked for: with a tunnel (CONNECT) or, for plain http, without.
 */
public final class HttpProxy implements AutoCloseable {

    private final ServerSocket server;
    private final int target;
    private final String authorization;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /**
     * Starts the proxy on a free port.
     *
     * @param target the server's port
     * @param login user and password, with a colon between them
     */
    public HttpProxy(int target, String login) throws IOException {
        this.target = target;
        this.authorization =
                "Proxy-Authorization: Basic "
                        + Base64.getEncoder()
                                .encodeToString(login.getBytes(StandardCharsets.UTF_8));
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** Returns the port. */
    public int port() {
        return server.getLocalPort();
    }

    /** Returns the first lines of the requests that were let through. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            start(() -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        try (client) {
            Optional<String> read = head(client.getInputStream());
            while (read.isPresent() && !read.get().contains(authorization)) {
                write(
                        client,
                        "HTTP/1.1 407 Proxy Authentication Required\r\n"
                                + "Proxy-Authenticate: Basic realm=\"test\"\r\n"
                                + "Content-Length: 0\r\n\r\n");
                read = head(client.getInputStream());
            }
            if (read.isEmpty()) {
                return;
            }
            String head = read.get();
            requests.add(head.lines().findFirst().orElseThrow());
            try (Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target)) {
                if (head.startsWith("CONNECT ")) {
                    write(client, "HTTP/1.1 200 Connection established\r\n\r\n");
                } else {
                    // a request to a connection: the next one is read as this one was
                    write(upstream, head.replaceFirst("\r\n", "\r\nConnection: close\r\n"));
                }
                start(() -> copy(client, upstream));
                copy(upstream, client);
            }
        }
    }

    private static void copy(Socket from, Socket to) throws IOException {
        from.getInputStream().transferTo(to.getOutputStream());
        to.shutdownOutput();
    }

    /** Reads as far as the empty line; nothing if the connection was closed. */
    private static Optional<String> head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            String text = head.toString(StandardCharsets.ISO_8859_1);
            if (text.endsWith("\r\n\r\n")) {
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void start(Work work) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                work.run();
                            } catch (IOException e) {
                                // one of both sides has closed, as either may
                            }
                        },
                        "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private interface Work {
        void run() throws IOException;
    }
}
