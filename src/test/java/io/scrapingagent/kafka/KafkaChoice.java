package io.scrapingagent.kafka;

import java.util.function.Supplier;

/**
 * Decides which Kafka broker the tests run against: the container, which is nearest to production,
 * where it can be had; else the embedded one.
 */
final class KafkaChoice {

    static final String PROPERTY = "kafka.test";

    private static final String EMBEDDED = "embedded";
    private static final String TESTCONTAINERS = "testcontainers";

    private final Starter container;
    private final Supplier<RunningKafka> embedded;

    /** Starts a broker, or says why it cannot be had. */
    @FunctionalInterface
    interface Starter {

        RunningKafka start() throws KafkaUnavailableException;
    }

    /**
     * What was chosen.
     *
     * @param kafka the broker
     * @param reason why this one, to follow "because"
     */
    record Chosen(RunningKafka kafka, String reason) {}

    KafkaChoice(Starter container, Supplier<RunningKafka> embedded) {
        this.container = container;
        this.embedded = embedded;
    }

    /** Starts the broker that {@code -Dkafka.test} names, or the best one if it names none. */
    Chosen start(String forced) {
        if (forced == null || forced.isBlank()) {
            return startBest();
        }
        String reason = "-D%s=%s says so".formatted(PROPERTY, forced);
        return switch (forced) {
            case EMBEDDED -> new Chosen(embedded.get(), reason);
            case TESTCONTAINERS -> new Chosen(startContainer(), reason);
            default ->
                    throw new IllegalStateException(
                            "-D%s=%s is not known; allowed are %s, %s or nothing"
                                    .formatted(PROPERTY, forced, EMBEDDED, TESTCONTAINERS));
        };
    }

    private Chosen startBest() {
        try {
            return new Chosen(container.start(), "a Docker engine answers");
        } catch (KafkaUnavailableException e) {
            return new Chosen(embedded.get(), e.getMessage());
        }
    }

    private RunningKafka startContainer() {
        try {
            return container.start();
        } catch (KafkaUnavailableException e) {
            throw new IllegalStateException(
                    "-D%s=%s, but %s".formatted(PROPERTY, TESTCONTAINERS, e.getMessage()), e);
        }
    }
}
