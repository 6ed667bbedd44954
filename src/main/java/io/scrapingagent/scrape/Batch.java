package io.scrapingagent.scrape;

import java.time.Instant;
import java.util.List;

/**
 * Some clusters that are asked for together, and the hour that is asked for.
 *
 * @param scrape the scrape
 * @param hour the start of the UTC hour
 * @param clusters the clusters, {@code lkc-…}
 */
public record Batch(Scrape scrape, Instant hour, List<String> clusters) {}
