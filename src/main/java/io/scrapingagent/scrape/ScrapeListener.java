package io.scrapingagent.scrape;

import io.scrapingagent.ledger.LedgerKey.Series;

/** Called on the scraping threads; must return fast and not throw. */
public interface ScrapeListener {

    /** A scrape begins. */
    default void began() {}

    /** What is scraped is known, or has changed. */
    default void planned() {}

    /** The scrape can publish, and knows which hours are published. */
    default void prepared() {}

    /** An hour of a query of a cluster was published: its transaction is committed. */
    default void published(Series series, int records) {}

    /** The scrape could not begin, or was cut short. */
    default void scrapeFailed(FailureReason why) {}

    /** A list of resources could not be had; {@code list} is like {@code kafka in env-123}. */
    default void listFailed(String list, FailureReason why) {}

    /** A query of a cluster failed. */
    default void failed(Series series, FailureReason why) {}

    /** A scrape ended, with or without failures. */
    default void ended(Scrape scrape) {}
}
