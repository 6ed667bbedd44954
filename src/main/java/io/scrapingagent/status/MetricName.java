package io.scrapingagent.status;

/** How the agent's own metrics are told from others'. */
final class MetricName {

    private MetricName() {}

    /** Returns a metric's whole name, which Prometheus gets with {@code _} for {@code .}. */
    static String of(String name) {
        return "confluent.scraping.agent." + name;
    }
}
