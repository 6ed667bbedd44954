package io.scrapingagent.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.scrapingagent.AgentConfiguration;
import io.scrapingagent.TestSettings;
import io.scrapingagent.api.Point;
import io.scrapingagent.api.Query;
import io.scrapingagent.api.Window;
import io.scrapingagent.config.Settings;
import io.scrapingagent.config.SettingsSource;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.Test;

/** The route that makes records of points, alone. */
class RecordsRouteTest extends CamelMainTestSupport {

    private static final Instant HOUR = Instant.parse("2025-09-02T01:00:00Z");

    @Override
    protected void configure(MainConfigurationProperties configuration) {
        try {
            configuration.addConfiguration(
                    new AgentConfiguration(settings(), Clock.systemUTC(), new SimpleMeterRegistry())
                            .fetch());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void configureContext(CamelContextConfiguration configuration) {
        super.configureContext(configuration);
        Properties overrides = new Properties();
        overrides.putAll(SettingsSource.defaults());
        // those name beans of other routes
        overrides.keySet().removeIf(name -> name.toString().startsWith("camel."));
        overrides.setProperty(
                "camel.main.routesIncludePattern", "classpath:routes/records.camel.yaml");
        configuration.withUseOverridePropertiesWithPropertiesComponent(overrides);
    }

    @Test
    void makesARecordOfEachPoint() throws Exception {
        Query query =
                new Query(
                        "kafka",
                        "io.confluent.kafka.server/retained_bytes",
                        "metric.topic",
                        "topic");
        List<Point> points =
                List.of(
                        new Point(
                                "lkc-cl23j",
                                Map.of("metric.topic", "orders"),
                                HOUR,
                                new BigDecimal("721.0")),
                        new Point(
                                "lkc-cl23j",
                                Map.of("metric.topic", "clicks"),
                                HOUR,
                                new BigDecimal("0.5")));

        List<?> records =
                context.createFluentProducerTemplate()
                        .to("direct:records")
                        .withExchangeProperty(
                                "window", new Window(List.of("lkc-cl23j"), query, HOUR))
                        .withBody(points)
                        .request(List.class);

        assertThat(records).hasSize(2);
        Message first = (Message) records.get(0);
        assertThat(first.getHeader(KafkaConstants.KEY))
                .isEqualTo("confluent_kafka_server_retained_bytes:orders");
        assertThat(first.getHeader(KafkaConstants.OVERRIDE_TIMESTAMP))
                .isEqualTo(HOUR.toEpochMilli());
        assertThat(new String(first.getBody(byte[].class), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"fields\":{\"value\":721},\"name\":\"confluent_kafka_server_retained_bytes\","
                                + "\"tags\":{\"cluster_id\":\"lkc-cl23j\",\"topic\":\"orders\"},"
                                + "\"timestamp\":1756774800000}");
    }

    private static Settings settings() throws Exception {
        return TestSettings.of(
                Map.of(
                        "CONFLUENT_METRICS_API_KEY", "key",
                        "CONFLUENT_METRICS_API_SECRET", "secret",
                        "CONFLUENT_METRICS_CLUSTER_ID_LIST", "lkc-cl23j"));
    }
}
