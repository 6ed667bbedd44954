package io.scrapingagent.api;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpConstants;

/** The request step of the routes: builds the request for a window's next page. */
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

    /** Drops the points and frees their room, whether the window was published or not. */
    public void release(Exchange exchange) {
        WindowFetch pages = (WindowFetch) exchange.removeProperty("pages");
        // absent if the window's fetch did not start
        if (pages != null) {
            pages.release();
        }
        exchange.getMessage().setBody(null);
    }

    /** Replaces the message by the request for the next page. */
    public void build(Exchange exchange, @ExchangeProperty("pages") WindowFetch pages) {
        pages.requested();
        Message message = exchange.getMessage();
        // all but Camel's own count of retries
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

    static String withoutQuery(URI uri) {
        String text = uri.toString();
        int query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query);
    }
}
