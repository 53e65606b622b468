package io.regent.failover.history;

import static io.regent.failover.Looks.set;
import static io.regent.failover.Looks.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.Looks;
import io.regent.failover.model.Phase;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import org.junit.jupiter.api.Test;

class DeliverableTest {
    private static Gtid gtid(String region, long number) {
        return Gtid.of(uuid(region), number);
    }

    private static SourceEpoch source(String region, long epoch, long opened) {
        return new SourceEpoch(region, epoch, opened, 0, GtidSet.EMPTY);
    }

    @Test
    void whatTheMasterWroteAfterItOpenedIsDelivered() {
        Deliverable deliverable = Deliverable.at("aws1", new Looks("phx1").cluster());
        assertThat(deliverable.from(source("phx1", 1, 1)).test(gtid("phx1", 7))).isTrue();
        assertThat(deliverable.from(source("phx1", 1, 0)).test(gtid("phx1", 7)))
                .as("before it opened, it is a stray of its own")
                .isFalse();
        assertThat(deliverable.from(source("phx1", 1, 1)).test(gtid("aws2", 7))).isFalse();
    }

    @Test
    void ofAnOriginThatIsNotMasterOnlyTheCutIsDelivered() {
        Looks looks = new Looks("phx1").next("aws1", false, true, set("phx1:1-50"));
        Deliverable deliverable = Deliverable.at("aws2", looks.cluster());
        assertThat(deliverable.from(source("phx1", 2, 1)).test(gtid("phx1", 50)))
                .isTrue();
        assertThat(deliverable.from(source("phx1", 2, 1)).test(gtid("phx1", 51)))
                .isFalse();
        assertThat(deliverable.of(set("phx1:49-52,aws1:1-3"), source("aws1", 2, 2), false))
                .isEqualTo(set("phx1:49-50,aws1:1-3"));
    }

    @Test
    void theNewestCutReplacesAllBeforeIt() {
        Looks looks = new Looks("phx1")
                .next("aws1", false, true, set("phx1:1-50"))
                .next("aws2", false, true, set("phx1:1-40,aws1:1-3"));
        Deliverable deliverable = Deliverable.at("phx1", looks.cluster());
        assertThat(deliverable.from(source("aws2", 3, 3)).test(gtid("phx1", 45)))
                .isFalse();
        assertThat(deliverable.from(source("aws2", 3, 3)).test(gtid("phx1", 40)))
                .isTrue();
    }

    @Test
    void aSourceInAnotherEpochDeliversNothingBeyondTheCut() {
        Looks looks = new Looks("phx1").next("aws1", false, true, set("phx1:1-50"));
        Deliverable deliverable = Deliverable.at("aws2", looks.cluster());
        assertThat(deliverable.from(source("aws1", 3, 3)).test(gtid("aws1", 1)))
                .as("a target that is cut off from ZooKeeper does not run ahead of its epoch")
                .isFalse();
        assertThat(deliverable.from(source("aws1", 3, 3)).test(gtid("phx1", 50)))
                .isTrue();
    }

    /** aws1 is master of epoch 2. */
    private static Looks moved() {
        return new Looks("phx1").next("aws1", true, true, set("phx1:1-50"));
    }

    private static SourceEpoch said(String region, long epoch, long verdict, String executed) {
        return new SourceEpoch(region, epoch, 0, verdict, set(executed));
    }

    @Test
    void ofTheMastersEpochASourcePassesOnWhatItHadWhenItSaidThatItLivesInIt() {
        Deliverable deliverable = Deliverable.at("aws2", moved().cluster());
        SourceEpoch source = said("phx1", 2, 0, "phx1:1-50,aws1:1-7");
        assertThat(deliverable.passedOn(source)).isEqualTo(set("aws1:1-7"));
        assertThat(deliverable.of(set("phx1:48-60,aws1:1-9"), source, true)).isEqualTo(set("phx1:48-50,aws1:1-7"));
        assertThat(deliverable.of(set("phx1:48-60,aws1:1-9"), source, false))
                .as("the master may not have opened")
                .isEqualTo(set("phx1:48-50"));
        assertThat(deliverable.from(source).test(gtid("aws1", 7)))
                .as("not as its own")
                .isFalse();
    }

    @Test
    void aSourceInAnotherEpochOrWithALaterVerdictOrDivergedPassesNothingOn() {
        Deliverable deliverable = Deliverable.at("aws2", moved().cluster());
        String executed = "phx1:1-50,aws1:1-7";
        assertThat(deliverable.mayPassOn(said("phx1", 2, 0, executed))).isTrue();
        assertThat(deliverable.mayPassOn(said("phx1", 1, 0, executed))).isFalse();
        assertThat(deliverable.mayPassOn(said("phx1", 3, 0, executed))).isFalse();
        assertThat(deliverable.mayPassOn(said("phx1", 2, 1, executed))).isFalse();
        assertThat(deliverable.mayPassOn(said("phx1", 2, 0, "phx1:1-51,aws1:1-7")))
                .as("51 is stranded there")
                .isFalse();
        assertThat(deliverable.mayPassOn(said("aws1", 2, 0, executed)))
                .as("the master itself")
                .isFalse();
        assertThat(Deliverable.at("aws1", moved().cluster()).mayPassOn(said("phx1", 2, 0, executed)))
                .as("to the master")
                .isFalse();
        Looks undecided = new Looks("phx1").next("aws1", false, true, null);
        assertThat(Deliverable.at("aws2", undecided.cluster()).mayPassOn(said("phx1", 2, 0, executed)))
                .as("in an epoch without a cut")
                .isFalse();
    }

    @Test
    void thatTheMasterOpenedIsKnownByItsReportAndOnlyWithTheVerdictsThatItHadSettled() {
        Looks looks = moved().lease("aws1", Phase.OPEN);
        Deliverable deliverable = Deliverable.at("aws2", looks.cluster());
        assertThat(deliverable.knowsOpening(looks.cluster()))
                .as("its lease may be of after a verdict that is not known")
                .isFalse();
        looks.report("aws1", new Report(2, 2, set("phx1:1-50"), WriteState.OPEN, 0));
        assertThat(deliverable.knowsOpening(looks.cluster())).isTrue();
        looks.report("aws1", new Report(2, 2, set("phx1:1-50"), WriteState.OPEN, 1));
        assertThat(deliverable.knowsOpening(looks.cluster())).isFalse();
        looks.report("aws1", new Report(2, 1, set("phx1:1-50"), WriteState.STANDBY, 0));
        assertThat(deliverable.knowsOpening(looks.cluster())).isFalse();
        looks.report("aws1", new Report(2, 2, set("phx1:1-50"), WriteState.DEAD, 0));
        assertThat(deliverable.knowsOpening(looks.cluster())).isFalse();
    }

    @Test
    void inAnEpochWithoutACutOnlyTheFrozenUnionIsDeliveredAndOnlyToTheCandidate() {
        Looks looks = new Looks("phx1").next("aws1", false, true, null);
        assertThat(Deliverable.at("aws1", looks.cluster()).isEmpty()).isTrue();
        looks.plan(Plan.union(2, "aws1", set("phx1:1-9")));
        Deliverable candidate = Deliverable.at("aws1", looks.cluster());
        assertThat(candidate.of(set("phx1:1-20"), source("aws2", 2, 0), true)).isEqualTo(set("phx1:1-9"));
        assertThat(Deliverable.at("aws2", looks.cluster()).isEmpty()).isTrue();
    }

    @Test
    void aVoidGtidIsCommittedEmptyWhateverTheCutSays() {
        Looks looks =
                new Looks("phx1").next("aws1", false, true, set("phx1:1-50")).verdict("phx1:51-60");
        Deliverable deliverable = Deliverable.at("aws2", looks.cluster());
        assertThat(deliverable.isVoid(gtid("phx1", 55))).isTrue();
        assertThat(deliverable.from(source("phx1", 2, 2)).test(gtid("phx1", 55)))
                .isFalse();
        assertThat(deliverable.of(set("phx1:55"), source("phx1", 2, 2), true)).isEqualTo(GtidSet.EMPTY);
    }

    /** Else a region that skipped it would be out of history by it, and one that has it would have to undo it. */
    @Test
    void whatWasSkippedIsHistoryAllTheSameAndNothingElseIsByIt() {
        Looks looks = new Looks("phx1")
                .next("aws1", false, true, set("phx1:1-50"))
                .lease("aws1", Phase.OPEN)
                .skip("phx1:50-51,aws1:3");
        Deliverable deliverable = Deliverable.at("aws2", looks.cluster());
        assertThat(deliverable.isSkipped(gtid("phx1", 50))).isTrue();
        assertThat(deliverable.from(source("aws1", 2, 2)).test(gtid("phx1", 50)))
                .isTrue();
        assertThat(deliverable.from(source("aws1", 2, 2)).test(gtid("aws1", 3))).isTrue();
        assertThat(deliverable.from(source("phx1", 2, 1)).test(gtid("phx1", 51)))
                .as("skipped, and lost by the failover")
                .isFalse();
        assertThat(deliverable.isVoid(gtid("phx1", 50))).isFalse();
    }
}
