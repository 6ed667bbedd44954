package io.scrapingagent.config;

import java.net.URI;

/**
 * How to reach the Metrics API.
 *
 * @param host scheme, host and port, without a trailing slash
 * @param key the Cloud API key
 * @param secret the secret of the key
 * @param requestsPerMinute the most requests in any 60 seconds
 * @param clustersPerRequest the most clusters in one request
 * @param parallelRequests the most windows that are fetched at once
 */
public record ApiSettings(
        URI host,
        Secret key,
        Secret secret,
        int requestsPerMinute,
        int clustersPerRequest,
        int parallelRequests) {}
