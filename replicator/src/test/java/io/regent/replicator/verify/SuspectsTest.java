package io.regent.replicator.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SuspectsTest {
    private final Suspects<String, Integer> suspects = new Suspects<>(0);

    private void look(int one, int other) {
        suspects.look(Map.of("one", Map.of("row", one), "other", Map.of("row", other)), false, false);
    }

    @Test
    void whatOneRegionShowsLaterThanAnotherIsNoDifference() {
        suspects.add("row", Map.of("one", 5, "other", 4));
        look(7, 6);
        assertThat(suspects.open()).containsExactly("row");
        look(9, 7);
        assertThat(suspects.open()).isEmpty();
        assertThat(suspects.convicted()).isEmpty();
    }

    @Test
    void whatStandsStillAndDiffersIsADifferenceAndWhatMovesIsNone() {
        suspects.add("row", Map.of("one", 1, "other", 2));
        for (int i = 0; i < 4; i++) {
            look(1, 2);
        }
        look(3, 4); // it moved: what was seen before counts for nothing
        for (int i = 0; i < 5; i++) {
            look(3, 4);
        }
        assertThat(suspects.open()).containsExactly("row");
        look(3, 4);
        assertThat(suspects.convicted()).containsEntry("row", Map.of("one", 3, "other", 4));
    }

    @Test
    void whereNothingHappensFewerLooksAreEnough() {
        suspects.add("row", Map.of("one", 1, "other", 2));
        for (int i = 0; i < 3; i++) {
            assertThat(suspects.convicted()).isEmpty();
            suspects.look(Map.of("one", Map.of("row", 1), "other", Map.of("row", 2)), false, true);
        }
        assertThat(suspects.convicted()).containsKey("row");
    }

    @Test
    void aRowThatGoesToAndFroIsAcquittedWhicheverStateIsSeenFirst() {
        suspects.add("row", Map.of("one", 1, "other", 0));
        for (int i = 0; i < 5; i++) {
            look(1, 0);
        }
        look(0, 1);
        assertThat(suspects.acquitted()).isEqualTo(1);
    }
}
