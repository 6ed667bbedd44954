package io.scrapingagent.check;

/** A question that was not answered for a reason that says nothing about the configuration. */
final class NotAskedException extends Exception {

    NotAskedException(String reason) {
        super(reason);
    }
}
