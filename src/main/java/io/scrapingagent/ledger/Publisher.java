package io.scrapingagent.ledger;

import io.scrapingagent.api.RouteMistakeException;
import io.scrapingagent.config.Delivery;
import io.scrapingagent.ledger.Ledger.Entry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps producer and ledger consistent. Exactly-once rests on this order. First, a new producer
 * fences its predecessors: initTransactions ends their open transactions. Second, the ledger is
 * read to its end. Only then is it known which hours are open.
 */
public final class Publisher {

    /** What is said once another agent took over. */
    public static final String ANOTHER_AGENT =
            "Another agent that publishes to the same topic took over, so this one stops scraping."
                    + " Run one agent per METRICS_TOPIC, AGENT_NAME and AGENT_SHARD";

    private static final String ANOTHER_LEDGER =
            "The ledger %s is that of an agent with the transactional id %s, so its hours are not this"
                    + " agent's. Set another METRICS_LEDGER_TOPIC. Or, if this agent replaces that"
                    + " one, set KAFKA_TRANSACTIONAL_ID to its id";

    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

    /**
     * The limit for one check that a broker answers: a login over a long distance takes seconds. It
     * is also the pause before publishing is tried again. An agent with less patience than this has
     * {@link #SHORT_STEP} for both.
     */
    private static final Duration STEP = Duration.ofSeconds(5);

    /** The pause between two checks for a broker. */
    private static final Duration SHORT_STEP = Duration.ofSeconds(1);

    private final Delivery delivery;
    private final KafkaClients clients;
    private final LedgerTopic topic;
    private final Ledger ledger;
    private final Ownership ownership;
    private final Duration patience;
    private final Duration step;
    private final Duration renewal;
    private boolean claimed;
    private long claimedNanos;

    /** Whether publishing has failed since the last commit, or since the scrape began. */
    private boolean failing;

    /** How long {@link #awaitKafka} has waited since then. */
    private long waitedNanos;

    private volatile boolean fenced;

    /**
     * Creates the publisher of an agent.
     *
     * @param patience how long a scrape tries to publish a window
     * @param renewal how often the ownership is written again
     */
    public Publisher(
            Delivery delivery,
            KafkaClients clients,
            LedgerTopic topic,
            Ledger ledger,
            Ownership ownership,
            Duration patience,
            Duration renewal) {
        this.delivery = delivery;
        this.clients = clients;
        this.topic = topic;
        this.ledger = ledger;
        this.ownership = ownership;
        this.patience = patience;
        this.step = patience.compareTo(STEP) < 0 ? SHORT_STEP : STEP;
        this.renewal = renewal;
    }

    /** Tells whether another agent took over. */
    public boolean isFenced() {
        return fenced;
    }

    /** Tells whether published hours are remembered in a ledger. */
    public boolean hasLedger() {
        return delivery.hasLedger();
    }

    /** Lets the next scrape read all of the ledger again. */
    public void rewind() {
        topic.rewind();
    }

    /** Begins a scrape: makes sure of the producer, then reads the ledger to its end. */
    public synchronized void prepare() {
        resetPatience();
        if (!delivery.hasLedger()) {
            return;
        }
        refuseIfFenced();
        topic.createIfMissing();
        if (!replaceProducerIfMissing()) {
            readLedger();
            if (claimed && System.nanoTime() - claimedNanos > renewal.toNanos()) {
                // as at the first claim, a new producer writes the note
                claim(clients.transactional().replace());
            }
        }
    }

    /**
     * Applies committed entries to the ledger in memory. Reading them back would cost a consumer
     * for each window, and a wait until the broker wrote the markers to all partitions.
     *
     * @throws RouteMistakeException if an entry was neither committed by this producer nor known
     *     before. Without transactions this is not checked
     */
    public synchronized void committed(Map<LedgerKey, Entry> entries) {
        if (delivery.isTransactional()) {
            for (LedgerKey key : entries.keySet()) {
                // an entry that was known before is not sent again
                if (!clients.transactional().takeCommitted(key.toString())
                        && ledger.entry(key) == null) {
                    throw new RouteMistakeException(
                            "The routes did not commit what `publish` was given: look for a step of it"
                                    + " that is disabled, or for a `doCatch` around one");
                }
            }
        }
        ledger.apply(entries);
        resetPatience();
    }

    private void resetPatience() {
        failing = false;
        waitedNanos = 0;
    }

    /**
     * Continues a scrape: replaces a producer that was lost, and reads the ledger again then. If no
     * broker answers, this fails at once: {@link #awaitKafka} is what waits.
     */
    public synchronized void ensureProducer() {
        refuseIfFenced();
        if (isProducerMissing()) {
            topic.requireBroker(step);
            replaceProducerIfMissing();
        }
    }

    /**
     * Waits until a broker answers and the producer works again. Other publishing threads wait,
     * too.
     *
     * <p>The patience is for the waits since the last commit. The time in which windows are fetched
     * again does not count.
     *
     * @param failure what publishing failed with
     * @param said the same for an operator
     * @param check is called again and again, and throws when waiting makes no sense any more
     * @throws PatienceExceededException if the waits take longer than the patience
     */
    public synchronized void awaitKafka(Throwable failure, String said, Runnable check)
            throws InterruptedException {
        long startNanos = System.nanoTime();
        if (!failing) {
            failing = true;
            LOG.warn(
                    "Publishing failed: {}. It is tried again for up to {} s",
                    said,
                    patience.toSeconds());
        } else {
            // the broker answers, but publishing failed again
            Thread.sleep(step.toMillis());
        }
        Throwable last = failure;
        while (waitedNanos + System.nanoTime() - startNanos <= patience.toNanos()) {
            check.run();
            try {
                topic.requireBroker(step);
                refuseIfFenced();
                replaceProducerIfMissing();
                waitedNanos += System.nanoTime() - startNanos;
                return;
            } catch (KafkaException e) {
                last = e;
            }
            // holding the lock is intended: nobody else can publish either
            Thread.sleep(SHORT_STEP.toMillis());
        }
        throw new PatienceExceededException(patience.toMillis(), last);
    }

    /**
     * Reads from the ledger whether this agent still owns the topic. Does nothing before the first
     * claim.
     *
     * @throws AnotherAgentException if another agent took over; thrown the first time only: from
     *     then on {@link #isFenced} tells, and this does nothing
     * @throws KafkaException if Kafka does not answer
     */
    public synchronized void requireOwnership() {
        if (claimed && !fenced) {
            readLedger();
        }
    }

    private boolean isProducerMissing() {
        return delivery.isTransactional() && clients.transactional().isMissing();
    }

    /**
     * Replaces a producer that was lost, and reads the ledger. Returns false, without reading it,
     * if none was lost.
     */
    private boolean replaceProducerIfMissing() {
        if (!isProducerMissing()) {
            return false;
        }
        if (claimed) {
            // an agent that took over meanwhile must not be fenced
            readLedger();
            clients.transactional().replace();
            // the lost producer's last transaction may have been committed
            readLedger();
        } else {
            claim(clients.transactional().replace());
        }
        return true;
    }

    /**
     * Writes this agent's ownership, for the first time or again. If that fails, the producer is
     * discarded, so that the next attempt starts afresh.
     */
    private void claim(Producer<Object, Object> producer) {
        // the note as this agent last read or wrote it
        String lastSeen = null;
        try {
            readLedger();
            Optional<String> former = ownership.formerTransactionalId(ledger);
            if (former.isPresent()) {
                throw new AnotherAgentException(
                        ANOTHER_LEDGER.formatted(topic.name(), former.get()));
            }
            lastSeen = ledger.note(ownership.key());
            write(producer, Map.of(ownership.key(), ownership.toJson()));
            lastSeen = ownership.toJson();
            endOtherLayouts(producer);
            claimed = true;
            claimedNanos = System.nanoTime();
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            clients.transactional().discard();
            // Has another agent taken over? The note tells:
            // - changed to another's, or gone: yes, and refuseIfOwnershipIsLost ends this agent
            // - changed to ours: no, the commit succeeded after all
            // - unchanged: not known. A late request of our former producer fenced us, or an agent
            //   that has not written its note yet
            // In the last two cases the next attempt makes a new producer.
            topic.readInto(ledger);
            if (!Objects.equals(lastSeen, ledger.note(ownership.key()))) {
                refuseIfOwnershipIsLost();
            }
            throw e;
        } catch (RuntimeException e) {
            clients.transactional().discard();
            throw e;
        }
    }

    /**
     * Ends the agents of other layouts, before this agent takes over anything of theirs. A layout
     * is a number of shards.
     *
     * <p>Each agent first writes its own ownership and then reads the others'. So of two that start
     * at once, at least one sees the other. The ended agents' ownerships are overwritten before
     * these agents are fenced: one that makes a new producer afterwards reads that it has lost. The
     * ownerships are deleted only when all are fenced: if this fails half-way, the next attempt
     * finds them and fences the agents again.
     */
    private void endOtherLayouts(Producer<Object, Object> producer) {
        topic.readInto(ledger);
        Map<String, String> transactionalIds = ownership.ofOtherLayouts(ledger);
        if (transactionalIds.isEmpty()) {
            return;
        }
        LOG.info(
                "AGENT_SHARD has changed: the agents of the former one are ended ({})",
                String.join(", ", transactionalIds.keySet()));
        Map<String, String> ended = new HashMap<>();
        Map<String, String> deleted = new HashMap<>();
        transactionalIds.forEach(
                (key, id) -> {
                    ended.put(key, ownership.noteOver(id));
                    deleted.put(key, null);
                });
        write(producer, ended);
        topic.fence(transactionalIds.values());
        topic.readInto(ledger);
        if (ownership.isLost(ledger)) {
            throw new KafkaException(
                    "an agent with another number of shards in AGENT_SHARD starts at the same time;"
                            + " this one tries again");
        }
        write(producer, deleted);
    }

    private void write(Producer<Object, Object> producer, Map<String, String> notes) {
        producer.beginTransaction();
        notes.forEach(
                (key, note) -> {
                    byte[] value = note == null ? null : note.getBytes(StandardCharsets.UTF_8);
                    producer.send(new ProducerRecord<>(topic.name(), key, value));
                });
        producer.commitTransaction();
        ledger.putNotes(notes);
    }

    /** Reads the ledger to its end. An agent that owned the topic stops if it does no longer. */
    private void readLedger() {
        topic.readInto(ledger);
        if (claimed) {
            refuseIfOwnershipIsLost();
        }
    }

    private void refuseIfOwnershipIsLost() {
        if (ownership.isLost(ledger)) {
            clients.transactional().discard();
            fenced = true;
            throw new AnotherAgentException();
        }
    }

    private void refuseIfFenced() {
        if (fenced) {
            throw new AnotherAgentException();
        }
    }

    /** Publishing failed again and again, for longer than a scrape tries. */
    public static final class PatienceExceededException extends KafkaException {

        PatienceExceededException(long patienceMs, Throwable last) {
            super(
                    "nothing could be published for %d s, as long as metrics.kafka.patience.ms allows: %s"
                            .formatted(patienceMs / 1000, last.getMessage()),
                    last);
        }
    }

    /**
     * Another agent took over: one of the same name and shard, or one with another number of
     * shards. Or the ledger is another agent's. This one must not publish.
     */
    public static final class AnotherAgentException extends RuntimeException {

        AnotherAgentException() {
            this(ANOTHER_AGENT);
        }

        private AnotherAgentException(String message) {
            super(message);
        }
    }
}
