package io.scrapingagent.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Text from others stays text. */
class WordsTest {

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("lkc-7d2kq", "lkc-7d2kq"),
                Arguments.of("<script>", "&lt;script&gt;"),
                Arguments.of("\" onload='x'", "&quot; onload=&apos;x&apos;"),
                Arguments.of("&lt;", "&amp;lt;"),
                Arguments.of("a\u202Eb\u2066c\u200Fd", "a‹U+202E›b‹U+2066›c‹U+200F›d"),
                Arguments.of("a\u200Bb\uFEFFc\u00ADd", "a‹U+200B›b‹U+FEFF›c‹U+00AD›d"),
                Arguments.of("a\nb\u0000c\u2028d", "a‹U+000A›b‹U+0000›c‹U+2028›d"),
                Arguments.of("\uD800x", "‹U+D800›x"),
                Arguments.of("größe 量 \uD83D\uDE00", "größe 量 \uD83D\uDE00"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void isEscaped(String text, String escaped) {
        assertThat(Words.escaped(text)).isEqualTo(escaped);
    }

    @Test
    void isCutBetweenCharacters() {
        assertThat(Words.escaped("\uD83D\uDE00".repeat(700)))
                .isEqualTo("\uD83D\uDE00".repeat(600) + "…");
    }
}
