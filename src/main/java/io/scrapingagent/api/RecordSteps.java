package io.scrapingagent.api;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.support.DefaultMessage;

/**
 * The steps of the routes that work on the records of a window. As an aggregation strategy it
 * collects the records that the split makes of the window's points. It copies each message without
 * its exchange: tens of thousands of exchanges would need more memory than the records.
 */
public final class RecordSteps implements AggregationStrategy {

    /** A record and the cluster that the ledger counts it for. */
    public static final class MetricMessage extends DefaultMessage {

        private final String cluster;

        private MetricMessage(CamelContext context, String cluster) {
            super(context);
            this.cluster = cluster;
        }

        /**
         * Tells whether it has a value, a key and a timestamp. What is neither text nor bytes makes
         * no value.
         */
        public boolean isComplete() {
            return getBody() != null
                    && getHeader(KafkaConstants.KEY) != null
                    && getHeader(KafkaConstants.OVERRIDE_TIMESTAMP) != null;
        }

        /** Returns the cluster, {@code lkc-…}. */
        public String cluster() {
            return cluster;
        }
    }

    @Override
    public Exchange aggregate(Exchange gathered, Exchange part) {
        throw new UnsupportedOperationException("The records of a window come from a split");
    }

    @Override
    @SuppressWarnings("unchecked")
    public Exchange aggregate(Exchange gathered, Exchange part, Exchange whole) {
        Message record = record(part, whole);
        if (gathered == null) {
            // the first part is returned as it is, with its exception if it has one
            part.getMessage().setBody(new ArrayList<>(List.of(record)));
            return part;
        }
        if (part.getException() != null) {
            gathered.setException(part.getException());
        }
        gathered.getMessage().getBody(List.class).add(record);
        return gathered;
    }

    private static Message record(Exchange part, Exchange whole) {
        List<?> points = (List<?>) whole.getMessage().getBody();
        int index = part.getProperty(ExchangePropertyKey.SPLIT_INDEX, Integer.class);
        WindowFetch fetch = whole.getProperty("fetch", WindowFetch.class);
        fetch.recordMade();
        String cluster = fetch.window().clusterOf((Point) points.get(index));
        Message record = new MetricMessage(part.getContext(), cluster);
        record.setHeaders(part.getMessage().getHeaders());
        record.setBody(part.getMessage().getBody(byte[].class));
        // a `stop` is for this record, not for the window
        part.setRouteStop(false);
        return record;
    }

    /**
     * Leaves out points by a label.
     *
     * @param label the label's name with its prefix, like {@code metric.topic}; a point that does
     *     not have it stays
     * @param pattern which values are left out: a regular expression for the whole of the value
     * @param points the points of a window
     * @return the other points
     */
    public List<Point> without(String label, String pattern, List<Point> points) {
        Pattern noisy = Pattern.compile(pattern);
        return points.stream()
                .filter(it -> it.label(label) == null || !noisy.matcher(it.label(label)).matches())
                .toList();
    }

    /**
     * Sends records to another topic as well, in the same transaction.
     *
     * @param topic the other topic
     * @param records the records of a window
     * @return the records, and then each once more for the other topic
     */
    public List<Message> alsoTo(String topic, List<Message> records) {
        List<Message> both = new ArrayList<>(records);
        for (Message record : records) {
            // copy() makes a plain message, not a MetricMessage: the ledger does not count it
            Message copy = record.copy();
            copy.setHeader(KafkaConstants.OVERRIDE_TOPIC, topic);
            both.add(copy);
        }
        return both;
    }
}
