package io.regent.docker.lab.report.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DistributionTest {
    private static List<Duration> millis(int... lengths) {
        return IntStream.of(lengths).mapToObj(Duration::ofMillis).toList();
    }

    @Test
    void ranksAreNearestAndFromMeasuredLengthsOnly() {
        assertThat(Distribution.of(millis(7))).isEqualTo(new Distribution(7, 7, 7, 7));
        assertThat(Distribution.of(millis(9, 1, 5, 3))).isEqualTo(new Distribution(1, 3, 9, 9));
        assertThat(Distribution.of(millis(IntStream.rangeClosed(1, 200).toArray())))
                .isEqualTo(new Distribution(1, 100, 198, 200));
    }
}
