package io.scrapingagent.api;

/** What to do about an answer that asking again would not mend. */
public final class StatusRemedy {

    private StatusRemedy() {}

    /**
     * Returns the remedy in a few words.
     *
     * @param status the HTTP status
     * @param cluster the cluster that was asked for
     */
    public static String of(int status, String cluster) {
        return switch (status) {
            case 401 ->
                    "CONFLUENT_METRICS_API_KEY and CONFLUENT_METRICS_API_SECRET must be a Cloud API"
                            + " key, not a cluster's";
            case 403 -> "grant the API key's owner the role MetricsViewer for cluster " + cluster;
            case 400, 422 ->
                    "check this query's metric and groupBy against the API's descriptors, and the"
                            + " cluster id";
            default -> "check CONFLUENT_METRICS_HOST and what stands between it and the agent";
        };
    }
}
