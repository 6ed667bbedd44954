package io.scrapingagent.scrape;

import io.scrapingagent.ledger.LedgerKey.Series;

/**
 * Called on the scraping threads; must return fast and not throw. A reason is a sentence for an
 * operator; {@code byKafka} tells whether it was Kafka that failed.
 */
public interface ScrapeListener {

    /** A scrape begins. */
    default void began() {}

    /** The scrape can publish, and knows which hours are published. */
    default void prepared() {}

    /** The scrape could not begin; for most listeners it ended early. */
    default void notBegun(String reason, boolean byKafka) {
        endedEarly(reason, byKafka);
    }

    /** An hour of a query of a cluster was published: its transaction is committed. */
    default void published(Series series, int records) {}

    /** The scrape ended before all was tried. */
    default void endedEarly(String reason, boolean byKafka) {}

    /** A query of a cluster has no open hour any more. */
    default void completed(Series series) {}

    /** A query of a cluster failed; a passing failure, as a 503, may pass by itself. */
    default void failed(Series series, String reason, boolean byKafka, boolean passing) {}

    /** A scrape ended, with or without failures. */
    default void ended(Scrape scrape) {}
}
