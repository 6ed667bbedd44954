package io.scrapingagent.ledger;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Asks the brokers as an administrator who has the producer's settings. */
public final class KafkaAdmin implements AutoCloseable {

    /**
     * How much longer than the patience {@link #ask} waits before it gives up. On some questions
     * the client itself never does; where it does, its own error comes first.
     */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private final Admin admin;
    private final Duration patience;

    /**
     * Makes the client; nothing is connected to.
     *
     * @param patience how long one answer may take
     * @throws KafkaException when the settings do not fit together
     * @see #clientSettings
     */
    public KafkaAdmin(Map<String, ?> producer, String purpose, Duration patience) {
        this.admin =
                Admin.create(
                        clientSettings(
                                producer, AdminClientConfig.configNames(), purpose, patience));
        this.patience = patience;
    }

    /**
     * Returns those of the producer's settings that another client has too. The other client's
     * {@code client.id} ends with its purpose; its time-outs are the patience, or a shorter {@code
     * request.timeout.ms} that was given.
     */
    static Map<String, Object> clientSettings(
            Map<String, ?> producer, Collection<String> names, String purpose, Duration patience) {
        Map<String, Object> settings = new HashMap<>(producer);
        settings.keySet().retainAll(names);
        settings.computeIfPresent(
                CommonClientConfigs.CLIENT_ID_CONFIG, (name, id) -> id + "-" + purpose);
        int patienceMs = (int) patience.toMillis();
        settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, patienceMs);
        settings.merge(
                CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
                patienceMs,
                (given, most) -> Math.min(Integer.parseInt(given.toString()), patienceMs));
        return settings;
    }

    /**
     * Asks a question and waits for its answer.
     *
     * @throws KafkaException when the brokers are away or refuse
     */
    public <T> T ask(Function<Admin, Future<T>> question) {
        try {
            long limitMs = patience.plus(MARGIN).toMillis();
            return question.apply(admin).get(limitMs, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka
                    ? kafka
                    : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(
                    "no answer within %d ms".formatted(patience.toMillis()));
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
