package io.scrapingagent.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The endpoint that lists the resources that the key may see, for Prometheus' service discovery.
 */
final class Listing {

    static final String PATH = "/v2/metrics/cloud/discovery";

    private final Map<String, Cluster> clusters;
    private final Map<String, String> environments;
    private final Set<String> hidden;

    /**
     * @param clusters by id
     * @param environments the environments of some of them
     * @param hidden the ids that are not listed
     */
    Listing(Map<String, Cluster> clusters, Map<String, String> environments, Set<String> hidden) {
        this.clusters = clusters;
        this.environments = environments;
        this.hidden = hidden;
    }

    /** All of the types that were asked for, a target for each type. */
    Answer of(ReceivedRequest request) {
        String type = request.parameters().get("resource_type");
        String environment = request.parameters().get("env");
        Map<String, List<String>> byType =
                clusters.values().stream()
                        .filter(it -> !hidden.contains(it.id()))
                        .filter(it -> type == null || it.type().equals(type))
                        .filter(
                                it ->
                                        environment == null
                                                || environment.equals(environments.get(it.id())))
                        .collect(
                                Collectors.groupingBy(
                                        Cluster::type,
                                        Collectors.mapping(Cluster::id, Collectors.toList())));
        JsonArray targets = new JsonArray();
        byType.forEach(
                (each, ids) -> {
                    JsonObject labels =
                            JsonObject.of(
                                    "__metrics_path__",
                                    "/v2/metrics/cloud/export",
                                    "__param_resource_" + each + "_id",
                                    String.join(",", ids));
                    JsonArray hosts = JsonArray.of("api.telemetry.confluent.cloud");
                    targets.add(JsonObject.of("targets", hosts, "labels", labels));
                });
        return Answer.of(200, Answer.JSON, targets.toBuffer());
    }
}
