package io.regent.failover.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.regent.failover.timing.Timing.DeadMan;
import io.regent.failover.timing.Timing.Patience;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimingTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void theWaitIsTheTtlOfThatLeaseAndEverythingThatCanComeOnTop() {
        Timing timing = Timing.standard();
        assertThat(timing.waitFor(Duration.ofSeconds(3))).isEqualTo(Duration.ofMillis(5_700));
        assertThat(timing.waitFor(Duration.ofSeconds(5)))
                .as("a lease written under an older, longer ttl")
                .isEqualTo(Duration.ofMillis(7_700));
        assertThat(timing.arithmetic())
                .isEqualTo("WAIT 5700 ms = ttl 3000 + drift 100 + dead-man 1600 (interval 100, caps 1000,"
                        + " closing 500) + margin 1000; another region is named after 5200");
    }

    @Test
    void unsafeTimingsAreRefusedWithEverythingThatIsWrong() {
        Timing standard = Timing.standard();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Timing(
                        SECOND,
                        Duration.ofMillis(400),
                        SECOND.multipliedBy(2),
                        SECOND.multipliedBy(4),
                        SECOND,
                        Duration.ZERO,
                        new DeadMan(SECOND, Duration.ZERO, SECOND),
                        new Patience(SECOND, SECOND, SECOND, Duration.ZERO)))
                .withMessageContainingAll(
                        "period must be positive and at most ttl/6",
                        "margin must be positive and at most 1 s",
                        "session must be positive and at most the ttl",
                        "tick must be positive and at most 500 ms",
                        "drift must be positive",
                        "each part of the dead-man bound must be positive",
                        "lag must be positive and at most 3000 ms");
        assertThat(standard.negotiated(SECOND.multipliedBy(2)).session()).isEqualTo(SECOND.multipliedBy(2));
        assertThatIllegalArgumentException()
                .as("ZooKeeper granted a longer session than was asked for")
                .isThrownBy(() -> standard.negotiated(SECOND.multipliedBy(4)))
                .withMessageContaining("ZooKeeper session");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> standard.negotiated(Duration.ofMillis(900)))
                .withMessageContaining("session must be at least 2 ticks");
    }

    @Test
    void aLeaseEndsByTheEarlierClockAndAWaitByTheMonotonicOne() {
        Moment start = new Moment(1_000, 50_000);
        Moment wallSetForward = new Moment(1_100, 90_000);
        Moment wallSetBack = new Moment(4_000, 40_000);
        assertThat(wallSetForward.atMostSince(start)).isEqualTo(Duration.ofSeconds(40));
        assertThat(wallSetForward.atLeastSince(start)).isEqualTo(Duration.ofMillis(100));
        assertThat(wallSetBack.atMostSince(start)).isEqualTo(Duration.ofSeconds(3));
        assertThat(wallSetBack.atLeastSince(start)).isEqualTo(Duration.ofSeconds(3));
    }
}
