package io.scrapingagent;

import io.scrapingagent.config.InvalidSettingsException;
import io.scrapingagent.config.SettingsSource;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * Asks the agent that runs beside it whether it is alive: the image's health check, for where there
 * is neither a shell nor curl. It is a main class of its own and uses nothing but the JDK's oldest
 * HTTP client, because a container engine starts it time and again.
 */
public final class HealthProbe {

    private static final int TIMEOUT_MS = 4000;
    private static final int OK = 0;
    private static final int UNHEALTHY = 1;

    private HealthProbe() {}

    /** Ends the process with exit code 0 if the agent is alive, and else 1. */
    public static void main(String[] arguments) {
        System.exit(ask());
    }

    private static int ask() {
        try {
            SettingsSource source = SettingsSource.ofProcess();
            return ask(
                    source.value("MANAGEMENT_ADDRESS").orElseThrow(),
                    source.value("MANAGEMENT_PORT").orElseThrow());
        } catch (InvalidSettingsException e) {
            System.out.println(e.getMessage());
            return UNHEALTHY;
        }
    }

    private static int ask(String address, String port) {
        String host = isAny(address) ? "localhost" : address;
        String url =
                "http://%s:%s/observe/health/live"
                        .formatted(host.contains(":") ? "[" + host + "]" : host, port);
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            int status = connection.getResponseCode();
            System.out.println(url + " answered " + status);
            return status == HttpURLConnection.HTTP_OK ? OK : UNHEALTHY;
        } catch (IOException | IllegalArgumentException e) {
            System.out.println(url + " did not answer: " + e.getMessage());
            return UNHEALTHY;
        }
    }

    private static boolean isAny(String address) {
        return address.equals("0.0.0.0") || address.equals("::");
    }
}
