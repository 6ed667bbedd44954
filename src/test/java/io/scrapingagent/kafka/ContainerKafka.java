package io.scrapingagent.kafka;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.LoggerFactory;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.kafka.KafkaContainer;

/**
 * Starts Kafka in a container, where a Docker engine answers and the image can be had.
 *
 * <p>Testcontainers, left alone, tries for minutes and logs stack traces where either is missing.
 * Here each question is asked by itself, has a time limit, and is answered with one sentence.
 */
final class ContainerKafka {

    static final String IMAGE = "apache/kafka-native:4.1.1";

    /** What Testcontainers starts beside each container, and waits for, unless it is disabled. */
    private static final String RYUK = "testcontainers/ryuk:0.14.0";

    private static final String RYUK_DISABLED = "TESTCONTAINERS_RYUK_DISABLED";

    private static final Duration ENGINE_LIMIT = Duration.ofSeconds(5);
    private static final Duration PULL_LIMIT = Duration.ofSeconds(90);
    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private ContainerKafka() {}

    /**
     * Starts the container, which stops with this JVM, and returns its address.
     *
     * @throws IllegalStateException where it cannot be had; the message says why
     */
    static String start() {
        Logger logger = (Logger) LoggerFactory.getLogger("org.testcontainers");
        Level level = logger.getLevel();
        // stays off if there is no container: nothing else uses Testcontainers
        logger.setLevel(Level.OFF);
        DockerClient client =
                within(ENGINE_LIMIT, "no Docker engine answers", ContainerKafka::engine);
        provide(client, IMAGE);
        if (!Boolean.parseBoolean(System.getenv(RYUK_DISABLED))) {
            provide(client, RYUK);
        }
        KafkaContainer container =
                within(START_LIMIT, "a container of " + IMAGE + " did not start", () -> run());
        logger.setLevel(level);
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "stop-test-kafka"));
        return container.getBootstrapServers();
    }

    private static DockerClient engine() {
        List<DockerClientProviderStrategy> strategies =
                ServiceLoader.load(DockerClientProviderStrategy.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList();
        return DockerClientProviderStrategy.getFirstValidStrategy(strategies).getDockerClient();
    }

    private static void provide(DockerClient client, String image) {
        within(PULL_LIMIT, "image " + image + " cannot be had", () -> pull(client, image));
    }

    private static boolean pull(DockerClient client, String image) throws InterruptedException {
        try {
            client.inspectImageCmd(image).exec();
        } catch (NotFoundException e) {
            client.pullImageCmd(image).start().awaitCompletion();
        }
        return true;
    }

    private static KafkaContainer run() {
        KafkaContainer container = new KafkaContainer(IMAGE);
        container.start();
        return container;
    }

    private static String firstLine(Throwable cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.toString());
    }

    private static <T> T within(Duration limit, String failure, Callable<T> question) {
        FutureTask<T> task = new FutureTask<>(question);
        Thread thread = new Thread(task, "kafka-container");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(limit.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            throw new IllegalStateException(
                    "%s within %d s".formatted(failure, limit.toSeconds()), e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new IllegalStateException("%s (%s)".formatted(failure, firstLine(cause)), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(failure, e);
        }
    }
}
