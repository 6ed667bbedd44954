package io.scrapingagent.status;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.scrapingagent.ledger.Hours;
import io.scrapingagent.ledger.Publisher;
import io.scrapingagent.status.ScrapeMetrics.MetricName;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What the agent is and how it stands, as metrics. */
public final class StateMetrics implements MeterBinder {

    private final String version;
    private final Hours hours;
    private final Publisher publisher;
    private final KafkaHealthCheck kafka;

    /**
     * Creates the metrics.
     *
     * @param version the agent's version
     * @param hours when the next hour is due
     * @param publisher whether another agent took over
     * @param kafka whether the producer can be used
     */
    public StateMetrics(String version, Hours hours, Publisher publisher, KafkaHealthCheck kafka) {
        this.version = version;
        this.hours = hours;
        this.publisher = publisher;
        this.kafka = kafka;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(MetricName.of("build.info"), () -> 1)
                .description("The agent that runs")
                .tag("version", version)
                .tag("java", System.getProperty("java.version"))
                .register(registry);
        TimeGauge.builder(
                        MetricName.of("next.due.timestamp"),
                        () -> hours.nextDue().toEpochMilli(),
                        TimeUnit.MILLISECONDS)
                .description("When the next hour is due")
                .register(registry);
        flag(registry, "fenced", "1 once another agent took over", publisher::isFenced);
        flag(
                registry,
                "kafka.usable",
                "1 unless Kafka was not reached yet or failed the agent last",
                kafka::isUsable);
    }

    private static void flag(
            MeterRegistry registry, String name, String description, BooleanSupplier state) {
        Gauge.builder(MetricName.of(name), () -> state.getAsBoolean() ? 1 : 0)
                .description(description)
                .register(registry);
    }
}
