package io.scrapingagent.api;

import java.time.Duration;
import org.apache.hc.core5.http.HttpResponse;

/** Called on the thread that sends a request to the Metrics API; must return fast and not throw. */
public interface RequestListener {

    /** A request is about to be sent. */
    default void sent() {}

    /** A request was answered, with this status and these headers. */
    default void answered(HttpResponse response) {}

    /** A request got no answer, or none that could be read to its end. */
    default void unanswered() {}

    /** The Metrics API asked for a wait, which begins. */
    default void rateLimited(Duration wait) {}
}
