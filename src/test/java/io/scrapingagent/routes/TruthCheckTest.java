package io.scrapingagent.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The truth check fails when it should. */
class TruthCheckTest {

    private static final ExpectedRecord ONE = new ExpectedRecord("metric:a", "1", 1000);
    private static final ExpectedRecord TWO = new ExpectedRecord("metric:b", "2", 1000);
    private static final ExpectedRecord LATER = new ExpectedRecord("metric:a", "1", 2000);
    private static final List<ExpectedRecord> TRUTH = List.of(ONE, TWO, LATER);

    private final List<ExpectedRecord> consumed = new ArrayList<>(TRUTH);

    @Test
    void reportsWhatIsMissingOrDoubledInWhateverOrder() {
        Collections.reverse(consumed);
        assertThat(TruthCheck.differences(TRUTH, consumed)).isEmpty();

        consumed.remove(TWO);
        consumed.add(ONE);
        assertThat(TruthCheck.differences(TRUTH, consumed))
                .containsExactlyInAnyOrder("lost (-1): " + TWO, "doubled (1): " + ONE);
    }

    @ParameterizedTest
    @CsvSource({
        "metric:b, 3, 1000, wrong",
        "metric:c, 2, 1000, wrong",
        "metric:b, 2, 3000, wrong",
        "metric:a, 1, 1000, doubled"
    })
    void reportsAChangedRecordAsLostAndWrong(
            String key, String value, long timestamp, String what) {
        ExpectedRecord changed = new ExpectedRecord(key, value, timestamp);
        consumed.set(1, changed);

        assertThat(TruthCheck.differences(TRUTH, consumed))
                .containsExactlyInAnyOrder("lost (-1): " + TWO, what + " (1): " + changed);
    }
}
