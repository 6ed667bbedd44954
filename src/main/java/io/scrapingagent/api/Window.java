package io.scrapingagent.api;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One or more adjacent hours of one query, fetched by one request and published as a whole.
 *
 * @param cluster the cluster, {@code lkc-…}
 * @param query what is asked for
 * @param start the start of the first hour, on a full UTC hour
 * @param hours how many hours, at least one
 */
public record Window(String cluster, Query query, Instant start, int hours) {

    /** Checks that the window consists of full hours. */
    public Window {
        if (!start.equals(start.truncatedTo(ChronoUnit.HOURS)) || hours < 1) {
            throw new IllegalArgumentException("Not full hours: " + hours + " from " + start);
        }
    }

    /** Returns the end of the last hour, exclusive. */
    public Instant end() {
        return start.plus(Duration.ofHours(hours));
    }

    /** Returns the window as the Metrics API's ISO-8601 interval, duration first. */
    public String interval() {
        return "PT" + hours + "H/" + end();
    }

    /** Tells whether a timestamp is the start of one of the window's hours. */
    public boolean hasHour(Instant timestamp) {
        return !timestamp.isBefore(start)
                && timestamp.isBefore(end())
                && timestamp.equals(timestamp.truncatedTo(ChronoUnit.HOURS));
    }
}
