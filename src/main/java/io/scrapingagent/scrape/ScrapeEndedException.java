package io.scrapingagent.scrape;

/** The scrape has ended early; what was still in hand is not published any more. */
final class ScrapeEndedException extends RuntimeException {

    ScrapeEndedException() {
        super("the scrape had ended before");
    }
}
