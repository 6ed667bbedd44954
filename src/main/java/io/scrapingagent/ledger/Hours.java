package io.scrapingagent.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Which UTC hours are due by a clock. All instants are starts of hours, unless said otherwise.
 *
 * @param settling how long after its end an hour is due
 * @param retention how long the Metrics API keeps an hour
 */
public record Hours(Clock clock, Duration settling, Duration retention) {

    private static final Duration HOUR = Duration.ofHours(1);

    /**
     * The due hours that are not published.
     *
     * @param open the hours that the Metrics API still has, oldest first
     * @param lost the hours that it no longer has, oldest first
     */
    public record Gaps(List<Instant> open, List<Instant> lost) {

        /**
         * Some adjacent hours.
         *
         * @param start the start of the first
         * @param hours how many
         */
        public record Span(Instant start, int hours) {

            /** Returns the start of the last hour. */
            public Instant last() {
                return start.plus(HOUR.multipliedBy(hours - 1L));
            }
        }

        /**
         * Finds the gaps of one series.
         *
         * @param known the hours that the ledger has, published or lost
         * @param oldest the earliest moment that the Metrics API still has
         */
        public static Gaps between(
                Collection<Instant> known, Instant first, Instant lastDue, Instant oldest) {
            List<Instant> open = new ArrayList<>();
            List<Instant> lost = new ArrayList<>();
            Instant hour = first.truncatedTo(ChronoUnit.HOURS);
            for (; !hour.isAfter(lastDue); hour = hour.plus(HOUR)) {
                if (!known.contains(hour)) {
                    (hour.isBefore(oldest) ? lost : open).add(hour);
                }
            }
            return new Gaps(List.copyOf(open), List.copyOf(lost));
        }

        /** Joins adjacent hours; they are given and returned oldest first. */
        public static List<Span> spans(List<Instant> hours) {
            List<Span> spans = new ArrayList<>();
            for (Instant hour : hours) {
                int last = spans.size() - 1;
                if (last >= 0 && spans.get(last).last().plus(HOUR).equals(hour)) {
                    Span span = spans.get(last);
                    spans.set(last, new Span(span.start, span.hours + 1));
                } else {
                    spans.add(new Span(hour, 1));
                }
            }
            return spans;
        }
    }

    /** Returns the start of the last hour that is due. */
    public Instant lastDue() {
        return clock.instant().minus(settling).truncatedTo(ChronoUnit.HOURS).minus(HOUR);
    }

    /** Returns when the next hour will be due. */
    public Instant nextDue() {
        return lastDue().plus(HOUR.multipliedBy(2)).plus(settling);
    }

    /** Returns the start of the first hour that the Metrics API still has. */
    public Instant firstAvailable() {
        // rounded up
        return oldestAvailable().minusNanos(1).truncatedTo(ChronoUnit.HOURS).plus(HOUR);
    }

    /** Returns the earliest moment of which the Metrics API still has data. */
    public Instant oldestAvailable() {
        return clock.instant().minus(retention);
    }
}
