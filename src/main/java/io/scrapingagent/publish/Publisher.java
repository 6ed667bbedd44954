package io.scrapingagent.publish;

import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.LedgerTopic;
import io.scrapingagent.ledger.Ownership;
import io.scrapingagent.ledger.WindowEntries;
import io.scrapingagent.settings.Delivery;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * Keeps producer and ledger in step. The order is what the promise rests on: first a new producer
 * ends every transaction with its transactional id that is still open, so that nobody else can
 * commit any more; then the ledger is read to its end; only then is it known which hours are open.
 */
public final class Publisher {

    private final Delivery delivery;
    private final KafkaClients clients;
    private final LedgerTopic topic;
    private final String topicName;
    private final Ledger ledger;
    private final Ownership ownership;
    private boolean claimed;
    private boolean topicExists;
    private volatile boolean fenced;

    /**
     * Creates the publisher of an agent.
     *
     * @param delivery what is promised
     * @param clients has the producer of the Kafka step
     * @param topic the ledger's topic
     * @param topicName its name
     * @param ledger what was read from it
     * @param ownership this agent, as the others see it
     */
    public Publisher(
            Delivery delivery,
            KafkaClients clients,
            LedgerTopic topic,
            String topicName,
            Ledger ledger,
            Ownership ownership) {
        this.delivery = delivery;
        this.clients = clients;
        this.topic = topic;
        this.topicName = topicName;
        this.ledger = ledger;
        this.ownership = ownership;
    }

    /** Returns the publisher of somebody who neither publishes nor keeps a ledger. */
    public static Publisher none() {
        return new Publisher(
                Delivery.STATELESS, new KafkaClients(), null, null, new Ledger(), null);
    }

    /** Tells whether another agent took over. */
    public boolean isFenced() {
        return fenced;
    }

    /** Tells whether published hours are remembered in a ledger. */
    public boolean isRemembering() {
        return delivery.hasLedger();
    }

    /** Forgets what was read from the ledger, so that the next scrape reads all of it again. */
    public synchronized void forget() {
        ledger.clear();
        if (delivery.hasLedger()) {
            topic.rewind();
        }
    }

    /** Begins a scrape: makes sure of the producer, then reads the ledger to its end. */
    public synchronized void begin() {
        if (!delivery.hasLedger()) {
            return;
        }
        refuseIfFenced();
        if (!topicExists) {
            topic.create();
            topicExists = true;
        }
        if (!replaceProducerIfMissing()) {
            topic.readInto(ledger);
            if (delivery.isTransactional()) {
                refuseIfOwnershipIsLost();
            }
        }
    }

    /**
     * Takes what was just committed. A commit is certain as soon as it is acknowledged, but a
     * consumer sees it only when the broker has marked each partition, some time later.
     */
    public void committed(WindowEntries entries) {
        ledger.take(entries);
    }

    /** Continues a scrape: replaces a producer that was lost, and reads the ledger again then. */
    public synchronized void proceed() {
        if (delivery.hasLedger()) {
            refuseIfFenced();
            replaceProducerIfMissing();
        }
    }

    private boolean replaceProducerIfMissing() {
        if (!delivery.isTransactional() || !clients.transactional().isMissing()) {
            return false;
        }
        if (claimed) {
            topic.readInto(ledger);
            refuseIfOwnershipIsLost();
            clients.transactional().replace();
            topic.readInto(ledger);
            refuseIfOwnershipIsLost();
        } else {
            claim(clients.transactional().replace());
        }
        return true;
    }

    /**
     * A producer that has not claimed the topic is given up, so that the next attempt begins anew.
     */
    private void claim(Producer<Object, Object> producer) {
        String predecessor = null;
        try {
            topic.readInto(ledger);
            predecessor = ledger.owner();
            producer.beginTransaction();
            producer.send(
                    new ProducerRecord<>(
                            topicName,
                            Ownership.KEY,
                            ownership.toJson().getBytes(StandardCharsets.UTF_8)));
            producer.commitTransaction();
            ledger.own(ownership);
            claimed = true;
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            clients.transactional().discard();
            // by another agent, or by a late request of this one for a producer that it gave up
            topic.readInto(ledger);
            if (!Objects.equals(predecessor, ledger.owner())) {
                refuseIfOwnershipIsLost();
            }
            throw e;
        } catch (RuntimeException e) {
            clients.transactional().discard();
            throw e;
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
}
