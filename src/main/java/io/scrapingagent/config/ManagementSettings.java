package io.scrapingagent.config;

/**
 * Where the running agent answers for itself: health, metrics, and the status page.
 *
 * @param address the address to listen on
 * @param port the TCP port
 */
public record ManagementSettings(String address, int port) {

    /** Returns address and port as a URL has them. */
    @Override
    public String toString() {
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }
}
