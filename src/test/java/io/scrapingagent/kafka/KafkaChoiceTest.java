package io.scrapingagent.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaChoiceTest {

    private static final RunningKafka CONTAINER = new RunningKafka("c:1", "container", () -> {});
    private static final RunningKafka EMBEDDED = new RunningKafka("e:1", "embedded", () -> {});

    @TempDir private static Path directory;

    private final Path memory = directory.resolve(UUID.randomUUID().toString());
    private final KafkaChoice withEngine =
            new KafkaChoice(() -> CONTAINER, () -> fail("started the embedded broker"), memory);
    private final KafkaChoice withoutEngine =
            new KafkaChoice(
                    () -> {
                        throw new KafkaUnavailableException("no Docker engine answers", null);
                    },
                    () -> EMBEDDED,
                    memory);

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
    void doesNotAskForAContainerAgainForAWhile() throws Exception {
        withoutEngine.start(null);
        KafkaChoice next = new KafkaChoice(() -> fail("asked again"), () -> EMBEDDED, memory);

        assertThat(next.start(null).reason()).startsWith("no Docker engine answers, as ");
        assertThat(withEngine.start("testcontainers").kafka()).isEqualTo(CONTAINER);

        Instant longAgo = Instant.now().minus(KafkaChoice.MEMORY).minusSeconds(1);
        Files.setLastModifiedTime(memory, FileTime.from(longAgo));
        assertThat(withEngine.start(null).kafka()).isEqualTo(CONTAINER);
    }

    @Test
    void doesNotAskForAnEngineWhenEmbeddedIsForced() {
        KafkaChoice choice =
                new KafkaChoice(() -> fail("asked for Docker"), () -> EMBEDDED, memory);

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
