package io.scrapingagent.api;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultMessage;

/**
 * Collects the records that the split makes of a window's points. It copies each message without
 * its exchange: ten thousands of exchanges would need more memory than the records.
 */
public final class WindowRecords implements AggregationStrategy {

    private static final String RECORDS = "records";

    /** A record and the cluster that the ledger counts it for. */
    public static final class MetricMessage extends DefaultMessage {

        private final String cluster;

        private MetricMessage(CamelContext context, String cluster) {
            super(context);
            this.cluster = cluster;
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
    public Exchange aggregate(Exchange gathered, Exchange part, Exchange whole) {
        Exchange all = gathered == null ? part : gathered;
        if (gathered == null) {
            all.setProperty(RECORDS, new ArrayList<Message>());
        } else if (part.getException() != null) {
            all.setException(part.getException());
        }
        List<?> points = (List<?>) whole.getMessage().getBody();
        int index = part.getProperty(ExchangePropertyKey.SPLIT_INDEX, Integer.class);
        String cluster =
                whole.getProperty("window", Window.class).clusterOf((Point) points.get(index));
        Message record = new MetricMessage(part.getContext(), cluster);
        record.setHeaders(part.getMessage().getHeaders());
        record.setBody(part.getMessage().getBody());
        records(all).add(record);
        return all;
    }

    @Override
    public void onCompletion(Exchange all) {
        if (all != null) {
            all.getMessage().setBody(all.removeProperty(RECORDS));
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Message> records(Exchange all) {
        return all.getProperty(RECORDS, List.class);
    }
}
