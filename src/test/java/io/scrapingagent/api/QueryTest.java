package io.scrapingagent.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Constant tags as routes name them. */
class QueryTest {

    private static final Query QUERY =
            new Query("kafka", "io.confluent.kafka.server/retained_bytes", "metric.topic", "topic");

    @Test
    void constantTagsKeepTheirOrder() {
        assertThat(QUERY.withTags("team=finops, a = 1=2 ,empty=").constantTags())
                .containsExactly(entry("team", "finops"), entry("a", "1=2"), entry("empty", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "team", "=x", "a=1,", "cluster_id=x", "topic=x", "a=1,a=2"})
    void aTagHasANameOfItsOwn(String tags) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QUERY.withTags(tags))
                .withMessageContaining(tags);
    }
}
