package io.regent.docker.lab.check.rule;

import static io.regent.docker.lab.history.Writes.acknowledged;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.docker.lab.check.Finding;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.Judgement;
import io.regent.docker.lab.history.Write;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OneMasterTest {
    private static final UUID PHX1 = new UUID(0, 1);
    private static final UUID AWS1 = new UUID(0, 2);

    private static Write phx1(long epoch, long number, long start, long end) {
        return acknowledged("phx1", epoch, Gtid.of(PHX1, number), start, end);
    }

    private static Write aws1(long epoch, long number, long start, long end) {
        return acknowledged("aws1", epoch, Gtid.of(AWS1, number), start, end);
    }

    private static Finding judge(OneMaster rule, Invariant invariant, GtidSet stranded, Write... writes) {
        Judgement judgement = new Judgement();
        rule.judge(List.of(writes), stranded, judgement);
        return judgement.verdict().of(invariant);
    }

    private static Finding judge(Write... writes) {
        return judge(new OneMaster(Map.of()), Invariant.AT_MOST_ONE_MASTER, GtidSet.EMPTY, writes);
    }

    @Test
    void aMoveThereAndBackIsNoViolationThoughASessionLivesThroughIt() {
        // The third write at phx1 goes over a session that was opened in epoch 1, and is of epoch 3.
        Finding finding = judge(phx1(1, 1, 0, 5), aws1(2, 1, 10, 15), phx1(1, 2, 20, 25), phx1(3, 3, 22, 30));

        assertThat(finding.holds()).isTrue();
        assertThat(finding.examined()).containsExactly("4 acknowledged transactions in 3 epochs");
    }

    @Test
    void anAnswerThatCameLateProvesNothing() {
        // Sent before aws1 was master, answered after: it may have been committed in between.
        assertThat(judge(phx1(1, 1, 0, 40), aws1(2, 1, 10, 15)).holds()).isTrue();
    }

    @Test
    void anOldMasterThatAcknowledgesWhatWasSentAfterTheNewOneHadAcknowledgedIsFound() {
        Finding finding = judge(phx1(1, 1, 0, 5), aws1(2, 1, 10, 15), phx1(1, 2, 27, 30));

        assertThat(finding.violations()).isEqualTo(1);
        assertThat(finding.examples().get(0))
                .isEqualTo("phx1, which knew of epoch 1, acknowledged " + Gtid.of(PHX1, 2)
                        + " (stage at phx1) that began 12 ms after aws1 had acknowledged one in epoch 2");
    }

    @Test
    void twoRegionsThatTakeTurnsMoreOftenThanEpochsChangeAreFoundThoughTheOldOneLaterWasMasterAgain() {
        Finding finding =
                judge(phx1(1, 1, 0, 5), aws1(2, 1, 10, 15), phx1(1, 2, 20, 22), aws1(2, 2, 30, 35), phx1(3, 3, 50, 55));

        assertThat(finding.violations()).isEqualTo(1);
    }

    @Test
    void aClientWhoKnowsANewerEpochThanTheWriteBeforeItIsRight() {
        assertThat(judge(aws1(2, 1, 10, 15), phx1(3, 1, 20, 25), aws1(2, 2, 30, 35))
                        .violations())
                .isEqualTo(1);
    }

    @Test
    void anEpochOfTwoRegionsIsFound() {
        Finding finding = judge(phx1(1, 1, 0, 5), aws1(1, 1, 0, 5));

        assertThat(finding.examples()).contains("epoch 1 was claimed by phx1 and by aws1");
    }

    @Test
    void anOldMasterThatAnswersOnlyAClientWhoAsksNobodyIsFound() {
        Finding finding = judge(phx1(1, 1, 0, 5), phx1(0, 2, 6, 8), aws1(2, 1, 10, 15), phx1(0, 3, 27, 30));
        assertThat(finding.examples())
                .containsExactly("phx1, whose client had asked nobody, acknowledged " + Gtid.of(PHX1, 3)
                        + " (stage at phx1) that began 12 ms after aws1 had acknowledged one in epoch 2");
    }

    @Test
    void aClientWhoAsksNobodyClaimsNoEpoch() {
        Finding finding = judge(phx1(1, 1, 0, 5), phx1(0, 2, 6, 8), aws1(2, 1, 10, 15), aws1(0, 2, 20, 21));
        assertThat(finding.holds()).isTrue();
        assertThat(judge(phx1(1, 1, 0, 5), aws1(0, 1, 0, 5)).violations()).isEqualTo(1);
    }

    @Test
    void anEpochThatNoClientKnewOfIsToldByTheClustersHistory() {
        Write[] writes = {aws1(2, 1, 10, 15), phx1(1, 2, 20, 25), aws1(4, 2, 30, 35)};

        assertThat(judge(writes).violations()).isEqualTo(1);
        OneMaster told = new OneMaster(Map.of(1L, "phx1", 2L, "aws1", 3L, "phx1", 4L, "aws1"));
        assertThat(judge(told, Invariant.AT_MOST_ONE_MASTER, GtidSet.EMPTY, writes)
                        .holds())
                .isTrue();
    }

    @Test
    void whatASuspendedServerAcknowledgesWhenItWakesIsExcusedIfItIsStrandedAndEarlyEnough() {
        Suspension suspension = new Suspension("phx1", millis(5), millis(100));
        OneMaster rule = new OneMaster(Map.of(), new Excuses(List.of(suspension), Duration.ofMillis(20), List.of()));
        Write[] writes = {phx1(1, 1, 0, 5), aws1(2, 1, 50, 55), phx1(1, 2, 101, 119)};
        GtidSet stranded = GtidSet.of(Gtid.of(PHX1, 2));

        assertThat(judge(rule, Invariant.OVERLAP_BOUNDED, stranded, writes).holds())
                .isTrue();
        assertThat(judge(rule, Invariant.OVERLAP_BOUNDED, GtidSet.EMPTY, writes).violations())
                .isEqualTo(1);
        Write[] late = {phx1(1, 1, 0, 5), aws1(2, 1, 50, 55), phx1(1, 2, 101, 121)};
        assertThat(judge(rule, Invariant.OVERLAP_BOUNDED, stranded, late).violations())
                .isEqualTo(1);
        Write[] before = {aws1(2, 1, 0, 2), phx1(1, 2, 3, 4)};
        assertThat(judge(rule, Invariant.AT_MOST_ONE_MASTER, stranded, before).violations())
                .isEqualTo(1);
        Write[] muchLater = {phx1(1, 1, 0, 5), aws1(2, 1, 50, 55), phx1(1, 2, 121, 122)};
        assertThat(judge(rule, Invariant.AT_MOST_ONE_MASTER, stranded, muchLater)
                        .violations())
                .isEqualTo(1);
        Write[] other = {phx1(1, 1, 0, 5), aws1(2, 1, 10, 15), phx1(3, 2, 20, 25), aws1(2, 2, 101, 110)};
        assertThat(judge(rule, Invariant.AT_MOST_ONE_MASTER, GtidSet.of(Gtid.of(AWS1, 2)), other)
                        .violations())
                .isEqualTo(1);
    }

    @Test
    void whatAServerOpenedByHandAcknowledgesIsExcusedIfItIsStrandedAndEarlyEnough() {
        OpenedByHand opening = new OpenedByHand("aws1", millis(10), millis(100));
        OneMaster rule = new OneMaster(Map.of(), new Excuses(List.of(), Duration.ofMillis(20), List.of(opening)));
        GtidSet stranded = GtidSet.of(Gtid.of(AWS1, 1));
        Write[] writes = {phx1(1, 1, 0, 5), aws1(0, 1, 99, 110), phx1(1, 2, 120, 125)};

        Finding excused = judge(rule, Invariant.OVERLAP_BOUNDED, stranded, writes);
        assertThat(excused.holds()).isTrue();
        assertThat(excused.examined())
                .containsExactly(
                        "1 openings by hand; 1 writes acknowledged before they were closed again are stranded");
        assertThat(judge(rule, Invariant.AT_MOST_ONE_MASTER, stranded, writes).holds())
                .isTrue();
    }

    @Test
    void whatAServerOpenedByHandAcknowledgesIsFoundIfItIsHistoryOrOutsideOfTheMomentOrOfAnother() {
        OpenedByHand opening = new OpenedByHand("aws1", millis(10), millis(100));
        OneMaster rule = new OneMaster(Map.of(), new Excuses(List.of(), Duration.ofMillis(20), List.of(opening)));
        GtidSet stranded = GtidSet.of(Gtid.of(AWS1, 1));
        Write[] writes = {phx1(1, 1, 0, 5), aws1(0, 1, 50, 55)};
        Write[] before = {phx1(1, 1, 0, 5), aws1(0, 1, 6, 9)};
        Write[] after = {phx1(1, 1, 0, 5), aws1(0, 1, 101, 102)};
        Write[] other = {phx1(1, 1, 0, 5), acknowledged("aws2", 0, Gtid.of(AWS1, 1), 50, 55)};

        assertThat(judge(rule, Invariant.OVERLAP_BOUNDED, GtidSet.EMPTY, writes).violations())
                .as("it became history")
                .isEqualTo(1);
        for (Write[] wrong : List.of(before, after, other)) {
            assertThat(judge(rule, Invariant.AT_MOST_ONE_MASTER, stranded, wrong)
                            .violations())
                    .isEqualTo(1);
        }
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
