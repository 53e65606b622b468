package io.regent.docker.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PauseBoundsTest {
    private static final PauseBounds BOUNDS =
            new PauseBounds(Optional.of(Duration.ofMillis(100)), Optional.of(Duration.ofMillis(400)));

    private static List<Duration> pauses(long... millis) {
        return LongStream.of(millis).mapToObj(Duration::ofMillis).toList();
    }

    @Test
    void aMedianOrAPauseThatIsLongerThanAllowedIsNotAsPromised() {
        assertThat(BOUNDS.exceededBy(pauses(80, 101, 500)))
                .containsExactly(
                        "in the median nobody could write for 101 ms, and 100 were allowed",
                        "once nobody could write for 500 ms, and 400 were allowed");
    }

    @Test
    void whatIsAsLongAsAllowedIsAsPromisedAndSoIsWhatNobodyBounds() {
        assertThat(BOUNDS.exceededBy(pauses(80, 100, 400))).isEmpty();
        assertThat(BOUNDS.exceededBy(List.of())).isEmpty();
        assertThat(new PauseBounds(Optional.empty(), Optional.empty()).exceededBy(pauses(80, 100, 40_000)))
                .isEmpty();
    }
}
