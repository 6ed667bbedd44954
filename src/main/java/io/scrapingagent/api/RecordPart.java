package io.scrapingagent.api;

import java.util.function.BiFunction;
import org.apache.camel.Exchange;
import org.apache.camel.support.ExpressionAdapter;

/**
 * An expression for a part of a record, which routes refer to by name. A {@code method} expression
 * would copy the exchange for each of hundreds of thousands of records.
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
