package io.scrapingagent.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.config.Settings.ManagementSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Asks a running agent's management server, as Kubernetes and Prometheus do. */
public final class ManagementClient {

    /** A probe that waits for longer than this counts as failed. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(LIMIT).build();
    private final String server;

    /** Names the server. */
    public ManagementClient(ManagementSettings management) {
        this.server = "http://" + management;
    }

    /** Returns the address of the status page. */
    public URI page() {
        return URI.create(server + "/");
    }

    /** Returns the HTTP status of a path. */
    public int status(String path) throws IOException, InterruptedException {
        return get(path).statusCode();
    }

    /** Returns what a path answers. */
    public String body(String path) throws IOException, InterruptedException {
        return get(path).body();
    }

    /** Returns all that one health check says. */
    public JsonNode check(String name) throws IOException, InterruptedException {
        JsonNode health =
                JSON.readTree(body("/observe/health?exposureLevel=full&data=true&stackTrace=true"));
        for (JsonNode check : health.get("checks")) {
            if (check.get("name").asText().equals(name)) {
                return check;
            }
        }
        throw new AssertionError("no check " + name + " in " + health);
    }

    /** Returns the values of all series, by name and labels as Prometheus reads them. */
    public Map<String, Double> metrics() throws IOException, InterruptedException {
        Map<String, Double> series = new TreeMap<>();
        body("/observe/metrics")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(
                        line -> {
                            int end = line.lastIndexOf(' ');
                            String value = line.substring(end + 1).replace("Inf", "Infinity");
                            series.put(line.substring(0, end), Double.valueOf(value));
                        });
        return series;
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(server + path)).timeout(LIMIT).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
