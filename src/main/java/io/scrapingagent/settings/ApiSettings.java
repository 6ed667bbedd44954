package io.scrapingagent.settings;

import java.net.URI;

/**
 * How to reach the Metrics API.
 *
 * @param host scheme, host and port, without a trailing slash
 * @param key the Cloud API key
 * @param secret the secret of the key
 * @param requestsPerMinute the most requests in any 60 seconds
 */
public record ApiSettings(URI host, Secret key, Secret secret, int requestsPerMinute) {}
