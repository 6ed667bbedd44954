package io.scrapingagent.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;

/**
 * The endpoint that lists the metrics. The API may serve smaller pages than it was asked for; this
 * one does, so that who does not ask for the next page misses some.
 */
final class Descriptors {

    static final String PATH = "/v2/metrics/cloud/descriptors/metrics";

    private static final int MOST_SERVED = 5;

    /**
     * One page.
     *
     * @throws ApiError if the token is not one of ours
     */
    Answer page(ReceivedRequest request) throws ApiError {
        String type = request.parameters().getOrDefault("resource_type", "kafka");
        List<Metric> metrics =
                Arrays.stream(Metric.values()).filter(it -> it.resource().equals(type)).toList();
        int from = Cursors.position(type, request.pageToken());
        int to = Math.min(metrics.size(), from + MOST_SERVED);
        JsonArray data = new JsonArray();
        metrics.subList(from, to).forEach(metric -> data.add(descriptor(metric)));
        JsonObject pagination = JsonObject.of("page_size", MOST_SERVED);
        if (to < metrics.size()) {
            pagination.put("next_page_token", Cursors.token(type, to));
        }
        JsonObject meta = JsonObject.of("pagination", pagination);
        JsonObject body = JsonObject.of("data", data, "links", null, "meta", meta);
        return Answer.of(200, Answer.JSON, body.toBuffer());
    }

    private static JsonObject descriptor(Metric metric) {
        JsonArray labels = new JsonArray();
        metric.labels().stream()
                .flatMap(label -> label.texts().stream())
                .map(label -> label.substring("metric.".length()))
                .distinct()
                .map(it -> JsonObject.of("key", it, "description", "Simulated."))
                .forEach(it -> labels.add(it.put("exportable", true)));
        return new JsonObject()
                .put("name", metric.fullName())
                .put("description", "Simulated.")
                .put("type", metric.valueKind().name() + "_INT64")
                .put("unit", "By")
                .put("lifecycle_stage", "GENERAL_AVAILABILITY")
                .put("exportable", true)
                .put("labels", labels)
                .put("resources", new JsonArray().add(metric.resource()));
    }
}
