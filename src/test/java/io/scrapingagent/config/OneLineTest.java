package io.scrapingagent.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneLineTest {

    @Test
    void aLongTextKeepsItsBeginningAndItsEnd() {
        String text = "What happened.\n" + "filler ".repeat(100) + "What to do about it";

        assertThat(OneLine.of(text))
                .hasSizeLessThanOrEqualTo(301)
                .startsWith("What happened. filler")
                .contains("…")
                .endsWith("What to do about it");
        assertThat(OneLine.of("x".repeat(1_000_000))).hasSize(301);
        assertThat(OneLine.of("two\nlines")).isEqualTo("two lines");
    }
}
