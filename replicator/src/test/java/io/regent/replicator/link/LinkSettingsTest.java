package io.regent.replicator.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.link.LinkSettings.Tuning;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinkSettingsTest {
    @Test
    void whatFailsAgainAndAgainIsTriedEverMoreRarelyButNotTooRarely() {
        assertThat(IntStream.of(0, 1, 2, 3, 4, 5, 1000, Integer.MAX_VALUE)
                        .mapToObj(failures -> Tuning.defaults(Path.of("spill"))
                                .pause(failures)
                                .toMillis()))
                .containsExactly(250L, 250L, 500L, 1000L, 2000L, 2000L, 2000L, 2000L);
        assertThat(Tuning.defaults(Path.of("spill")).pause(0)).isEqualTo(Duration.ofMillis(250));
    }
}
