package io.scrapingagent.security;

import static io.scrapingagent.simulator.Misbehaviour.status;
import static io.scrapingagent.simulator.RequestMatcher.cluster;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.kafka.TestKafka;
import io.scrapingagent.routes.ScrapeFixture;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import org.junit.jupiter.api.Test;

/** No secret is where a running agent can be looked at: in JMX, endpoint URIs, failures. */
class SecretsTest {

    @Test
    void areInNoMBeanAttributeNoEndpointAndNoFailure() throws Exception {
        try (EmbeddedKafka kafka =
                        EmbeddedKafka.builder()
                                .saslPlaintext("the agent", SecretSearch.KAFKA_PASSWORD)
                                .start();
                ScrapeFixture agent =
                        new ScrapeFixture(
                                MetricsApiSimulator.of("lkc-aaa", 3, 3)
                                        .cluster("lkc-bbb", 3, 3)
                                        .credentials(
                                                SecretSearch.API_KEY, SecretSearch.API_SECRET))) {
            agent.environment("CONFLUENT_METRICS_API_KEY", SecretSearch.API_KEY)
                    .environment("CONFLUENT_METRICS_API_SECRET", SecretSearch.API_SECRET)
                    .environment("KAFKA_CLIENT_ID", TestKafka.uniqueTopic("agent-in-jmx"));
            agent.login(kafka, "PLAIN", "the agent", SecretSearch.KAFKA_PASSWORD);
            agent.simulator().answerAlways(cluster("lkc-bbb"), status(403));

            Scrape scrape = agent.scrape();

            assertThat(scrape.getCompletedQueries()).isEqualTo(3);
            assertThat(scrape.getFailures()).hasSize(3);
            List<String> texts = new ArrayList<>(attributes());
            assertThat(texts).anyMatch(text -> text.contains("client-id=agent-in-jmx"));
            agent.agent()
                    .camelContext()
                    .getEndpoints()
                    .forEach(endpoint -> texts.add(endpoint.getEndpointUri() + " " + endpoint));
            assertThat(texts).anyMatch(text -> text.contains("/v2/metrics/cloud/query"));
            texts.add(agent.settings().toString());
            texts.add(scrape.getSummary());
            scrape.getFailures().forEach(failure -> texts.add(failure.toString()));
            assertThat(new SecretSearch().findings(texts)).isEmpty();
            // it would find what there was
            texts.add("Authorization: Basic x");
            assertThat(new SecretSearch().findings(texts)).hasSize(1);
        }
    }

    /** Every readable attribute of every MBean, whoever registered it. */
    private static List<String> attributes() throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        List<String> attributes = new ArrayList<>();
        for (ObjectName bean : server.queryNames(null, null)) {
            attributes.add(bean.toString());
            for (MBeanAttributeInfo attribute : server.getMBeanInfo(bean).getAttributes()) {
                if (attribute.isReadable()) {
                    attributes.add(bean + " " + value(server, bean, attribute.getName()));
                }
            }
        }
        return attributes;
    }

    private static String value(MBeanServer server, ObjectName bean, String attribute)
            throws JMException {
        try {
            Object value = server.getAttribute(bean, attribute);
            return value instanceof Object[] array ? Arrays.deepToString(array) : "" + value;
        } catch (RuntimeMBeanException e) {
            // the platform does not support all it lists
            return String.valueOf(e.getMessage());
        }
    }
}
