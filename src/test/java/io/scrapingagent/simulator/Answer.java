package io.scrapingagent.simulator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A whole response.
 *
 * @param status the HTTP status
 * @param headers all headers but {@code Content-Length}; several values of one are separated by
 *     line breaks
 * @param body may be empty
 */
record Answer(int status, Map<String, String> headers, Buffer body) {

    static final String JSON = "application/json";

    static Answer of(int status, String contentType, Buffer body) {
        return new Answer(status, Map.of("Content-Type", contentType), body);
    }

    /** The real API's error response. */
    static Answer error(int status, String detail) {
        JsonObject error = JsonObject.of("status", "" + status, "detail", detail);
        return of(status, JSON, JsonObject.of("errors", JsonArray.of(error)).toBuffer());
    }

    Answer with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new Answer(status, all, body);
    }
}
