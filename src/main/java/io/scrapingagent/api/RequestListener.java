package io.scrapingagent.api;

import java.time.Duration;
import org.apache.hc.core5.http.HttpResponse;

/**
 * Is told what comes of requests to the Metrics API, by the thread that sends them: what it makes
 * of it must be quick and must not fail.
 */
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
