package io.scrapingagent.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decides which Kafka broker the tests run against: the container, which is nearest to production,
 * where it can be had; else the embedded one.
 */
final class KafkaChoice {

    static final String PROPERTY = "kafka.test";

    /** How long a failure counts. */
    static final Duration MEMORY = Duration.ofMinutes(30);

    private static final String EMBEDDED = "embedded";
    private static final String TESTCONTAINERS = "testcontainers";

    private final Starter container;
    private final Supplier<RunningKafka> embedded;
    private final Path memory;

    /**
     * A Kafka broker that runs for the tests.
     *
     * @param bootstrapServers its address
     * @param kind what it is, in a few words for the log
     * @param stopper stops it
     */
    record RunningKafka(String bootstrapServers, String kind, Runnable stopper) {}

    /** A kind of broker cannot be had on this machine; the message says why. */
    static final class UnavailableException extends Exception {

        private static final long serialVersionUID = 1;

        UnavailableException(String reason, Throwable cause) {
            super(reason, cause);
        }
    }

    /** Starts a broker, or says why it cannot be had. */
    @FunctionalInterface
    interface Starter {

        RunningKafka start() throws UnavailableException;
    }

    /**
     * What was chosen.
     *
     * @param kafka the broker
     * @param reason why this one, to follow "because"
     */
    record Chosen(RunningKafka kafka, String reason) {}

    /**
     * Prepares a choice.
     *
     * @param memory a file that tells the next JVM why there is no container, so that it does not
     *     wait for one again; it counts for {@link #MEMORY}
     */
    KafkaChoice(Starter container, Supplier<RunningKafka> embedded, Path memory) {
        this.container = container;
        this.embedded = embedded;
        this.memory = memory;
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
        Optional<String> remembered = remembered();
        if (remembered.isPresent()) {
            return new Chosen(embedded.get(), remembered.get() + ", as " + memory + " says");
        }
        try {
            return new Chosen(container.start(), "a Docker engine answers");
        } catch (UnavailableException e) {
            remember(e.getMessage());
            return new Chosen(embedded.get(), e.getMessage());
        }
    }

    private Optional<String> remembered() {
        try {
            Instant since = Files.getLastModifiedTime(memory).toInstant();
            return since.isAfter(Instant.now().minus(MEMORY))
                    ? Optional.of(Files.readString(memory))
                    : Optional.empty();
        } catch (IOException e) {
            // nothing failed yet
            return Optional.empty();
        }
    }

    private void remember(String reason) {
        try {
            Files.writeString(memory, reason);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RunningKafka startContainer() {
        try {
            return container.start();
        } catch (UnavailableException e) {
            throw new IllegalStateException(
                    "-D%s=%s, but %s".formatted(PROPERTY, TESTCONTAINERS, e.getMessage()), e);
        }
    }
}
