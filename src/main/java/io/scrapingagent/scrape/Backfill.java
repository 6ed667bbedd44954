package io.scrapingagent.scrape;

import io.scrapingagent.ledger.Coverage.Range;
import java.time.Instant;
import java.util.List;

/**
 * A scrape of the hours that an operator asks for. They may lie before the first scrape.
 *
 * @param from the start of the first hour
 * @param to the start of the last hour
 * @param clusters the clusters
 * @param progress is told of each hour
 */
public record Backfill(Instant from, Instant to, List<String> clusters, Progress progress) {

    /** Returns these hours, as far as they are due. */
    Range range(Range due) {
        return new Range(from, to.isBefore(due.last()) ? to : due.last(), due.oldest());
    }

    /** Is told how far a backfill has come. */
    public interface Progress {

        /**
         * Something of an hour was published, and every query of it was tried.
         *
         * @param hour the start of the hour
         * @param tried how many hours were tried, this one included
         * @param hours how many hours the backfill has in all
         */
        void tried(Instant hour, int tried, int hours);
    }
}
