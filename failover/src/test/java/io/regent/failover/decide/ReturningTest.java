package io.regent.failover.decide;

import static io.regent.failover.Looks.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.Looks;
import io.regent.failover.action.Action;
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
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.WriteState;
import io.regent.failover.timing.Moment;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.Duty;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory;
import io.regent.failover.view.OwnServer;
import io.regent.failover.view.Recorded;
import io.regent.failover.view.RegionView;
import io.regent.sql.gtid.GtidSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A former master that comes back with more than history holds, and what others do about it. */
class ReturningTest {
    private final RegionRules rules = new RegionRules(Timing.standard());
    private String region = "phx1";
    private Memory memory = Memory.EMPTY;
    private long millis = 1_000;
    private int tokens;

    private Decision decide(ClusterState cluster, LocalState local) {
        Moment at = new Moment(millis, 500_000 + millis);
        OwnServer own = OwnServer.up(local);
        memory = memory.observing(cluster, own, at);
        RegionView view = new RegionView(region, region + "/1", new Duty(true, false, 7), cluster, own, memory);
        return rules.decide(view, at, "token-" + ++tokens);
    }

    /** Remembers all actions as having come to this. */
    private void remember(Decision decision, Outcome outcome) {
        for (Action action : decision.actions()) {
            memory = action.remember(memory, outcome, new Moment(millis, 500_000 + millis));
        }
    }

    private static List<Class<?>> kinds(Decision decision) {
        return decision.actions().stream().<Class<?>>map(Action::getClass).toList();
    }

    /** phx1 was master to phx1:9; history goes on with 1 to 5 of it under aws1. */
    private static Looks taken() {
        return new Looks("phx1").next("aws1", false, true, set("phx1:1-5"));
    }

    private LocalState reported(Looks looks, LocalState local) {
        Recorded recorded = local.recorded();
        String executed = local.executed().toString();
        looks.report(region, recorded.epoch(), recorded.openedEpoch(), executed, local.state());
        return local;
    }

    @Test
    void whatIsOutsideOfHistoryIsSavedBeforeItIsJudgedAndJudgedBeforeItIsUndone() {
        Looks looks = taken();
        LocalState back = reported(looks, looks.local("phx1", WriteState.STANDBY, "phx1:1-9", 1));
        Decision quiet = decide(looks.cluster(), back);
        assertThat(kinds(quiet)).containsExactly(RaiseGuards.class, StopLinks.class);
        remember(quiet, Outcome.DONE);

        Decision spooling = decide(looks.cluster(), back);
        assertThat(spooling.actions()).containsExactly(new Spool(2, set("phx1:6-9")));
        remember(spooling, Outcome.REFUSED);
        assertThat(kinds(decide(looks.cluster(), back))).as("not saved yet").containsExactly(Spool.class);
        remember(spooling, Outcome.DONE);

        Judge judge = (Judge) decide(looks.cluster(), back).actions().get(0);
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
        LocalState back = reported(looks, looks.local("phx1", WriteState.STANDBY, "phx1:1-9", 1));
        assertThat(decide(looks.cluster(), back).actions()).isEmpty();
    }

    @Test
    void aVerdictIsSettledByTheOwnSetWithLinksOffBeforeAnythingElseIsRecorded() {
        Looks looks = judged(taken().verdict("phx1:6-9"), 1);
        Recorded old = new Recorded(1, "phx1", set(""), 1, 0);
        LocalState back = looks.local("phx1", WriteState.STANDBY, "phx1:1-9", old);
        Decision quiet = decide(looks.cluster(), back);
        assertThat(kinds(quiet)).containsExactly(RaiseGuards.class, StopLinks.class);
        remember(quiet, Outcome.DONE);

        StoreVerdict store =
                (StoreVerdict) decide(looks.cluster(), back).actions().get(0);
        assertThat(store.had()).isEqualTo(set("phx1:6-9"));
        LocalState stored = looks.local("phx1", WriteState.STANDBY, "phx1:1-9", old.withHad(set("phx1:6-9")));
        Settle settle = (Settle) decide(looks.cluster(), stored).actions().get(0);
        assertThat(settle.rewind()).isEqualTo(set("phx1:6-9"));

        Recorded settled = new Recorded(1, "phx1", set(""), 1, 1);
        Decision after = decide(looks.cluster(), looks.local("phx1", WriteState.STANDBY, "phx1:1-9", settled));
        assertThat(kinds(after)).contains(RecordEpoch.class);
    }

    @Test
    void whatMayBuildOnAVerdictIsJudgedBeforeItAndAllIsUndoneInOneGo() {
        Recorded old = new Recorded(1, "phx1", set(""), 1, 0);
        Looks looks = judged(taken().verdict("phx1:6-7"), 1);
        LocalState back = looks.local("phx1", WriteState.STANDBY, "phx1:1-9", old);
        remember(decide(looks.cluster(), back), Outcome.DONE);

        Decision spooling = decide(looks.cluster(), back);
        assertThat(spooling.actions()).containsExactly(new Spool(2, set("phx1:8-9")));
        remember(spooling, Outcome.DONE);
        Judge judge = (Judge) decide(looks.cluster(), back).actions().get(0);
        assertThat(judge.verdict().number()).isEqualTo(2);
        assertThat(judge.verdict().voided()).isEqualTo(set("phx1:8-9"));

        Looks after = judged(looks.verdict("phx1:8-9"), 2);
        LocalState stored = after.local("phx1", WriteState.STANDBY, "phx1:1-9", old.withHad(set("phx1:6-7")));
        Settle settle = (Settle) decide(after.cluster(), stored).actions().get(0);
        assertThat(settle.verdict().number()).isEqualTo(1);
        assertThat(settle.rewind()).isEqualTo(set("phx1:6-9"));
    }

    @Test
    void aRegionThatNeverHadItUndoesNothing() {
        region = "aws2";
        Looks looks = judged(taken().verdict("phx1:6-9"), 1);
        Recorded recorded = new Recorded(2, "aws1", set(""), 0, 0);
        LocalState other = looks.local("aws2", WriteState.STANDBY, "phx1:1-5", recorded);
        remember(decide(looks.cluster(), other), Outcome.DONE);
        StoreVerdict store =
                (StoreVerdict) decide(looks.cluster(), other).actions().get(0);
        assertThat(store.had()).isEqualTo(GtidSet.EMPTY);
        LocalState halfDone = looks.local("aws2", WriteState.STANDBY, "phx1:1-7", recorded.withHad(GtidSet.EMPTY));
        Settle settle = (Settle) decide(looks.cluster(), halfDone).actions().get(0);
        assertThat(settle.rewind()).as("6 and 7 were committed empty").isEqualTo(GtidSet.EMPTY);
    }

    @Test
    void theOpenMasterSettlesTooButUndoesNothingWhileItIsOpen() {
        region = "aws1";
        Looks looks = judged(taken().verdict("phx1:6-9"), 1);
        Recorded recorded = new Recorded(2, "aws1", set("phx1:1-5"), 2, 0);
        memory = memory.withHeld(new Memory.Held("nonce", 2, new Moment(millis, 500_000 + millis)))
                .withAsking(new Memory.Asking("nonce", 2, new Moment(millis, 500_000 + millis), 100));
        LocalState open = looks.local("aws1", WriteState.OPEN, "phx1:1-5,aws1:1", recorded);
        remember(decide(looks.cluster(), open), Outcome.DONE);
        assertThat(kinds(decide(looks.cluster(), open))).containsExactly(StoreVerdict.class);
        Recorded stored = recorded.withHad(GtidSet.EMPTY);
        LocalState begun = looks.local("aws1", WriteState.OPEN, "phx1:1-6,aws1:1", stored);
        assertThat(kinds(decide(looks.cluster(), begun))).containsExactly(Settle.class);
        LocalState wrong = looks.local("aws1", WriteState.OPEN, "phx1:1-6,aws1:1", recorded.withHad(set("phx1:6")));
        assertThat(decide(looks.cluster(), wrong).actions()).isEmpty();
    }

    @Test
    void linksThatRunBringTheRestOfAHandOverBeforeTheEpochIsRecorded() {
        region = "aws1";
        Looks before = new Looks("phx1");
        LocalState standby = reported(before, before.local("aws1", WriteState.STANDBY, "phx1:1-4", 0));
        Decision linking = decide(before.cluster(), standby);
        assertThat(kinds(linking)).contains(RunLinks.class);
        remember(linking, Outcome.DONE);

        Looks looks = new Looks("phx1").next("aws1", true, true, set("phx1:1-5"));
        memory = memory.withAsking(new Memory.Asking("nonce", 2, new Moment(millis, 500_000 + millis), 100));
        Recorded old = new Recorded(1, "phx1", set(""), 0, 0);
        LocalState behind = looks.local("aws1", WriteState.STANDBY, "phx1:1-4", old);
        assertThat(decide(looks.cluster(), behind).actions()).isEmpty();
        LocalState whole = looks.local("aws1", WriteState.STANDBY, "phx1:1-5", old);
        assertThat(kinds(decide(looks.cluster(), whole))).contains(RecordEpoch.class);
        millis += 500;
        memory = memory.withAsking(new Memory.Asking("nonce", 2, new Moment(millis, 500_000 + millis), 100));
        assertThat(kinds(decide(looks.cluster(), behind))).as("not for ever").contains(RecordEpoch.class);
    }

    @Test
    void aRegionThatCannotSettleIsNoCandidateAndGivesUpIfItWasNamed() {
        Looks looks = judged(taken().verdict("phx1:6-9"), 0)
                .report("aws2", 2, 0, "phx1:1-5", WriteState.STANDBY)
                .report("phx1", 2, 1, "phx1:1-9", WriteState.STANDBY);
        looks = judged(looks, 1).report("aws2", 2, 0, "phx1:1-9", WriteState.STANDBY);
        assertThat(Candidates.choose(looks.cluster())).contains("aws2");

        Looks named = judged(taken().verdict("phx1:6-9"), 1).next("phx1", true, true, set("phx1:1-5"));
        Recorded unsettled = new Recorded(2, "aws1", set("phx1:1-5"), 1, 0).withHad(set("phx1:6-9"));
        LocalState back = named.local("phx1", WriteState.STANDBY, "phx1:1-9", unsettled);
        remember(decide(named.cluster(), back), Outcome.DONE);
        assertThat(decide(named.cluster(), back).reason()).contains("stops links");
        millis += 20_000;
        memory = memory.withAsking(new Memory.Asking("nonce", 3, new Moment(millis, 500_000 + millis), 100));
        Decision giving = decide(named.cluster(), back);
        assertThat(((ChangeMaster) giving.actions().get(0)).to().closing()).isEqualTo("back:aws1");
    }

    @Test
    void whatWasSavedAtALostMasterIsSavedAgainAtTheNext() {
        Looks looks = taken();
        LocalState back = reported(looks, looks.local("phx1", WriteState.STANDBY, "phx1:1-9", 1));
        remember(decide(looks.cluster(), back), Outcome.DONE);
        remember(decide(looks.cluster(), back), Outcome.DONE);
        assertThat(kinds(decide(looks.cluster(), back))).containsExactly(Judge.class);
        looks.next("aws2", false, true, set("phx1:1-5"));
        LocalState later = reported(looks, looks.local("phx1", WriteState.STANDBY, "phx1:1-9", 1));
        remember(decide(looks.cluster(), later), Outcome.DONE);
        assertThat(kinds(decide(looks.cluster(), later))).containsExactly(Spool.class);
    }

    private static Looks judged(Looks looks, long number) {
        Master now = looks.master();
        return looks.master(new Master(now.epoch(), now.region(), now.givingUp(), now.cut(), number, "test"));
    }
}
