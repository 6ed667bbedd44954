package io.scrapingagent.api;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;

/** Steps for customized routes that publish fewer records, or more. */
public final class RecordSteps {

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
            // a plain message, which the ledger does not count
            Message copy = record.copy();
            copy.setHeader(KafkaConstants.OVERRIDE_TOPIC, topic);
            both.add(copy);
        }
        return both;
    }
}
