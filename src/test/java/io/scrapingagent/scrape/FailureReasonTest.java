package io.scrapingagent.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureReasonTest {

    @Test
    void tellsAMissingClassFromANativeLibrary() {
        assertThat(FailureReason.of(new NoClassDefFoundError("org/jose4j/keys/X")).sentence())
                .startsWith("A class is missing: org.jose4j.keys.X. Put the jar that has it");
        assertThat(
                        FailureReason.of(
                                        new NoClassDefFoundError(
                                                "Could not initialize class org.xerial.snappy.Snappy"))
                                .sentence())
                .contains("KAFKA_COMPRESSION_TYPE");
        assertThat(FailureReason.of(new NoSuchMethodError("'void X.y()'")).sentence())
                .startsWith("A class cannot be used: 'void X.y()'. Put a version of its jar");
        assertThat(
                        FailureReason.of(
                                        new ExceptionInInitializerError(
                                                new RuntimeException("a path")))
                                .sentence())
                .startsWith("A class cannot be used: a path. ");
    }

    @Test
    void saysHowToDoWithoutTransactions() {
        assertThat(
                        FailureReason.of(
                                        new UnsupportedVersionException(
                                                "The node does not support INIT_PRODUCER_ID"))
                                .sentence())
                .startsWith("Kafka failed: The node does not support INIT_PRODUCER_ID. ")
                .contains("METRICS_DELIVERY=at-least-once does without transactions")
                .doesNotContain("METRICS_TOPIC");
    }

    @Test
    void saysWhereTheNameOfABrokerStandsThatIsNotKnown() {
        Throwable thrown =
                catchThrowable(
                        () -> Admin.create(Map.of("bootstrap.servers", "broker.invalid:9092")));

        assertThat(FailureReason.of(thrown).sentence())
                .startsWith("Kafka failed: No resolvable bootstrap urls given in bootstrap.servers")
                .endsWith(". Check KAFKA_BOOTSTRAP_SERVERS and DNS");
    }

    @Test
    void saysOfABrokenAnswerWhatIsBrokenAndNothingOfTheParser() {
        Throwable thrown = catchThrowable(() -> new ObjectMapper().readTree("{\"data\":[]"));

        assertThat(FailureReason.of(thrown).what())
                .startsWith("The Metrics API's answer is not the JSON that it promises: Unexpected")
                .doesNotContain("Source");
    }

    /** The messages are those of Kafka's client. */
    @ParameterizedTest
    @CsvSource({
        "Timed out waiting for a node assignment. Call: listNodes, from here",
        "Topic usage not present in metadata after 1000 ms., and that METRICS_TOPIC exists",
        "Timeout expired after 1000ms while awaiting InitProducerId, does without transactions (not with AGENT_SHARD)"
    })
    void saysOfATimeOutWhatWasWaitedFor(String message, String end) {
        assertThat(FailureReason.of(new TimeoutException(message)).remedy())
                .startsWith("check KAFKA_BOOTSTRAP_SERVERS")
                .endsWith(end);
    }
}
