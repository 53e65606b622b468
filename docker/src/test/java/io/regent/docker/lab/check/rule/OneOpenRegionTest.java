package io.regent.docker.lab.check.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.docker.lab.check.Finding;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.Judgement;
import io.regent.docker.lab.sample.Sample;
import io.regent.sql.session.WriteState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OneOpenRegionTest {
    private static Sample open(String region, long epoch, long start, long end) {
        return seen(region, WriteState.OPEN, epoch, start, end);
    }

    private static Sample seen(String region, WriteState state, long epoch, long start, long end) {
        return sample(region, state, epoch, epoch % 2 == 0 ? "aws1" : "phx1", start, end);
    }

    private static Sample sample(String region, WriteState state, long epoch, String holder, long start, long end) {
        return new Sample(millis(start), millis(end), region, state, epoch, holder, 0);
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    private static Finding judge(List<Suspension> suspensions, Sample... samples) {
        return judge(new Excuses(suspensions, Duration.ofMillis(20), List.of()), samples);
    }

    private static Finding judge(Excuses excuses, Sample... samples) {
        Judgement judgement = new Judgement();
        new OneOpenRegion(List::of, excuses).judge(List.of(samples), judgement);
        return judgement.verdict().of(Invariant.AT_MOST_ONE_MASTER);
    }

    @Test
    void mastersOneAfterTheOtherAreRight() {
        Finding finding = judge(
                List.of(),
                open("phx1", 1, 0, 5),
                open("aws1", 2, 10, 15),
                seen("phx1", WriteState.SEALED, 1, 20, 25),
                seen("phx1", WriteState.STANDBY, 2, 30, 35),
                open("phx1", 3, 40, 45));

        assertThat(finding.holds()).isTrue();
        assertThat(finding.examined()).containsExactly("3 sights of an OPEN region");
    }

    @Test
    void anOldMasterThatIsOpenAfterANewOneWasIsFoundThoughNobodyWrites() {
        assertThat(judge(List.of(), open("phx1", 1, 0, 5), open("aws1", 2, 10, 15), open("phx1", 1, 27, 30))
                        .examples())
                .containsExactly("phx1 was seen OPEN in epoch 1 12 ms after aws1 was seen OPEN in epoch 2");
    }

    @Test
    void aRegionThatIsOpenInTheEpochOfAnotherIsFoundAtFirstSight() {
        assertThat(judge(List.of(), open("phx1", 1, 0, 5), sample("aws1", WriteState.OPEN, 1, "phx1", 6, 7))
                        .examples())
                .containsExactly("aws1 was seen OPEN in epoch 1, which is of phx1");
        assertThat(judge(List.of(), sample("aws1", WriteState.STANDBY, 1, "phx1", 6, 7))
                        .violations())
                .isZero();
    }

    @Test
    void sightsWhoseEpochIsNotKnownAreCounted() {
        assertThat(judge(List.of(), open("phx1", 1, 0, 5), open("phx1", 0, 6, 7))
                        .examined())
                .containsExactly("1 sights of an OPEN region, and 1 in no known epoch");
    }

    @Test
    void sightsThatCrossProveNothingNorDoesOneWhoseEpochIsNotKnown() {
        assertThat(judge(List.of(), open("aws1", 2, 10, 15), open("phx1", 1, 14, 30), open("phx1", 0, 40, 45))
                        .holds())
                .isTrue();
    }

    @Test
    void aServerThatStoodStillIsExcusedForAWhileAfterItWoke() {
        List<Suspension> suspensions = List.of(new Suspension("phx1", millis(5), millis(100)));

        assertThat(judge(suspensions, open("aws1", 2, 10, 15), open("phx1", 1, 101, 120))
                        .holds())
                .isTrue();
        assertThat(judge(suspensions, open("aws1", 2, 10, 15), open("phx1", 1, 101, 121))
                        .violations())
                .isEqualTo(1);
        assertThat(judge(suspensions, open("phx1", 3, 10, 15), open("aws1", 2, 101, 120))
                        .violations())
                .isEqualTo(1);
    }

    @Test
    void aServerThatWasOpenedByHandIsExcusedUntilItWasSeenClosed() {
        Excuses excuses = new Excuses(
                List.of(), Duration.ofMillis(20), List.of(new OpenedByHand("aws1", millis(10), millis(100))));
        Sample before = sample("aws1", WriteState.OPEN, 1, "phx1", 5, 9);
        Sample in = sample("aws1", WriteState.OPEN, 1, "phx1", 100, 105);
        Sample after = sample("aws1", WriteState.OPEN, 1, "phx1", 101, 105);
        Sample other = sample("aws2", WriteState.OPEN, 1, "phx1", 50, 55);

        assertThat(judge(excuses, open("phx1", 1, 0, 5), in).holds()).isTrue();
        assertThat(judge(excuses, before, in, after, other).examples())
                .containsExactly(
                        "aws1 was seen OPEN in epoch 1, which is of phx1",
                        "aws2 was seen OPEN in epoch 1, which is of phx1",
                        "aws1 was seen OPEN in epoch 1, which is of phx1");
    }

    @Test
    void whoIsOpenInNoEpochOnceChangesItAndWhoIsItAgainAndAgainIsWrong() {
        Sample none = sample("aws1", WriteState.OPEN, 0, "", 10, 11);
        Sample later = sample("aws1", WriteState.OPEN, 0, "", 20, 21);
        Sample last = sample("aws1", WriteState.OPEN, 0, "", 30, 31);

        assertThat(judge(List.of(), open("phx1", 1, 0, 5), none, open("aws1", 2, 15, 16), later, last)
                        .holds())
                .isTrue();
        assertThat(judge(List.of(), open("phx1", 1, 0, 5), none, later, last).examples())
                .containsExactly("aws1 was seen OPEN in no epoch, again and again");
    }
}
