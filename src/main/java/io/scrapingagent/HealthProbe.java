package io.scrapingagent;

import io.scrapingagent.config.InvalidSettingsException;
import io.scrapingagent.config.Settings.ManagementSettings;
import io.scrapingagent.config.SettingsSource;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
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
        String url = "The agent";
        try {
            SettingsSource source = SettingsSource.ofProcess();
            ManagementSettings management =
                    new ManagementSettings(
                            source.value("MANAGEMENT_ADDRESS").orElseThrow(),
                            Integer.parseInt(source.value("MANAGEMENT_PORT").orElseThrow()));
            url = "http://%s/observe/health/live".formatted(management.reachable());
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            int status = connection.getResponseCode();
            System.out.println(url + " answered " + status);
            return status == HttpURLConnection.HTTP_OK ? OK : UNHEALTHY;
        } catch (InvalidSettingsException | IOException | IllegalArgumentException e) {
            System.out.println(url + " did not answer: " + e.getMessage());
            return UNHEALTHY;
        }
    }
}
