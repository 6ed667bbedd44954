package io.scrapingagent.scrape;

import java.time.Instant;
import java.util.List;

/**
 * A scrape of hours that somebody asks for, those before the first scrape as well.
 *
 * @param from the start of the first hour
 * @param to the start of the last hour
 * @param clusters the clusters
 * @param progress is told of each window
 */
public record Backfill(Instant from, Instant to, List<String> clusters, Progress progress) {

    /** Is told how far a query has come. */
    public interface Progress {

        /**
         * A window was published.
         *
         * @param cluster the cluster
         * @param metric the metric's short name
         * @param published how many of the query's hours are published
         * @param hours how many hours the query has to fetch in all
         */
        void published(String cluster, String metric, int published, int hours);
    }
}
