package io.scrapingagent.check;

import io.scrapingagent.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/** The brokers, asked with the producer's own settings. */
final class Brokers implements AutoCloseable {

    private final Admin admin;

    /**
     * Makes the client; nothing is connected to.
     *
     * @param patience how long one answer may take
     * @throws KafkaException when the settings do not fit together
     */
    Brokers(Settings settings, Duration patience) {
        int patienceMs = (int) patience.toMillis();
        Map<String, Object> client = new HashMap<>(settings.kafka());
        client.keySet().retainAll(AdminClientConfig.configNames());
        client.computeIfPresent(CommonClientConfigs.CLIENT_ID_CONFIG, (name, id) -> id + "-check");
        client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, patienceMs);
        client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, patienceMs);
        this.admin = Admin.create(client);
    }

    Admin admin() {
        return admin;
    }

    /**
     * Waits for an answer.
     *
     * @throws KafkaException when the brokers are away or refuse
     */
    static <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka
                    ? kafka
                    : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
