package io.scrapingagent.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The truth check fails when it should. */
class TruthCheckTest {

    private static final ExpectedRecord ONE = new ExpectedRecord("metric:a", "1", 1000);
    private static final ExpectedRecord TWO = new ExpectedRecord("metric:b", "2", 1000);
    private static final ExpectedRecord LATER = new ExpectedRecord("metric:a", "1", 2000);
    private static final List<ExpectedRecord> TRUTH = List.of(ONE, TWO, LATER);

    private final List<ExpectedRecord> consumed = new ArrayList<>(TRUTH);

    @Test
    void isContentWithTheTruthInAnyOrder() {
        Collections.reverse(consumed);

        assertThat(differences()).isEmpty();
    }

    @Test
    void reportsARecordThatIsMissing() {
        consumed.remove(TWO);

        assertThat(differences()).containsExactly("lost (-1): " + TWO);
    }

    @Test
    void reportsARecordThatIsDoubled() {
        consumed.add(ONE);

        assertThat(differences()).containsExactly("doubled (1): " + ONE);
    }

    @Test
    void reportsAChangedValueAsLostAndWrong() {
        ExpectedRecord changed = new ExpectedRecord(TWO.key(), "3", TWO.timestamp());
        consumed.set(1, changed);

        assertThat(differences())
                .containsExactlyInAnyOrder("lost (-1): " + TWO, "wrong (1): " + changed);
    }

    @Test
    void reportsAChangedKeyAndAChangedTimestampTheSameWay() {
        ExpectedRecord otherKey = new ExpectedRecord("metric:c", ONE.value(), ONE.timestamp());
        ExpectedRecord otherTime = new ExpectedRecord(TWO.key(), TWO.value(), 3000);
        consumed.set(0, otherKey);
        consumed.set(1, otherTime);

        assertThat(differences())
                .containsExactlyInAnyOrder(
                        "lost (-1): " + ONE,
                        "lost (-1): " + TWO,
                        "wrong (1): " + otherKey,
                        "wrong (1): " + otherTime);
    }

    @Test
    void doesNotLetARecordThatIsDoubledMakeUpForOneThatIsLost() {
        consumed.set(1, ONE);

        assertThat(differences())
                .containsExactlyInAnyOrder("doubled (1): " + ONE, "lost (-1): " + TWO);
    }

    private List<String> differences() {
        return TruthCheck.differences(TRUTH, consumed);
    }
}
