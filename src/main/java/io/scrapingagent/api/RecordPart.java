package io.scrapingagent.api;

import java.util.function.BiFunction;
import org.apache.camel.Exchange;
import org.apache.camel.support.ExpressionAdapter;

/**
 * A part of a record, as the routes refer to it by name. There are hundreds of thousands of records
 * in an hour, and a {@code method} expression copies the exchange each time it is evaluated.
 */
public final class RecordPart extends ExpressionAdapter {

    private final BiFunction<Point, Window, Object> part;

    /**
     * Creates the expression.
     *
     * @param part makes the part from a point and the window that it was fetched with
     */
    public RecordPart(BiFunction<Point, Window, Object> part) {
        this.part = part;
    }

    @Override
    public Object evaluate(Exchange exchange) {
        return part.apply(
                exchange.getMessage().getBody(Point.class),
                exchange.getProperty("window", Window.class));
    }
}
