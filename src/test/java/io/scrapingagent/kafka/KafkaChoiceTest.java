package io.scrapingagent.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.scrapingagent.kafka.KafkaChoice.RunningKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaChoiceTest {

    private static final RunningKafka CONTAINER = new RunningKafka("c:1", "container", () -> {});
    private static final RunningKafka EMBEDDED = new RunningKafka("e:1", "embedded", () -> {});

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({
        "true, , container, a Docker engine answers",
        "true, ' ', container, a Docker engine answers",
        "false, , embedded, no Docker engine answers",
        "true, embedded, embedded, -Dkafka.test=embedded says so",
        "true, testcontainers, container, -Dkafka.test=testcontainers says so"
    })
    void takesTheContainerWhereItCanBeHadUnlessOneIsForced(
            boolean engine, String forced, String kind, String reason) {
        KafkaChoice.Chosen chosen = choice(engine).start(forced);

        assertThat(chosen.kafka().kind()).isEqualTo(kind);
        assertThat(chosen.reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "testcontainers, 'testcontainers, but no Docker engine answers'",
        "docker, 'docker is not known; allowed are embedded, testcontainers or nothing'"
    })
    void failsWhenWhatIsForcedCannotBeHad(String forced, String message) {
        assertThatThrownBy(() -> choice(false).start(forced)).hasMessage("-Dkafka.test=" + message);
    }

    @Test
    void doesNotAskForAContainerAgainForAWhile() throws Exception {
        choice(false).start(null);
        KafkaChoice next = new KafkaChoice(() -> fail("asked again"), () -> EMBEDDED, memory());

        assertThat(next.start(null).reason()).startsWith("no Docker engine answers, as ");

        Instant longAgo = Instant.now().minus(KafkaChoice.MEMORY).minusSeconds(1);
        Files.setLastModifiedTime(memory(), FileTime.from(longAgo));
        assertThat(choice(true).start(null).kafka()).isEqualTo(CONTAINER);
    }

    private KafkaChoice choice(boolean engine) {
        return new KafkaChoice(
                () -> {
                    if (engine) {
                        return CONTAINER;
                    }
                    throw new KafkaChoice.UnavailableException("no Docker engine answers", null);
                },
                () -> EMBEDDED,
                memory());
    }

    private Path memory() {
        return directory.resolve("memory");
    }
}
