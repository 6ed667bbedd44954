package io.scrapingagent.routes;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Changed and made-up bodies of answers. */
final class MisbehavingBody {

    private MisbehavingBody() {}

    static JsonObject unknownFields(JsonObject answer) {
        JsonObject changed = answer.copy().put("new_field", new JsonObject().put("a", 1));
        changed.getJsonObject("meta").put("new_field", new JsonArray().add(1));
        for (Object point : changed.getJsonArray("data")) {
            ((JsonObject) point).put("new_field", new JsonObject().put("value", "x"));
        }
        return changed;
    }

    /** Changes the last points of an answer. */
    static UnaryOperator<JsonObject> lastPoints(int count, Consumer<JsonObject> change) {
        return answer -> {
            JsonObject changed = answer.copy();
            JsonArray data = changed.getJsonArray("data");
            for (int i = data.size() - count; i < data.size(); i++) {
                change.accept(data.getJsonObject(i));
            }
            return changed;
        };
    }

    /** An answer with these values, as they stand in its text. */
    static String points(String label, String... values) {
        StringJoiner data = new StringJoiner(",", "{\"data\":[", "]}");
        for (int i = 0; i < values.length; i++) {
            data.add(
                    "{\"%s\":\"u-%d\",\"timestamp\":\"2025-09-02T01:00:00Z\",\"value\":%s}"
                            .formatted(label, i, values[i]));
        }
        return data.toString();
    }
}
