package io.scrapingagent.scrape;

import io.scrapingagent.ledger.Coverage.Range;
import java.time.Instant;
import java.util.List;

/**
 * A scrape of the hours that an operator asks for, the first and the last named by their start.
 * They may lie before the first scrape.
 */
public record Backfill(Instant from, Instant to, List<String> clusters, Progress progress) {

    /** Returns these hours, as far as they are due. */
    Range range(Range due) {
        return new Range(from, to.isBefore(due.last()) ? to : due.last(), due.oldest());
    }

    /** Is told how far a backfill has come. */
    public interface Progress {

        /**
         * Every query of an hour was tried, and something of it was published.
         *
         * @param tried how many hours were tried up to now
         * @param hours how many hours the backfill has
         */
        void tried(Instant hour, int tried, int hours);
    }
}
