package io.scrapingagent.security;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server that sends whatever bytes it is told to, where a proper HTTP server would refuse:
 * headers without an end, broken chunks, half a status line. It holds nothing of what it sends.
 */
final class HostileServer implements AutoCloseable {

    private final ServerSocket server;
    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    task -> {
                        Thread thread = new Thread(task, "hostile-server");
                        thread.setDaemon(true);
                        return thread;
                    });
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private volatile Answer answer;

    /** Writes the bytes of an answer. */
    interface Answer {

        /**
         * Answers a request.
         *
         * @param request its head and body, as text
         * @return whether the connection is kept for another request
         */
        boolean to(String request, OutputStream out) throws IOException, InterruptedException;
    }

    HostileServer(Answer answer) {
        this.answer = answer;
        try {
            server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** Answers the requests to come in another way. */
    void answer(Answer next) {
        answer = next;
    }

    /** An answer with a body, after which the connection is kept. */
    static Answer fixed(byte[] response) {
        return (request, out) -> {
            out.write(response);
            return true;
        };
    }

    /** A whole response. */
    static byte[] response(String status, String headers, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String head =
                "HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n"
                        .formatted(status, headers, body.length);
        out.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(body);
        return out.toByteArray();
    }

    static byte[] json(String body) {
        return response(
                "200 OK",
                "Content-Type: application/json\r\n",
                body.getBytes(StandardCharsets.UTF_8));
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket connection = server.accept();
                connections.add(connection);
                threads.execute(() -> serve(connection));
            } catch (IOException e) {
                // closed
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            boolean keep = true;
            while (keep) {
                String request = request(in);
                if (request == null) {
                    return;
                }
                keep = answer.to(request, out);
                out.flush();
            }
        } catch (IOException e) {
            // the client had enough, as it should
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(connection);
        }
    }

    private static String request(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.append((char) next);
        }
        int length = 0;
        for (String line : head.toString().split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            server.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
