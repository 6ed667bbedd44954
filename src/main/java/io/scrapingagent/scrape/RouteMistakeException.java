package io.scrapingagent.scrape;

/** A step of the routes asks for what cannot be. The message is a sentence for who edits them. */
public final class RouteMistakeException extends RuntimeException {

    RouteMistakeException(String message) {
        super(message);
    }
}
