package io.scrapingagent.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaChoiceTest {

    private static final RunningKafka CONTAINER = new RunningKafka("c:1", "container", () -> {});
    private static final RunningKafka EMBEDDED = new RunningKafka("e:1", "embedded", () -> {});

    private final KafkaChoice withEngine =
            new KafkaChoice(() -> CONTAINER, () -> fail("started the embedded broker"));
    private final KafkaChoice withoutEngine =
            new KafkaChoice(
                    () -> {
                        throw new KafkaUnavailableException("no Docker engine answers", null);
                    },
                    () -> EMBEDDED);

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void takesTheContainerWhereItCanBeHad(String unset) {
        assertThat(withEngine.start(unset))
                .isEqualTo(new KafkaChoice.Chosen(CONTAINER, "a Docker engine answers"));
    }

    @Test
    void takesTheEmbeddedBrokerElse() {
        assertThat(withoutEngine.start(null))
                .isEqualTo(new KafkaChoice.Chosen(EMBEDDED, "no Docker engine answers"));
    }

    @Test
    void doesNotAskForAnEngineWhenEmbeddedIsForced() {
        KafkaChoice choice = new KafkaChoice(() -> fail("asked for Docker"), () -> EMBEDDED);

        assertThat(choice.start("embedded"))
                .isEqualTo(new KafkaChoice.Chosen(EMBEDDED, "-Dkafka.test=embedded says so"));
    }

    @Test
    void takesTheContainerWhenForced() {
        assertThat(withEngine.start("testcontainers"))
                .isEqualTo(
                        new KafkaChoice.Chosen(CONTAINER, "-Dkafka.test=testcontainers says so"));
    }

    @Test
    void failsWhenTheForcedContainerCannotBeHad() {
        assertThatThrownBy(() -> withoutEngine.start("testcontainers"))
                .hasMessage("-Dkafka.test=testcontainers, but no Docker engine answers");
    }

    @Test
    void namesWhatIsAllowed() {
        assertThatThrownBy(() -> withEngine.start("docker"))
                .hasMessage(
                        "-Dkafka.test=docker is not known;"
                                + " allowed are embedded, testcontainers or nothing");
    }
}
