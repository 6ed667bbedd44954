package io.scrapingagent.simulator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One request as it reached the simulator. What could not be read from the body is {@code null}, so
 * that wrong requests can be looked at, too.
 *
 * @param arrivedNanos {@link System#nanoTime()} at arrival, for distances between requests
 * @param method the HTTP method
 * @param path the path without the query
 * @param pageToken the decoded {@code page_token}; {@code null} on a first page
 * @param parameters the decoded query of the URL, the first value of each name
 * @param headers all headers; names are case-insensitive
 * @param body the raw body
 * @param clusters the ids in the filter, in its order
 * @param metric the first aggregation's metric
 * @param interval the first interval as it was sent
 * @param answered holds the status that was answered; {@code null} while there is none, and when
 *     the answer was withheld or cut
 */
public record ReceivedRequest(
        long arrivedNanos,
        String method,
        String path,
        String pageToken,
        Map<String, String> parameters,
        Map<String, List<String>> headers,
        String body,
        List<String> clusters,
        String metric,
        String interval,
        AtomicReference<Integer> answered) {

    /** The cluster, if it is the only one in the filter. */
    public String cluster() {
        return clusters.size() == 1 ? clusters.get(0) : null;
    }

    /** The first value of a header, whatever the case of its name. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** The status that was answered so far. */
    public Integer status() {
        return answered.get();
    }
}
