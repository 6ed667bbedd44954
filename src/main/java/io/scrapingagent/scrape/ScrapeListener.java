package io.scrapingagent.scrape;

import io.scrapingagent.ledger.LedgerKey.Series;

/**
 * Called on the scraping threads; must return fast and not throw. A reason is a sentence for an
 * operator; {@code byKafka} tells whether it was Kafka that failed; a {@code passing} failure, such
 * as a 503, may pass by itself, while somebody has to do something about any other.
 */
public interface ScrapeListener {

    /** A scrape begins. */
    default void began() {}

    /** The scrape can publish, and knows which hours are published. */
    default void prepared() {}

    /** An hour of a query of a cluster was published: its transaction is committed. */
    default void published(Series series, int records) {}

    /** The scrape could not begin, or was cut short. */
    default void scrapeFailed(String reason, boolean byKafka, boolean passing) {}

    /** A list of resources could not be had; {@code list} is like {@code kafka in env-123}. */
    default void listFailed(String list, String reason, boolean passing) {}

    /** A query of a cluster has no open hour any more. */
    default void completed(Series series) {}

    /** A query of a cluster failed. */
    default void failed(Series series, String reason, boolean byKafka, boolean passing) {}

    /** A scrape ended, with or without failures. */
    default void ended(Scrape scrape) {}
}
