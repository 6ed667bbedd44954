package io.scrapingagent.ledger;

import io.scrapingagent.api.RecordSteps.MetricMessage;
import io.scrapingagent.api.RouteMistakeException;
import io.scrapingagent.api.WindowFetch;
import io.scrapingagent.config.Delivery;
import io.scrapingagent.ledger.Ledger.Entry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.support.DefaultMessage;

/**
 * The ledger steps of the routes. They make the entries of windows and of lost hours, and the
 * messages that write entries and notes.
 *
 * @param topic the ledger's
 */
public record LedgerSteps(String topic, Delivery delivery, Clock clock) {

    /**
     * Returns the entries for a window's records: one for each cluster with a point, even if a
     * route dropped all of its points; a single-cluster window has one in any case.
     */
    public Map<LedgerKey, Entry> entries(
            @ExchangeProperty("fetch") WindowFetch fetch, @Body Object body) {
        Map<String, Integer> counts = new HashMap<>();
        for (Object record : checked(body, fetch.recordsMade())) {
            if (record instanceof MetricMessage message) {
                counts.merge(message.cluster(), 1, Integer::sum);
            }
        }
        String now = now();
        Map<LedgerKey, Entry> entries = new LinkedHashMap<>();
        for (String cluster : fetch.heard()) {
            entries.put(
                    LedgerKey.of(fetch.window(), cluster),
                    new Entry(counts.getOrDefault(cluster, 0), now, false));
        }
        return entries;
    }

    /**
     * Returns the body as the list of records that it must be. What a step put in its place, such
     * as the answer of an HTTP server, must not pass for an hour with few records, or with none.
     *
     * @param atLeast how many records were made or counted before
     */
    private static List<?> checked(Object body, int atLeast) {
        if (!(body instanceof List<?> records) || records.size() < atLeast) {
            throw new RouteMistakeException(
                    "A step of the routes took records out after they were made, or put something else"
                            + " in the place of their list: send copies of them elsewhere in a `split`,"
                            + " drop some before they are made (docs/routes.md)");
        }
        return records;
    }

    /** Returns the entries for hours that the Metrics API no longer has. */
    public Map<LedgerKey, Entry> lost(@Body Collection<LedgerKey> lost) {
        String now = now();
        Map<LedgerKey, Entry> entries = new LinkedHashMap<>();
        lost.forEach(key -> entries.put(key, new Entry(0, now, true)));
        return entries;
    }

    /**
     * Returns the messages to send first: a window's records, and with transactions its entries,
     * which are committed together.
     */
    public List<Object> recordsWithEntries(
            CamelContext context,
            @ExchangeProperty("entries") Map<LedgerKey, Entry> entries,
            @Body Object body) {
        int counted = entries.values().stream().mapToInt(Entry::records).sum();
        List<Object> all = new ArrayList<>(checked(body, counted));
        if (all.stream().anyMatch(it -> it instanceof MetricMessage m && !m.isComplete())) {
            throw new RouteMistakeException(
                    "After a step of the routes a record has no text as its value, or lacks the"
                            + " header `kafka.KEY` or `kafka.OVERRIDE_TIMESTAMP`. To drop records, take"
                            + " their points out (docs/routes.md, \"Drop a noisy topic\")");
        }
        if (delivery.isTransactional()) {
            all.addAll(messages(context, entries, Ledger::toJson));
        }
        return all;
    }

    /**
     * Returns the messages to send after the records are acknowledged: the entries, without
     * transactions; else none.
     */
    public List<Message> deferredEntries(
            CamelContext context, @ExchangeProperty("entries") Map<LedgerKey, Entry> entries) {
        return delivery.isTransactional() ? List.of() : messages(context, entries, Ledger::toJson);
    }

    /** Returns the messages that write notes to the ledger; none without a ledger. */
    public List<Message> notes(
            CamelContext context, @ExchangeProperty("notes") Map<String, String> notes) {
        return messages(context, notes, note -> note);
    }

    private <K, V> List<Message> messages(
            CamelContext context, Map<K, V> values, Function<V, String> json) {
        List<Message> messages = new ArrayList<>();
        if (delivery.hasLedger()) {
            values.forEach(
                    (key, value) -> {
                        Message message = new DefaultMessage(context);
                        message.setHeader(KafkaConstants.OVERRIDE_TOPIC, topic);
                        message.setHeader(KafkaConstants.KEY, key.toString());
                        message.setBody(json.apply(value).getBytes(StandardCharsets.UTF_8));
                        messages.add(message);
                    });
        }
        return messages;
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
