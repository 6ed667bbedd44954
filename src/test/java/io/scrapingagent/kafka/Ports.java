package io.scrapingagent.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports for brokers on the loopback interface.
 *
 * <p>They come from below the range that operating systems take the ports of outgoing connections
 * from. A port that stays closed during an outage is therefore never taken by a client that tries
 * to reconnect to it, and the broker can come back on it.
 */
public final class Ports {

    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 1_000;

    private Ports() {}

    /** The given number of different ports that nobody listens on now. */
    static int[] free(int count) {
        Set<Integer> ports = new LinkedHashSet<>();
        for (int attempt = 0; attempt < ATTEMPTS && ports.size() < count; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port)) {
                ports.add(port);
            }
        }
        if (ports.size() < count) {
            throw new IllegalStateException(
                    "no %d free ports between %d and %d".formatted(count, LOWEST, HIGHEST));
        }
        return ports.stream().mapToInt(Integer::intValue).toArray();
    }

    /** A port that nobody listens on now. */
    public static int free() {
        return free(1)[0];
    }

    /** Whether the port can be listened on. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
