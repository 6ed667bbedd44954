package io.scrapingagent.status;

import org.apache.camel.http.base.HttpHeaderFilterStrategy;

/** Which headers the page's route may send: as any route, and {@code Cache-Control} too. */
public final class PageHeaders extends HttpHeaderFilterStrategy {

    @Override
    protected void initialize() {
        super.initialize();
        getOutFilter().remove("cache-control");
    }
}
