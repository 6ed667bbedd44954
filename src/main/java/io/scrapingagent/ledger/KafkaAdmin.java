package io.scrapingagent.ledger;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** An admin client that has the producer's settings. */
public final class KafkaAdmin implements AutoCloseable {

    private final Admin admin;

    /**
     * Makes the client; nothing is connected to.
     *
     * @throws KafkaException when the settings do not fit together
     * @see #clientSettings
     */
    public KafkaAdmin(Map<String, ?> producer, String purpose, Duration patience) {
        this.admin =
                Admin.create(
                        clientSettings(
                                producer, AdminClientConfig.configNames(), purpose, patience));
    }

    /**
     * Returns those of the producer's settings that another client has too. Its {@code client.id}
     * names its purpose, and its time-outs are the patience.
     */
    public static Map<String, Object> clientSettings(
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

    /** Returns the client. */
    public Admin admin() {
        return admin;
    }

    /**
     * Waits for an answer.
     *
     * @throws KafkaException when the brokers are away or refuse
     */
    public static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka
                    ? kafka
                    : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
