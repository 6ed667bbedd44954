package io.scrapingagent.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the points of a page, and no more of them than a page can have: an empty one is three bytes
 * of a body but many more in memory.
 */
final class PointsDeserializer extends StdDeserializer<List<Point>> {

    /**
     * A page has at most 1000 groups, with a point for each of the 168 hours that the API keeps.
     */
    private static final int MOST_POINTS = 1000 * 168;

    /**
     * One for all points of a page: to have Jackson look it up for each takes as long as the rest.
     */
    private final PointDeserializer point = new PointDeserializer();

    PointsDeserializer() {
        super(List.class);
    }

    @Override
    public List<Point> deserialize(JsonParser json, DeserializationContext context)
            throws IOException {
        if (!json.isExpectedStartArrayToken()) {
            context.reportInputMismatch(this, "`data` is not an array");
        }
        List<Point> points = new ArrayList<>();
        for (JsonToken token = json.nextToken();
                token != JsonToken.END_ARRAY;
                token = json.nextToken()) {
            if (points.size() == MOST_POINTS) {
                context.reportInputMismatch(this, "a page has more than %d points", MOST_POINTS);
            }
            points.add(token == JsonToken.VALUE_NULL ? null : point.deserialize(json, context));
        }
        return points;
    }
}
