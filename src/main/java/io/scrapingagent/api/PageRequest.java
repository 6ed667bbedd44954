package io.scrapingagent.api;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpConstants;

/** The request step of the routes: asks for the next page of a window. */
public final class PageRequest {

    private final WindowLimits limits;
    private final PointsInHand inHand;

    /**
     * Creates the step.
     *
     * @param limits what windows may be
     */
    public PageRequest(WindowLimits limits) {
        this.limits = limits;
        this.inHand = new PointsInHand(limits.maxPoints());
    }

    /** Starts with the first page of a window. */
    public WindowFetch firstPage(@ExchangeProperty("window") Window window) {
        return new WindowFetch(window, limits.deadline(), inHand);
    }

    /** Forgets the points and makes room for those of other windows, whatever became of these. */
    public void release(Exchange exchange) {
        WindowFetch pages = (WindowFetch) exchange.removeProperty("pages");
        // a window that was not begun has none
        if (pages != null) {
            pages.release();
        }
        exchange.getMessage().setBody(null);
    }

    /** Makes the message the request for the next page; nothing of an earlier one is left on it. */
    public void build(Exchange exchange, @ExchangeProperty("pages") WindowFetch pages) {
        pages.requested();
        Message message = exchange.getMessage();
        // but for Camel's own count of retries
        message.removeHeaders("*", "CamelRedeliver*");
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setHeader("Accept", "application/json");
        URI redirect = pages.redirect();
        if (redirect != null) {
            message.setHeader(HttpConstants.HTTP_URI, withoutQuery(redirect));
            message.setHeader(HttpConstants.HTTP_QUERY, redirect.getRawQuery());
        } else if (pages.isLaterPage()) {
            message.setHeader(
                    HttpConstants.HTTP_QUERY,
                    "page_token=" + URLEncoder.encode(pages.pageToken(), StandardCharsets.UTF_8));
        }
        message.setBody(QueryRequest.of(pages.window()));
    }

    private static String withoutQuery(URI uri) {
        String text = uri.toString();
        int query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query);
    }
}
