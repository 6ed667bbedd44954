package io.scrapingagent.kafka;

import java.util.Locale;

/**
 * A listener of the embedded broker: its name in the broker's settings and its protocol.
 *
 * <p>{@link #CONTROLLER} is the broker's own; the others are for clients.
 */
enum BrokerListener {
    PLAINTEXT("PLAINTEXT"),
    SASL("SASL_PLAINTEXT"),
    SSL("SSL"),
    MUTUAL_SSL("SSL"),
    CONTROLLER("PLAINTEXT");

    private final String protocol;

    BrokerListener(String protocol) {
        this.protocol = protocol;
    }

    /** An entry of {@code listener.security.protocol.map}. */
    String protocolMapping() {
        return name() + ":" + protocol;
    }

    /** An entry of {@code listeners}: the port on the loopback interface. */
    String address(int port) {
        return name() + "://localhost:" + port;
    }

    /** The name of a setting that holds for this listener only. */
    String setting(String name) {
        return "listener.name." + name().toLowerCase(Locale.ROOT) + "." + name;
    }
}
