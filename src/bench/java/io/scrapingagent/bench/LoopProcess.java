package io.scrapingagent.bench;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The hand-written loop as a process of its own, for the hour that is due, with a plain producer or
 * with Camel's bare steps.
 */
final class LoopProcess {

    private LoopProcess() {}

    /**
     * Publishes the hour.
     *
     * @param arguments the API's address, the broker's, the topic, and where the records go: {@code
     *     producer} or {@code steps}
     */
    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        properties.setProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[1]);
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.setProperty(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "loop-" + arguments[2]);
        // as the agent has it
        properties.setProperty(ProducerConfig.BATCH_SIZE_CONFIG, "131072");
        Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS);
        HandWrittenLoop.Destination destination =
                arguments[3].equals("steps")
                        ? new BareSteps(arguments[2], properties)
                        : new PlainProducer(arguments[2], properties);
        try (HandWrittenLoop loop =
                new HandWrittenLoop(URI.create(arguments[0]), Population.ONCE, destination, true)) {
            loop.publish(hour);
        }
    }
}
