package io.scrapingagent.bench;

import io.scrapingagent.bench.HandWrittenLoop.Measurement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultMessage;
import org.apache.camel.support.ExpressionAdapter;

/**
 * The least that Camel does for records whose making can be seen in a route: one split, a step for
 * each of key, timestamp and value, and one Kafka step. No agent with such steps can be faster.
 */
final class BareSteps implements HandWrittenLoop.Destination {

    private final CamelContext camel = new DefaultCamelContext();
    private final ProducerTemplate template;
    private List<Measurement> points = new ArrayList<>();

    /**
     * Starts the route.
     *
     * @param producerProperties the Kafka producer's settings
     */
    BareSteps(String topic, Properties producerProperties) throws Exception {
        Map<String, Object> properties = new HashMap<>();
        producerProperties.forEach((name, value) -> properties.put(name.toString(), value));
        KafkaComponent kafka = new KafkaComponent();
        kafka.getConfiguration().setBrokers((String) properties.remove("bootstrap.servers"));
        kafka.getConfiguration()
                .setValueSerializer("org.apache.kafka.common.serialization.ByteArraySerializer");
        kafka.getConfiguration().setRecordMetadata(false);
        kafka.getConfiguration().setAdditionalProperties(properties);
        camel.addComponent("kafka", kafka);
        camel.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        errorHandler(noErrorHandler());
                        from("direct:window")
                                .split(body(), new Gathered())
                                .streaming()
                                .setHeader(KafkaConstants.KEY, part(Measurement::key))
                                .setHeader(
                                        KafkaConstants.OVERRIDE_TIMESTAMP, part(Measurement::time))
                                .setBody(part(Measurement::value))
                                .end()
                                .to("kafka:" + topic + "?synchronous=true");
                    }
                });
        camel.start();
        template = camel.createProducerTemplate();
    }

    @Override
    public void add(Measurement point) {
        points.add(point);
    }

    @Override
    public void flush() {
        List<Measurement> window = points;
        points = new ArrayList<>();
        if (!window.isEmpty()) {
            template.sendBody("direct:window", window);
        }
    }

    @Override
    public void close() {
        camel.stop();
    }

    private static ExpressionAdapter part(Function<Measurement, Object> part) {
        return new ExpressionAdapter() {
            @Override
            public Object evaluate(Exchange exchange) {
                return part.apply((Measurement) exchange.getMessage().getBody());
            }
        };
    }

    /** Gathers the records without the exchanges that made them, as the agent does. */
    private static final class Gathered implements AggregationStrategy {

        private final List<Message> records = new ArrayList<>();

        @Override
        public Exchange aggregate(Exchange first, Exchange part) {
            Message record = new DefaultMessage(part.getContext());
            record.setHeaders(part.getMessage().getHeaders());
            record.setBody(part.getMessage().getBody());
            records.add(record);
            return first == null ? part : first;
        }

        @Override
        public void onCompletion(Exchange all) {
            all.getMessage().setBody(List.copyOf(records));
            records.clear();
        }
    }
}
