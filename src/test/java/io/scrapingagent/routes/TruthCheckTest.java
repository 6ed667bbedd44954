package io.scrapingagent.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The truth check fails when it should. */
class TruthCheckTest {

    @Test
    void reportsWhatIsMissingDoubledOrWrongInWhateverOrder() {
        ExpectedRecord one = new ExpectedRecord("metric:a", "1", 1000);
        ExpectedRecord two = new ExpectedRecord("metric:b", "2", 1000);
        ExpectedRecord late = new ExpectedRecord("metric:b", "2", 3000);

        assertThat(TruthCheck.differences(List.of(one, two), List.of(two, one))).isEmpty();
        assertThat(TruthCheck.differences(List.of(one, two), List.of(late, one, one)))
                .containsExactlyInAnyOrder(
                        "lost (-1): " + two, "doubled (1): " + one, "wrong (1): " + late);
    }
}
