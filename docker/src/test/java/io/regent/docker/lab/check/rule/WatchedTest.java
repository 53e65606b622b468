package io.regent.docker.lab.check.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.docker.lab.check.Finding;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.Judgement;
import io.regent.docker.lab.check.rule.Watched.Span;
import io.regent.docker.lab.sample.Sample;
import io.regent.sql.session.WriteState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchedTest {
    private static Sample seen(String region, long seconds) {
        long nanos = Duration.ofSeconds(seconds).toNanos();
        return new Sample(nanos, nanos + 1, region, WriteState.STANDBY, 1, "phx1", 0);
    }

    private static Finding judge(Span span, Sample... samples) {
        Judgement judgement = new Judgement();
        new Watched(List::of, List.of(span)).judge(List.of(samples), judgement);
        return judgement.verdict().of(Invariant.AT_MOST_ONE_MASTER);
    }

    private static Span span(long from, long until) {
        return new Span(
                "after a cut",
                "aws1",
                Duration.ofSeconds(from).toNanos(),
                Duration.ofSeconds(until).toNanos());
    }

    @Test
    void aRegionThatWasSeenOftenEnoughWhenItMatteredIsRight() {
        assertThat(judge(span(10, 30), seen("aws1", 11), seen("aws1", 12), seen("aws1", 29))
                        .holds())
                .isTrue();
        assertThat(judge(span(10, 14), seen("aws1", 12)).holds()).isTrue();
    }

    @Test
    void sightsInPeaceAndSightsOfAnotherRegionProveNothing() {
        assertThat(judge(
                                span(10, 30),
                                seen("aws1", 1),
                                seen("aws1", 2),
                                seen("aws1", 3),
                                seen("phx1", 11),
                                seen("aws1", 12),
                                seen("aws1", 31))
                        .examples())
                .containsExactly("aws1 was seen 1 times after a cut, not the 3 that prove anything");
    }
}
