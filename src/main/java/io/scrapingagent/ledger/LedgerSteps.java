package io.scrapingagent.ledger;

import io.scrapingagent.api.Query;
import io.scrapingagent.api.Window;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.settings.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.support.DefaultMessage;

/** The ledger steps of the routes: the entries that are committed with a window's records. */
public final class LedgerSteps {

    private final String topic;
    private final Delivery delivery;
    private final Clock clock;

    /**
     * Creates the steps.
     *
     * @param topic the ledger's topic
     * @param delivery whether there is a ledger, and whether there are transactions
     * @param clock the time of publishing
     */
    public LedgerSteps(String topic, Delivery delivery, Clock clock) {
        this.topic = topic;
        this.delivery = delivery;
        this.clock = clock;
    }

    /** Returns the entries for a window's records. */
    public WindowEntries entries(@ExchangeProperty("window") Window window, @Body List<?> records) {
        int[] counts = new int[window.hours()];
        for (Object record : records) {
            if (record instanceof Message message) {
                Long timestamp = message.getHeader(KafkaConstants.OVERRIDE_TIMESTAMP, Long.class);
                Instant hour = Instant.ofEpochMilli(timestamp);
                counts[(int) Duration.between(window.start(), hour).toHours()]++;
            }
        }
        String now = now();
        TreeMap<Instant, LedgerEntry> hours = new TreeMap<>();
        for (int i = 0; i < counts.length; i++) {
            Instant hour = window.start().plus(Duration.ofHours(i));
            hours.put(hour, new LedgerEntry(counts[i], now, false));
        }
        return new WindowEntries(Series.of(window.cluster(), window.query()), hours);
    }

    /** Returns the entries for hours that the Metrics API no longer has. */
    public WindowEntries lost(
            @ExchangeProperty("cluster") String cluster,
            @ExchangeProperty("query") Query query,
            @ExchangeProperty("gaps") QueryGaps gaps) {
        String now = now();
        TreeMap<Instant, LedgerEntry> hours = new TreeMap<>();
        gaps.getLost().forEach(hour -> hours.put(hour, new LedgerEntry(0, now, true)));
        return new WindowEntries(Series.of(cluster, query), hours);
    }

    /** Returns no records, for entries without any. */
    public List<Message> none() {
        return List.of();
    }

    /**
     * Returns what is sent first: a window's records, and in a transaction, where nothing counts
     * before all of it does, the entries with them.
     */
    public List<Object> first(
            CamelContext context,
            @ExchangeProperty("entries") WindowEntries entries,
            @Body List<?> records) {
        List<Object> first = new ArrayList<>(records);
        if (delivery.isTransactional()) {
            first.addAll(messages(context, entries));
        }
        return first;
    }

    /** Returns what is sent once the records are acknowledged: the entries, if not sent yet. */
    public List<Message> then(
            CamelContext context, @ExchangeProperty("entries") WindowEntries entries) {
        return delivery.isTransactional() ? List.of() : messages(context, entries);
    }

    private List<Message> messages(CamelContext context, WindowEntries entries) {
        List<Message> messages = new ArrayList<>();
        if (delivery.hasLedger()) {
            entries.hours()
                    .forEach(
                            (hour, entry) ->
                                    messages.add(
                                            message(
                                                    context,
                                                    new LedgerKey(entries.series(), hour),
                                                    entry)));
        }
        return messages;
    }

    private Message message(CamelContext context, LedgerKey key, LedgerEntry entry) {
        Message message = new DefaultMessage(context);
        message.setHeader(KafkaConstants.OVERRIDE_TOPIC, topic);
        message.setHeader(KafkaConstants.KEY, key.toString());
        message.setBody(entry.toJson().getBytes(StandardCharsets.UTF_8));
        return message;
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
