package io.scrapingagent;

import io.scrapingagent.api.MetricRecord;
import io.scrapingagent.api.MetricsApiClient;
import io.scrapingagent.api.PageRequest;
import io.scrapingagent.api.RecordPart;
import io.scrapingagent.api.RequestBudget;
import io.scrapingagent.api.RequestListener;
import io.scrapingagent.api.ResponseHandler;
import io.scrapingagent.api.WindowLimits;
import io.scrapingagent.config.Settings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Expression;
import org.apache.camel.PropertyInject;
import org.apache.camel.builder.RouteConfigurationBuilder;

/** The beans of the routes that fetch a window and make records of it. */
public final class FetchConfiguration implements CamelConfiguration {

    private final Settings settings;
    private final Clock clock;
    private final RequestBudget budget;
    private final List<RequestListener> listeners;

    /**
     * Creates the beans.
     *
     * @param settings the agent's settings
     * @param clock the time
     * @param budget what the Metrics API still allows
     * @param listeners are told of requests, those included that are added before the start
     */
    public FetchConfiguration(
            Settings settings, Clock clock, RequestBudget budget, List<RequestListener> listeners) {
        this.settings = settings;
        this.clock = clock;
        this.budget = budget;
        this.listeners = listeners;
    }

    /**
     * Lets failures reach the query's step, which says them in a sentence. It holds for all routes,
     * so it is none that an editor could change.
     */
    @Override
    public void configure(CamelContext context) throws Exception {
        context.addRoutesConfigurations(
                new RouteConfigurationBuilder() {
                    @Override
                    public void configuration() {
                        routeConfiguration().errorHandler(noErrorHandler());
                    }
                });
    }

    /** Asks for a page. */
    @BindToRegistry
    public PageRequest pageRequest(
            @PropertyInject("metrics.window.max.points") int maxPoints,
            @PropertyInject("metrics.window.deadline.ms") long deadlineMs) {
        WindowLimits limits = new WindowLimits(maxPoints, Duration.ofMillis(deadlineMs));
        return new PageRequest(limits.within(Runtime.getRuntime().maxMemory()));
    }

    /** Says what a page's answer means. */
    @BindToRegistry
    public ResponseHandler pageAnswer(
            @PropertyInject("metrics.api.rate.limit.max.wait.ms") long maxWaitMs) {
        return new ResponseHandler(
                settings.api().host(),
                Duration.ofMinutes(settings.minuteToScrapeAt()),
                Duration.ofHours(settings.retentionHours()),
                clock,
                Duration.ofMillis(maxWaitMs),
                listeners);
    }

    /** Obeys the Metrics API's own limit. */
    @BindToRegistry
    public RequestBudget requestBudget() {
        return budget;
    }

    /** Makes a record's key of a point. */
    @BindToRegistry
    public Expression recordKey() {
        return new RecordPart(MetricRecord::key);
    }

    /** Makes a record's timestamp of a point. */
    @BindToRegistry
    public Expression recordTimestamp() {
        return new RecordPart(MetricRecord::timestamp);
    }

    /** Makes a record's value of a point. */
    @BindToRegistry
    public Expression recordValue() {
        return new RecordPart(MetricRecord::value);
    }

    /** Holds the credentials and the limits of the HTTP step. */
    @BindToRegistry
    public MetricsApiClient metricsApiClient(
            @PropertyInject("metrics.api.response.deadline.ms") long deadlineMs,
            @PropertyInject("metrics.api.response.max.bytes") int maxBytes) {
        return new MetricsApiClient(
                settings.api(), Duration.ofMillis(deadlineMs), maxBytes, listeners);
    }
}
