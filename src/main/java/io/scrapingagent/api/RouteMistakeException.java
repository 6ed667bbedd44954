package io.scrapingagent.api;

/** The routes do what cannot work. The message is a sentence for their author. */
public final class RouteMistakeException extends IllegalArgumentException {

    /** Creates the exception. */
    public RouteMistakeException(String message) {
        super(message);
    }
}
