package io.scrapingagent.simulator;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Reads what there is to read of a request, right or wrong. */
final class RequestReader {

    private RequestReader() {}

    /** The body as a JSON object, or {@code null} if it is none. */
    static JsonObject json(Buffer body) {
        try {
            return Json.decodeValue(body) instanceof JsonObject json ? json : null;
        } catch (DecodeException e) {
            return null;
        }
    }

    static ReceivedRequest read(HttpServerRequest http, long arrivedNanos, Buffer body) {
        JsonObject json = json(body);
        JsonObject query = json == null ? new JsonObject() : json;
        return new ReceivedRequest(
                arrivedNanos,
                http.method().name(),
                http.path(),
                http.getParam("page_token"),
                parameters(http.params()),
                headers(http.headers()),
                body.toString(StandardCharsets.UTF_8),
                clusters(query),
                text("/aggregations/0/metric", query),
                text("/intervals/0", query),
                new AtomicReference<>());
    }

    private static Map<String, String> parameters(MultiMap received) {
        Map<String, String> parameters = new HashMap<>();
        received.names().forEach(name -> parameters.put(name, received.get(name)));
        return Map.copyOf(parameters);
    }

    private static Map<String, List<String>> headers(MultiMap received) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        received.names().forEach(name -> headers.put(name, received.getAll(name)));
        return Collections.unmodifiableMap(headers);
    }

    private static List<String> clusters(JsonObject query) {
        if (at("/filter/filters", query) instanceof JsonArray each) {
            return each.stream().map(it -> ((JsonObject) it).getString("value")).toList();
        }
        return Stream.ofNullable(text("/filter/value", query)).toList();
    }

    private static String text(String place, JsonObject query) {
        return (String) at(place, query);
    }

    private static Object at(String place, JsonObject query) {
        return JsonPointer.from(place).queryJson(query);
    }
}
