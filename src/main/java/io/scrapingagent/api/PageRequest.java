package io.scrapingagent.api;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpConstants;

/** The request step of the routes: builds the request for a window's next page. */
public final class PageRequest {

    /** The heap that the agent needs without points, and for each point with its record. */
    private static final long BASE_BYTES = 64L << 20;

    private static final long POINT_BYTES = 2048;

    /** One page must fit, however small the heap is. */
    private static final int MIN_POINTS = 1000;

    private final int maxPoints;
    private final Duration deadline;
    private final Semaphore room;

    /**
     * Creates the step.
     *
     * @param maxPoints the most points of all windows in hand together, if the heap has room
     * @param deadline how long fetching a window may take, with its pages, retries and waits
     * @param heapBytes the size of the heap
     */
    public PageRequest(int maxPoints, Duration deadline, long heapBytes) {
        long fit = Math.max(MIN_POINTS, (heapBytes - BASE_BYTES) / POINT_BYTES);
        this.maxPoints = (int) Math.min(maxPoints, fit);
        this.deadline = deadline;
        this.room = new Semaphore(this.maxPoints, true);
    }

    /** Starts with the first page of a window. */
    public WindowFetch firstPage(@ExchangeProperty("window") Window window) {
        return new WindowFetch(window, deadline, room, maxPoints);
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
            redirect(message, redirect);
        } else if (pages.isLaterPage()) {
            message.setHeader(
                    HttpConstants.HTTP_QUERY,
                    "page_token=" + URLEncoder.encode(pages.pageToken(), StandardCharsets.UTF_8));
        }
        message.setBody(QueryRequest.of(pages.window()));
    }

    /** Sends a request to another address than the step's. */
    static void redirect(Message message, URI target) {
        message.setHeader(HttpConstants.HTTP_URI, target.toString().replaceFirst("\\?.*", ""));
        message.setHeader(HttpConstants.HTTP_QUERY, target.getRawQuery());
    }
}
