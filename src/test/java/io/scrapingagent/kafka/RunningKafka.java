package io.scrapingagent.kafka;

/**
 * A Kafka broker that runs for the tests.
 *
 * @param bootstrapServers its address
 * @param kind what it is, in a few words for the log
 * @param stopper stops it
 */
record RunningKafka(String bootstrapServers, String kind, Runnable stopper) {}
