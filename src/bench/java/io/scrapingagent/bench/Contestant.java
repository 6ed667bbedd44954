package io.scrapingagent.bench;

import java.time.Instant;

/** Fetches hours from the Metrics API and publishes them to Kafka. */
interface Contestant extends AutoCloseable {

    /**
     * Publishes all points of an hour; returns when the broker has them.
     *
     * @return how many
     */
    long publish(Instant hour) throws Exception;

    @Override
    void close();
}
