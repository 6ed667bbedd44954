package io.scrapingagent.ledger;

import io.scrapingagent.api.RouteMistakeException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * A proxy for the transactional producer. camel-kafka closes its producer after an error in a
 * transaction and never creates a new one. This proxy then drops the producer behind it and refuses
 * calls, until {@link Publisher} has it replaced.
 */
final class ReplaceableProducer implements InvocationHandler {

    private static final Set<String> ENDS = Set.of("commitTransaction", "abortTransaction");

    private final Supplier<Producer<Object, Object>> producers;
    private final String topic;
    private final String ledgerTopic;

    /** The ledger's keys that the transaction in hand has sent so far. */
    private final Set<Object> inHand = ConcurrentHashMap.newKeySet();

    private volatile boolean sentRecords;

    /** The ledger's keys that were committed and not taken yet. */
    private final Set<Object> committed = ConcurrentHashMap.newKeySet();

    private volatile Producer<Object, Object> current;
    private final AtomicReference<Thread> publishing = new AtomicReference<>();

    /**
     * Creates the proxy.
     *
     * @param topic the topic of the records: what routes send to others needs no ledger entry
     */
    ReplaceableProducer(
            Supplier<Producer<Object, Object>> producers, String topic, String ledgerTopic) {
        this.producers = producers;
        this.topic = topic;
        this.ledgerTopic = ledgerTopic;
    }

    /** Takes a key from those that were committed. Returns whether it was among them. */
    boolean takeCommitted(String key) {
        return committed.remove(key);
    }

    /** Returns the producer for camel-kafka. */
    Producer<?, ?> proxy() {
        return (Producer<?, ?>)
                Proxy.newProxyInstance(
                        Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, this);
    }

    boolean isMissing() {
        return current == null;
    }

    /**
     * Creates a new producer and ends open transactions of predecessors with its transactional id.
     *
     * @throws KafkaException if the broker is unavailable or refuses
     */
    Producer<Object, Object> replace() {
        discard();
        Producer<Object, Object> producer = producers.get();
        try {
            producer.initTransactions();
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
        current = producer;
        return producer;
    }

    /** Closes the producer; a transaction in hand is left to its successor to end. */
    void discard() {
        Producer<Object, Object> producer = current;
        current = null;
        forgetSent();
        publishing.set(null);
        if (producer != null) {
            producer.close();
        }
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            // camel-kafka calls it at its start, when the broker may be unavailable
            case "initTransactions" -> null;
            case "close" -> {
                discard();
                yield null;
            }
            case "toString" -> "ReplaceableProducer";
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            default -> delegate(method, arguments);
        };
    }

    private Object delegate(Method method, Object[] arguments) throws Throwable {
        Producer<Object, Object> producer = current;
        if (producer == null) {
            throw new KafkaException("The producer was closed after an error");
        }
        refuseWhileAnotherPublishes(method);
        boolean commits = method.getName().equals("commitTransaction");
        Set<Object> keys = commits ? keysToCommit() : Set.of();
        try {
            Object result = method.invoke(producer, arguments);
            committed.addAll(keys);
            if (method.getName().equals("send")) {
                noteSent((ProducerRecord<?, ?>) arguments[0]);
            } else if (ENDS.contains(method.getName())) {
                forgetSent();
                publishing.set(null);
            }
            return result;
        } catch (InvocationTargetException e) {
            if (method.getName().endsWith("Transaction")) {
                // the next producer resolves the transaction; the ledger shows the result
                discard();
            }
            throw e.getCause();
        }
    }

    /**
     * Returns a copy of the ledger's keys of the transaction in hand: a forced stop may discard the
     * producer during the commit, which clears the original.
     *
     * @throws RouteMistakeException if records were sent without any; camel-kafka aborts then
     */
    private Set<Object> keysToCommit() {
        if (sentRecords && inHand.isEmpty()) {
            throw new RouteMistakeException(
                    "The routes sent records without their ledger entries: look for a step of"
                            + " `publish` that is disabled or was replaced");
        }
        return Set.copyOf(inHand);
    }

    private void noteSent(ProducerRecord<?, ?> record) {
        if (record.topic().equals(ledgerTopic)) {
            inHand.add(record.key());
        } else if (record.topic().equals(topic)) {
            sentRecords = true;
        }
    }

    private void forgetSent() {
        inHand.clear();
        sentRecords = false;
    }

    /**
     * A transaction belongs to the thread that began it. Otherwise two windows could share a
     * transaction, or one window be split over two.
     */
    private void refuseWhileAnotherPublishes(Method method) {
        Thread thread = Thread.currentThread();
        boolean mine =
                switch (method.getName()) {
                    case "beginTransaction" -> publishing.compareAndSet(null, thread);
                    case "send", "commitTransaction", "abortTransaction" ->
                            publishing.get() == thread;
                    default -> true;
                };
        if (!mine) {
            throw new IllegalStateException("Windows are published one after another, not at once");
        }
    }
}
