package io.regent.failover.decide;

import static io.regent.failover.Looks.set;
import static io.regent.failover.decide.Turns.kinds;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.Looks;
import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.RaiseGuards;
import io.regent.failover.action.MysqlAction.RecordEpoch;
import io.regent.failover.action.MysqlAction.Settle;
import io.regent.failover.action.MysqlAction.Spool;
import io.regent.failover.action.MysqlAction.StoreVerdict;
import io.regent.failover.action.Outcome;
import io.regent.failover.action.ProcessAction.RunLinks;
import io.regent.failover.action.ProcessAction.StopLinks;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Judge;
import io.regent.failover.model.Master;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.WriteState;
import io.regent.failover.timing.Moment;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory;
import io.regent.failover.view.Recorded;
import io.regent.sql.gtid.GtidSet;
import org.junit.jupiter.api.Test;

/** A former master that comes back with more than history holds, and what others do about it. */
class ReturningTest {
    private final Turns turns = new Turns("phx1");

    /** phx1 was master to phx1:9; history goes on with 1 to 5 of it under aws1. */
    private static Looks taken() {
        return new Looks("phx1").next("aws1", false, true, set("phx1:1-5"));
    }

    @Test
    void whatIsOutsideOfHistoryIsSavedBeforeItIsJudgedAndJudgedBeforeItIsUndone() {
        Looks looks = taken();
        LocalState back = turns.reported(looks, looks.local("phx1", WriteState.STANDBY, "phx1:1-9", 1));
        Decision quiet = turns.decide(looks.cluster(), back);
        assertThat(kinds(quiet)).containsExactly(RaiseGuards.class, StopLinks.class);
        turns.done(quiet);

        Decision spooling = turns.decide(looks.cluster(), back);
        assertThat(spooling.actions()).containsExactly(new Spool(2, set("phx1:6-9")));
        turns.remember(spooling, Outcome.REFUSED);
        assertThat(kinds(turns.decide(looks.cluster(), back)))
                .as("not saved yet")
                .containsExactly(Spool.class);
        turns.done(spooling);

        Judge judge = (Judge) turns.decide(looks.cluster(), back).actions().get(0);
        assertThat(judge.from()).isEqualTo(looks.cluster().master());
        assertThat(judge.verdict().number()).isEqualTo(1);
        assertThat(judge.verdict().voided()).isEqualTo(set("phx1:6-9"));
        assertThat(judge.verdict().masterVersion())
                .isEqualTo(looks.cluster().master().version());
    }

    @Test
    void anUnansweredVerdictIsReadBack() {
        Looks looks = taken();
        Judge judge = new Judge(looks.cluster().master(), new Verdict(1, set("phx1:6-9"), 0, "spool"), "token");
        assertThat(judge.remember(Memory.EMPTY, Outcome.UNKNOWN, new Moment(0, 0))
                        .unsure())
                .isTrue();
    }

    @Test
    void nothingIsStrandedByAnEpochWithoutACut() {
        Looks looks = new Looks("phx1").next("aws1", false, true, null);
        LocalState back = turns.reported(looks, looks.local("phx1", WriteState.STANDBY, "phx1:1-9", 1));
        assertThat(turns.decide(looks.cluster(), back).actions()).isEmpty();
    }

    @Test
    void aVerdictIsSettledByTheOwnSetWithLinksOffBeforeAnythingElseIsRecorded() {
        Looks looks = judged(taken().verdict("phx1:6-9"), 1);
        Recorded old = new Recorded(1, "phx1", set(""), 1, 0);
        LocalState back = looks.local("phx1", WriteState.STANDBY, "phx1:1-9", old);
        Decision quiet = turns.decide(looks.cluster(), back);
        assertThat(kinds(quiet)).containsExactly(RaiseGuards.class, StopLinks.class);
        turns.done(quiet);

        StoreVerdict store =
                (StoreVerdict) turns.decide(looks.cluster(), back).actions().get(0);
        assertThat(store.had()).isEqualTo(set("phx1:6-9"));
        LocalState stored = looks.local("phx1", WriteState.STANDBY, "phx1:1-9", old.withHad(set("phx1:6-9")));
        Settle settle = (Settle) turns.decide(looks.cluster(), stored).actions().get(0);
        assertThat(settle.rewind()).isEqualTo(set("phx1:6-9"));

        Recorded settled = new Recorded(1, "phx1", set(""), 1, 1);
        Decision after = turns.decide(looks.cluster(), looks.local("phx1", WriteState.STANDBY, "phx1:1-9", settled));
        assertThat(kinds(after)).contains(RecordEpoch.class);
    }

    @Test
    void whatMayBuildOnAVerdictIsJudgedBeforeItAndAllIsUndoneInOneGo() {
        Recorded old = new Recorded(1, "phx1", set(""), 1, 0);
        Looks looks = judged(taken().verdict("phx1:6-7"), 1);
        LocalState back = looks.local("phx1", WriteState.STANDBY, "phx1:1-9", old);
        turns.done(turns.decide(looks.cluster(), back));

        Decision spooling = turns.decide(looks.cluster(), back);
        assertThat(spooling.actions()).containsExactly(new Spool(2, set("phx1:8-9")));
        turns.done(spooling);
        Judge judge = (Judge) turns.decide(looks.cluster(), back).actions().get(0);
        assertThat(judge.verdict().number()).isEqualTo(2);
        assertThat(judge.verdict().voided()).isEqualTo(set("phx1:8-9"));

        Looks after = judged(looks.verdict("phx1:8-9"), 2);
        LocalState stored = after.local("phx1", WriteState.STANDBY, "phx1:1-9", old.withHad(set("phx1:6-7")));
        Settle settle = (Settle) turns.decide(after.cluster(), stored).actions().get(0);
        assertThat(settle.verdict().number()).isEqualTo(1);
        assertThat(settle.rewind()).isEqualTo(set("phx1:6-9"));
    }

    @Test
    void aRegionThatNeverHadItUndoesNothing() {
        turns.of("aws2");
        Looks looks = judged(taken().verdict("phx1:6-9"), 1);
        Recorded recorded = new Recorded(2, "aws1", set("phx1:1-5"), 0, 0);
        LocalState other = looks.local("aws2", WriteState.STANDBY, "phx1:1-5", recorded);
        turns.done(turns.decide(looks.cluster(), other));
        StoreVerdict store =
                (StoreVerdict) turns.decide(looks.cluster(), other).actions().get(0);
        assertThat(store.had()).isEqualTo(GtidSet.EMPTY);
        LocalState halfDone = looks.local("aws2", WriteState.STANDBY, "phx1:1-7", recorded.withHad(GtidSet.EMPTY));
        Settle settle =
                (Settle) turns.decide(looks.cluster(), halfDone).actions().get(0);
        assertThat(settle.rewind()).as("6 and 7 were committed empty").isEqualTo(GtidSet.EMPTY);
    }

    @Test
    void theOpenMasterSettlesTooButUndoesNothingWhileItIsOpen() {
        turns.of("aws1");
        Looks looks = judged(taken().verdict("phx1:6-9"), 1);
        Recorded recorded = new Recorded(2, "aws1", set("phx1:1-5"), 2, 0);
        turns.held(2);
        LocalState open = looks.local("aws1", WriteState.OPEN, "phx1:1-5,aws1:1", recorded);
        turns.done(turns.decide(looks.cluster(), open));
        assertThat(kinds(turns.decide(looks.cluster(), open))).containsExactly(StoreVerdict.class);
        Recorded stored = recorded.withHad(GtidSet.EMPTY);
        LocalState begun = looks.local("aws1", WriteState.OPEN, "phx1:1-6,aws1:1", stored);
        assertThat(kinds(turns.decide(looks.cluster(), begun))).containsExactly(Settle.class);
        LocalState wrong = looks.local("aws1", WriteState.OPEN, "phx1:1-6,aws1:1", recorded.withHad(set("phx1:6")));
        assertThat(turns.decide(looks.cluster(), wrong).actions()).isEmpty();
    }

    @Test
    void linksThatRunBringTheRestOfAHandOverBeforeTheEpochIsRecorded() {
        turns.of("aws1");
        Looks before = new Looks("phx1");
        LocalState standby = turns.reported(before, before.local("aws1", WriteState.STANDBY, "phx1:1-4", 0));
        Decision linking = turns.decide(before.cluster(), standby);
        assertThat(kinds(linking)).contains(RunLinks.class);
        turns.done(linking);

        Looks looks = new Looks("phx1").next("aws1", true, true, set("phx1:1-5"));
        turns.asked(2);
        Recorded old = new Recorded(1, "phx1", set(""), 0, 0);
        LocalState behind = looks.local("aws1", WriteState.STANDBY, "phx1:1-4", old);
        assertThat(turns.decide(looks.cluster(), behind).actions()).isEmpty();
        turns.pass(500);
        turns.asked(2);
        assertThat(kinds(turns.decide(looks.cluster(), behind)))
                .as("not if they bring nothing")
                .contains(RecordEpoch.class);
        turns.asked(2);
        LocalState whole = looks.local("aws1", WriteState.STANDBY, "phx1:1-5", old);
        assertThat(kinds(turns.decide(looks.cluster(), whole))).contains(RecordEpoch.class);
    }

    @Test
    void linksThatStillBringWhatWasHandedOverAreGivenTimeButNotForEver() {
        turns.of("aws1");
        Looks before = new Looks("phx1");
        LocalState standby = turns.reported(before, before.local("aws1", WriteState.STANDBY, "phx1:1-4", 0));
        turns.done(turns.decide(before.cluster(), standby));

        Looks looks = new Looks("phx1").next("aws1", true, true, set("phx1:1-50"));
        Recorded old = new Recorded(1, "phx1", set(""), 0, 0);
        for (int executed = 5; executed < 15; executed++) {
            turns.pass(300);
            turns.asked(2);
            LocalState nearer = looks.local("aws1", WriteState.STANDBY, "phx1:1-" + executed, old);
            assertThat(turns.decide(looks.cluster(), nearer).actions()).isEmpty();
        }
        turns.pass(300);
        turns.asked(2);
        LocalState slow = looks.local("aws1", WriteState.STANDBY, "phx1:1-15", old);
        assertThat(kinds(turns.decide(looks.cluster(), slow))).contains(RecordEpoch.class);
    }

    @Test
    void aRegionThatCannotSettleIsNoCandidateAndGivesUpIfItWasNamed() {
        Looks looks = judged(taken().verdict("phx1:6-9"), 0)
                .report("aws2", 2, 0, "phx1:1-5", WriteState.STANDBY)
                .report("phx1", 2, 1, "phx1:1-9", WriteState.STANDBY);
        looks = judged(looks, 1).report("aws2", 2, 0, "phx1:1-9", WriteState.STANDBY);
        assertThat(Candidates.choose(looks.cluster())).contains("aws2");

        Looks named = judged(taken().verdict("phx1:6-9"), 1)
                .next("phx1", true, true, set("phx1:1-5"))
                .report("aws1", 3, 2, "phx1:1-9", WriteState.STANDBY);
        Recorded unsettled = new Recorded(2, "aws1", set("phx1:1-5"), 1, 0).withHad(set("phx1:6-9"));
        LocalState back = named.local("phx1", WriteState.STANDBY, "phx1:1-9", unsettled);
        turns.done(turns.decide(named.cluster(), back));
        assertThat(turns.decide(named.cluster(), back).reason()).contains("stops links");
        turns.pass(20_000);
        turns.asked(3);
        Decision giving = turns.decide(named.cluster(), back);
        assertThat(((ChangeMaster) giving.actions().get(0)).to().closing()).isEqualTo("back:aws1");
    }

    @Test
    void whatWasSavedAtALostMasterIsSavedAgainAtTheNext() {
        Looks looks = taken();
        LocalState back = turns.reported(looks, looks.local("phx1", WriteState.STANDBY, "phx1:1-9", 1));
        turns.done(turns.decide(looks.cluster(), back));
        turns.done(turns.decide(looks.cluster(), back));
        assertThat(kinds(turns.decide(looks.cluster(), back))).containsExactly(Judge.class);
        looks.next("aws2", false, true, set("phx1:1-5"));
        LocalState later = turns.reported(looks, looks.local("phx1", WriteState.STANDBY, "phx1:1-9", 1));
        turns.done(turns.decide(looks.cluster(), later));
        assertThat(kinds(turns.decide(looks.cluster(), later))).containsExactly(Spool.class);
    }

    private static Looks judged(Looks looks, long number) {
        Master now = looks.master();
        return looks.master(new Master(now.epoch(), now.region(), now.givingUp(), now.cut(), number, "test"));
    }
}
