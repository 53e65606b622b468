package io.regent.failover.view;

import static io.regent.failover.Looks.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.Looks;
import io.regent.failover.model.WriteState;
import io.regent.failover.timing.Moment;
import io.regent.failover.view.Progress.Mark;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final Moment START = new Moment(1_000, 501_000);

    private final Progress progress = Progress.NONE
            .plus(set("phx1:1-5"), START)
            .plus(set("phx1:1-7"), later(100))
            .plus(set("phx1:1-9"), later(200));

    private static Moment later(long millis) {
        return new Moment(START.monotonic() + millis, START.wall() + millis);
    }

    @Test
    void marksAreFiftyMillisecondsApart() {
        Progress one = Progress.NONE.plus(set("phx1:1-5"), START);
        assertThat(one.marks()).containsExactly(new Mark(START, set("phx1:1-5")));
        assertThat(one.plus(set("phx1:1-6"), later(49))).isEqualTo(one);
        assertThat(one.plus(set("phx1:1-6"), later(50)).marks())
                .containsExactly(new Mark(START, set("phx1:1-5")), new Mark(later(50), set("phx1:1-6")));
        assertThat(one.plus(set("phx1:1-6"), new Moment(START.monotonic() + 49, START.wall() + 9_000)))
                .as("a jump of the wall clock brings no mark")
                .isEqualTo(one);
    }

    @Test
    void theNewestMarksAreKept() {
        Progress many = Progress.NONE;
        for (int i = 0; i < 68; i++) {
            many = many.plus(set("phx1:1-" + (i + 1)), later(50L * i));
        }
        assertThat(many.marks()).hasSize(64).startsWith(new Mark(later(200), set("phx1:1-5")));
        assertThat(many.marks()).endsWith(new Mark(later(3_350), set("phx1:1-68")));
    }

    @Test
    void aSetIsBehindByTheAgeOfTheNewestMarkThatItHolds() {
        assertThat(progress.lag(set("phx1:1-9")::contains, later(230))).contains(Duration.ofMillis(30));
        assertThat(progress.lag(set("phx1:1-20,aws1:1")::contains, later(230)))
                .as("it may hold more")
                .contains(Duration.ofMillis(30));
        assertThat(progress.lag(set("phx1:1-8")::contains, later(230))).contains(Duration.ofMillis(130));
        assertThat(progress.lag(set("phx1:1-5:9")::contains, later(230))).contains(Duration.ofMillis(230));
    }

    @Test
    void aSetThatHoldsNoMarkIsBehindByNobodyKnowsHowMuch() {
        assertThat(progress.lag(set("phx1:1-4:6-9")::contains, later(230))).isEmpty();
        assertThat(Progress.NONE.lag(set("phx1:1-9")::contains, later(230))).isEmpty();
    }

    @Test
    void theGreaterOfBothClocksCounts() {
        assertThat(progress.lag(set("phx1:1-9")::contains, new Moment(START.monotonic() + 230, START.wall() + 9_200)))
                .as("the machine slept")
                .contains(Duration.ofSeconds(9));
        assertThat(progress.lag(set("phx1:1-9")::contains, new Moment(START.monotonic() + 230, START.wall() - 9_000)))
                .as("the wall clock was set back")
                .contains(Duration.ofMillis(30));
    }

    @Test
    void itIsOfAnOpenServerOnlyAndStartsAnewWithTheNextOpening() {
        Looks looks = new Looks("phx1");
        OwnServer open = OwnServer.up(looks.local("phx1", WriteState.OPEN, "phx1:1-9", 1));
        OwnServer sealed = OwnServer.up(looks.local("phx1", WriteState.SEALED, "phx1:1-9", 1));
        Memory memory = Memory.EMPTY.observing(looks.cluster(), open, START);
        assertThat(memory.progress().marks()).containsExactly(new Mark(START, set("phx1:1-9")));
        assertThat(memory.observing(looks.cluster(), sealed, later(50)).progress())
                .isEqualTo(Progress.NONE);
        assertThat(memory.observing(looks.cluster(), OwnServer.UNREACHABLE, later(50))
                        .progress())
                .isEqualTo(Progress.NONE);
    }
}
